import * as z from 'zod/v4/core';

/**
 * The shapes of JSON on the wire, as the few kinds of zod schema that they are made of. Checked
 * with {@link problemOf}, which changes nothing: a value that passes is used as it came, with
 * whatever a service adds to it.
 *
 * The kinds are those of zod's core, which zod/mini wraps: its methods and its checks are more
 * than a kilobyte that a client which only reads would carry for nothing.
 */
export type Schema<Value = unknown> = z.$ZodType<Value>;

/** The type that passes a schema. */
export type Infer<Of extends Schema> = z.output<Of>;

/** An object whose fields are known. */
export type ObjectSchema = z.$ZodObject;

/** Error of a value that is not of a kind. */
const not = (expected: string) => ({ error: () => expected });

/** Condition beyond the type, and the name of values that meet it. */
function such<Value>(expected: string, holds: (value: Value) => boolean): z.$ZodCheck<Value>[] {
  const check = ({ value, issues }: z.ParsePayload<Value>): void => {
    if (!holds(value)) issues.push({ code: 'custom', input: value, message: expected });
  };
  return [{ _zod: { check, def: { check: 'custom' }, onattach: [] } }];
}

/** A text, of a form if one is given, and the name of texts of that form. */
// @__NO_SIDE_EFFECTS__
export function text(form = /^/, meets = 'of the known form'): z.$ZodString {
  const checks = such<string>(meets, (it) => form.test(it));
  return new z.$ZodString({ type: 'string', checks, ...not('a text') });
}

/** A text that is not empty. */
export const filled: z.$ZodString = /* @__PURE__ */ text(/./s, 'filled in');

/** `true` or `false`. */
// @__NO_SIDE_EFFECTS__
export function flag(): z.$ZodBoolean {
  return new z.$ZodBoolean({ type: 'boolean', ...not('true or false') });
}

/** A whole number in a range: zod's own kind of numbers converts as well, and weighs more. */
// @__NO_SIDE_EFFECTS__
export function integer(least = -Infinity, most = Infinity): z.$ZodNumber {
  const inRange = (it: number) => Number.isSafeInteger(it) && it >= least && it <= most;
  const isNumber = (it: unknown) => typeof it === 'number';
  const checks = [...such('a number', isNumber), ...such('a whole number in range', inRange)];
  return new z.$ZodUnknown({ type: 'unknown', checks }) as z.$ZodType as z.$ZodNumber;
}

/** A number, or a word in its place. */
// @__NO_SIDE_EFFECTS__
export function numberOrText(): z.$ZodUnion<[z.$ZodNumber, z.$ZodString]> {
  const options = [new z.$ZodNumber({ type: 'number' }), text()];
  const union = new z.$ZodUnion({ type: 'union', options, ...not('a number or a text') });
  return union as unknown as z.$ZodUnion<[z.$ZodNumber, z.$ZodString]>;
}

/** It may be missing. */
// @__NO_SIDE_EFFECTS__
export function optional<Of extends Schema>(innerType: Of): z.$ZodOptional<Of> {
  return new z.$ZodOptional({ type: 'optional', innerType }) as z.$ZodOptional<Of>;
}

/** It may be missing or `null`. */
// @__NO_SIDE_EFFECTS__
export function nullish<Of extends Schema>(innerType: Of): z.$ZodOptional<z.$ZodNullable<Of>> {
  return optional(new z.$ZodNullable({ type: 'nullable', innerType }) as z.$ZodNullable<Of>);
}

/** Any number of one kind. */
// @__NO_SIDE_EFFECTS__
export function list<Of extends Schema>(element: Of): z.$ZodArray<Of> {
  return new z.$ZodArray({ type: 'array', element, ...not('a list') }) as z.$ZodArray<Of>;
}

/** At least one. */
// @__NO_SIDE_EFFECTS__
export function some<Of extends Schema>(element: Of): z.$ZodArray<Of> {
  const checks = such('filled in', (it: unknown[]) => it.length > 0);
  return new z.$ZodArray({ type: 'array', element, checks, ...not('a list') }) as z.$ZodArray<Of>;
}

/** The definition of an {@link ObjectSchema}. */
interface Fields extends z.$ZodTypeDef {
  readonly shape: z.$ZodShape;
}

/**
 * An object as a kind of its own, made with zod's constructor of kinds: zod's own makes a new object
 * of each that it checks, knows fields that no shape here has, and weighs almost a kilobyte.
 */
const FieldsSchema: z.$constructor<z.$ZodType, Fields> = /* @__PURE__ */ z.$constructor(
  'Fields',
  (inst, def) => {
    const init: (inst: z.$ZodType, def: z.$ZodTypeDef) => void = z.$ZodType.init;
    init(inst, def);
    inst._zod.parse = (payload, context) => {
      const given = payload.value;
      if (typeof given !== 'object' || given === null || Array.isArray(given)) {
        payload.issues.push({ code: 'custom', input: given, message: 'an object' });
        return payload;
      }
      for (const [key, field] of Object.entries(def.shape)) {
        const value = (given as Record<string, unknown>)[key];
        const { issues } = field._zod.run({ value, issues: [] }, context) as z.ParsePayload;
        for (const { path = [], ...issue } of issues) {
          payload.issues.push({ ...issue, path: [key, ...path] } as z.$ZodRawIssue);
        }
      }
      return payload;
    };
  },
);

/** Fields that must be there, as the parameters of a call. */
// @__NO_SIDE_EFFECTS__
export function object<Shape extends z.$ZodShape>(shape: Shape): z.$ZodObject<Shape> {
  const kind: z.$ZodType = new FieldsSchema({ type: 'object', shape });
  return kind as z.$ZodObject<Shape>;
}

/** The same for objects that a service may add to. Checking does not tell them apart; types do. */
// @__NO_SIDE_EFFECTS__
export function open<Shape extends z.$ZodShape>(shape: Shape): z.$ZodObject<Shape, z.$loose> {
  return object(shape) as z.$ZodObject<Shape, z.$loose>;
}

/** Gives an object's fields by name; those of anything else are none. */
export function fieldsOf(schema: Schema | undefined): z.$ZodShape {
  return (schema as ObjectSchema | undefined)?._zod.def.shape ?? {};
}

type Checked = Awaited<ReturnType<Schema['~standard']['validate']>>;

/**
 * Describes the problem of a value: its place and the expected kind, never the value. Undefined if
 * there is no problem.
 *
 * @param within Place of the value itself.
 */
export function problemOf(schema: Schema, value: unknown, within = ''): string | undefined {
  // None of these kinds waits.
  const { issues } = schema['~standard'].validate(value) as Checked;
  const issue = issues?.[0];
  if (issue === undefined) return undefined;
  const keys = (issue.path ?? []).map((key) =>
    typeof key === 'number' ? `[${key}]` : `.${String(key)}`,
  );
  const place = (within + keys.join('')).replace(/^\./, '');
  return `${place || 'the whole'} is not ${issue.message}`;
}
