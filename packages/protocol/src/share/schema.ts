import * as z from 'zod/mini';

/**
 * The shapes of JSON on the wire, as the few kinds of zod schema that they are made of. Checked
 * with {@link problemOf}, which changes nothing: a value that passes is used as it came, with
 * whatever a service adds to it.
 */
export type Schema<Value = unknown> = z.ZodMiniType<Value>;

/** The type that passes a schema. */
export type Infer<Of extends Schema> = z.output<Of>;

/** An object whose fields are known. */
export type ObjectSchema = z.ZodMiniObject;

/** A text, of a form if one is given. */
export function text(form?: RegExp): z.ZodMiniString<string> {
  return form === undefined ? z.string() : z.string().check(z.regex(form));
}

/** A text that is not empty. */
export const filled: z.ZodMiniString<string> = /* @__PURE__ */ z
  .string()
  .check(/* @__PURE__ */ z.minLength(1));

/** `true` or `false`. */
export const flag: z.ZodMiniBoolean<boolean> = /* @__PURE__ */ z.boolean();

/** Anything, or nothing. */
export const anything: z.ZodMiniUnknown = /* @__PURE__ */ z.unknown();

/** A number, or a word in its place. */
export const numberOrText: z.ZodMiniUnion<[z.ZodMiniNumber<number>, z.ZodMiniString<string>]> =
  /* @__PURE__ */ z.union([/* @__PURE__ */ z.number(), /* @__PURE__ */ z.string()]);

/** A whole number in a range. */
export function integer(
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): z.ZodMiniNumberFormat {
  return z.int().check(z.gte(least), z.lte(most));
}

/** It may be missing. */
export const optional: typeof z.optional = z.optional;

/** It may be missing or `null`. */
export const nullish: typeof z.nullish = z.nullish;

/** So many of one kind. */
export function list<Item extends Schema>(item: Item, least = 0): z.ZodMiniArray<Item> {
  return z.array(item).check(z.minLength(least));
}

/** Fields that must be there, as the parameters of a call. */
export const object: typeof z.object = z.object;

/** The same for what a service may add to. */
export const open: typeof z.looseObject = z.looseObject;

/** What is wrong with a value, if anything: where, and what was expected; never the value. */
export function problemOf(schema: Schema, value: unknown): string | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  const place = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  const expected = 'expected' in issue ? issue.expected : issue.code.replaceAll('_', ' ');
  return `${place || 'the whole'} is not as expected (${expected})`;
}
