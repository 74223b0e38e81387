import type * as z from 'zod/v4/core';

/**
 * The shapes of JSON on the wire, as the few kinds of zod schema that they are made of. Checked
 * with {@link problemOf}, which changes nothing: a value that passes is used as it came, with
 * whatever a service adds to it.
 *
 * The kinds are typed as zod's own that take the same values, and zod takes them as it takes its own. Those
 * make a new object or list of each that they check, convert, and know what no shape here has; they are
 * kilobytes that a client which only reads would carry for nothing.
 */
export type Schema<Value = unknown> = z.$ZodType<Value>;

/** The type that passes a schema. */
export type Infer<Of extends Schema> = z.output<Of>;

/** An object whose fields are known. */
export type ObjectSchema = z.$ZodObject;

/** The definition of a kind. */
interface KindDef extends z.$ZodTypeDef {
  /** Gives the problems of a value; none if it is of the kind. */
  readonly problemsOf: (value: unknown) => readonly z.$ZodRawIssue[];
  /** The fields of an object. */
  readonly shape?: z.$ZodShape;
}

/**
 * Makes a schema with what zod and takers of a Standard Schema ask of one. `$ZodType` of zod's core
 * is the same with more: checks that are added to a schema, and checks that wait.
 */
// @__NO_SIDE_EFFECTS__
function kindOf(def: KindDef): z.$ZodType {
  const { problemsOf } = def;
  function parse(payload: z.ParsePayload): z.ParsePayload {
    payload.issues.push(...problemsOf(payload.value));
    return payload;
  }
  const kind: unknown = {
    // Zod knows a schema by its traits.
    _zod: { def, traits: new Set(['$ZodType']), bag: {}, parse, run: parse },
    '~standard': {
      vendor: 'egvkit',
      version: 1,
      validate(value: unknown) {
        const issues = problemsOf(value).map(({ path, message = '' }) => ({ path, message }));
        return issues.length > 0 ? { issues } : { value };
      },
    },
  };
  return kind as z.$ZodType;
}

/** Makes the only problem of a value: it is not what is expected. */
function not(expected: string, input: unknown): readonly z.$ZodRawIssue[] {
  return [{ code: 'custom', input, message: expected }];
}

/** Gives the problems of a value by a schema. None of these kinds waits. */
function problemsBy(schema: z.$ZodType, value: unknown): readonly z.$ZodRawIssue[] {
  return (schema._zod.run({ value, issues: [] }, {}) as z.ParsePayload).issues;
}

/** Gives the problems of a part of a value, each with the place of the part before its own. */
function problemsAt(
  key: PropertyKey,
  schema: z.$ZodType,
  value: unknown,
): readonly z.$ZodRawIssue[] {
  const problems = problemsBy(schema, value);
  if (problems.length === 0) return problems;
  return problems.map(({ path = [], ...issue }) => ({ ...issue, path: [key, ...path] }));
}

/** A text, of a form if one is given, and the name of texts of that form. */
// @__NO_SIDE_EFFECTS__
export function text(form = /^/, meets = 'of the known form'): z.$ZodString {
  return kindOf({
    type: 'string',
    problemsOf(value) {
      if (typeof value !== 'string') return not('a text', value);
      return form.test(value) ? [] : not(meets, value);
    },
  }) as z.$ZodString;
}

/** A text that is not empty. */
export const filled: z.$ZodString = /* @__PURE__ */ text(/./s, 'filled in');

/** `true` or `false`. */
// @__NO_SIDE_EFFECTS__
export function flag(): z.$ZodBoolean {
  return kindOf({
    type: 'boolean',
    problemsOf: (value) => (typeof value === 'boolean' ? [] : not('true or false', value)),
  }) as z.$ZodBoolean;
}

/** A whole number in a range. */
// @__NO_SIDE_EFFECTS__
export function integer(least = -Infinity, most = Infinity): z.$ZodNumber {
  return kindOf({
    type: 'number',
    problemsOf(value) {
      if (typeof value !== 'number') return not('a number', value);
      const isInRange = Number.isSafeInteger(value) && value >= least && value <= most;
      return isInRange ? [] : not('a whole number in range', value);
    },
  }) as z.$ZodNumber;
}

/** A number, or a word in its place. */
// @__NO_SIDE_EFFECTS__
export function numberOrText(): z.$ZodUnion<[z.$ZodNumber, z.$ZodString]> {
  return kindOf({
    type: 'union',
    problemsOf: (value) =>
      typeof value === 'string' || Number.isFinite(value) ? [] : not('a number or a text', value),
  }) as z.$ZodUnion<[z.$ZodNumber, z.$ZodString]>;
}

/** It may be missing. */
// @__NO_SIDE_EFFECTS__
export function optional<Of extends Schema>(innerType: Of): z.$ZodOptional<Of> {
  const kind = kindOf({
    type: 'optional',
    problemsOf: (value) => (value === undefined ? [] : problemsBy(innerType, value)),
  });
  // An object of zod's own asks for these.
  kind._zod.optin = 'optional';
  kind._zod.optout = 'optional';
  return kind as z.$ZodOptional<Of>;
}

/** It may be missing or `null`. */
// @__NO_SIDE_EFFECTS__
export function nullish<Of extends Schema>(innerType: Of): z.$ZodOptional<z.$ZodNullable<Of>> {
  const kind: z.$ZodType = kindOf({
    type: 'nullable',
    problemsOf: (value) => (value === null ? [] : problemsBy(innerType, value)),
  });
  return optional(kind as z.$ZodNullable<Of>);
}

/** Any number of one kind; at least so many, if that is given. */
// @__NO_SIDE_EFFECTS__
export function list<Of extends Schema>(element: Of, least = 0): z.$ZodArray<Of> {
  return kindOf({
    type: 'array',
    problemsOf(value) {
      if (!Array.isArray(value)) return not('a list', value);
      const problems = [...value].flatMap((one, at) => problemsAt(at, element, one));
      return problems.length === 0 && value.length < least ? not('filled in', value) : problems;
    },
  }) as z.$ZodArray<Of>;
}

/** At least one. */
// @__NO_SIDE_EFFECTS__
export function some<Of extends Schema>(element: Of): z.$ZodArray<Of> {
  return list(element, 1);
}

/** Fields that must be there, as the parameters of a call. */
// @__NO_SIDE_EFFECTS__
export function object<Shape extends z.$ZodShape>(shape: Shape): z.$ZodObject<Shape> {
  const kind: z.$ZodType = kindOf({
    type: 'object',
    shape,
    problemsOf(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return not('an object', value);
      }
      const fields = value as Readonly<Record<string, unknown>>;
      return Object.entries(shape).flatMap(([key, field]) => problemsAt(key, field, fields[key]));
    },
  });
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

/**
 * Describes the problem of a value: its place and the expected kind, never the value. Undefined if
 * there is no problem.
 *
 * @param within Place of the value itself.
 */
export function problemOf(schema: Schema, value: unknown, within = ''): string | undefined {
  const [issue] = problemsBy(schema, value);
  if (issue === undefined) return undefined;
  const keys = (issue.path ?? []).map((key) =>
    typeof key === 'number' ? `[${key}]` : `.${String(key)}`,
  );
  const place = (within + keys.join('')).replace(/^\./, '');
  return `${place || 'the whole'} is not ${issue.message}`;
}
