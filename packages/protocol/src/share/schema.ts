/**
 * The shapes of JSON on the wire: checks with a type. Nothing is changed or left out by a check,
 * so a value that passes is used as it came, with whatever a service adds to it.
 *
 * Ours, because the smallest schema library takes half of what a whole client may weigh in a
 * browser, and compiles checks with `eval`, which pages and workers forbid.
 */
export interface Schema<Value> {
  /**
   * What is wrong with a value, if anything: where, and what was expected; never the value.
   *
   * @param at Where the value stands, as `Egvs[0].Value`; nothing for the whole.
   */
  readonly problem: (value: unknown, at?: string) => string | undefined;
  /** Never there: says which type passes. */
  readonly type?: Value;
}

/** The type that passes a schema. */
export type Infer<Of> = Of extends Schema<infer Value> ? Value : never;

/** Fields by name. */
export type Shape = Readonly<Record<string, Schema<unknown>>>;

type OptionalKey<Of extends Shape> = {
  [Key in keyof Of]: undefined extends Infer<Of[Key]> ? Key : never;
}[keyof Of];

type Fields<Of extends Shape> = { [Key in Exclude<keyof Of, OptionalKey<Of>>]: Infer<Of[Key]> } & {
  [Key in OptionalKey<Of>]?: Infer<Of[Key]>;
};

/** An object whose fields are known. */
export interface ObjectSchema<Of extends Shape = Shape, Value = unknown> extends Schema<Value> {
  readonly shape: Of;
}

const wrong = (at: string, expected: string): string =>
  `${at || 'the whole'} is not as expected (${expected})`;

function check<Value>(expected: string, passes: (value: unknown) => boolean): Schema<Value> {
  return {
    problem: (value, at = '') => (passes(value) ? undefined : wrong(at, expected)),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** A text, of a form if one is given. */
export function text(form?: RegExp): Schema<string> {
  return {
    problem(value, at = '') {
      if (!isText(value)) return wrong(at, 'string');
      return form === undefined || form.test(value) ? undefined : wrong(at, 'invalid format');
    },
  };
}

/** A text that is not empty. */
export const filled: Schema<string> = check('too small', (value) => isText(value) && value !== '');

/** `true` or `false`. */
export const flag: Schema<boolean> = check('boolean', (value) => typeof value === 'boolean');

/** Anything, or nothing. */
export const anything: Schema<unknown> = check('', () => true);

/** A number, or a word in its place. */
export const numberOrText: Schema<number | string> = check(
  'number or string',
  (value) => typeof value === 'number' || isText(value),
);

/** A whole number in a range. */
export function integer(
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): Schema<number> {
  return check(
    'int',
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  );
}

/** It may be missing. */
export function optional<Value>(schema: Schema<Value>): Schema<Value | undefined> {
  return {
    problem: (value, at) => (value === undefined ? undefined : schema.problem(value, at)),
  };
}

/** It may be missing or `null`. */
export function nullish<Value>(schema: Schema<Value>): Schema<Value | null | undefined> {
  return {
    problem: (value, at) => (value === null ? undefined : optional(schema).problem(value, at)),
  };
}

/** So many of one kind. */
export function list<Value>(schema: Schema<Value>, least = 0): Schema<Value[]> {
  return {
    problem(value, at = '') {
      if (!Array.isArray(value)) return wrong(at, 'array');
      if (value.length < least) return wrong(at, 'too small');
      for (const [index, item] of value.entries()) {
        const problem = schema.problem(item, `${at}[${index}]`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

/** Fields that must be there, as the parameters of a call. */
export function object<const Of extends Shape>(shape: Of): ObjectSchema<Of, Fields<Of>> {
  const fields = Object.entries(shape);
  return {
    shape,
    problem(value, at = '') {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return wrong(at, 'object');
      }
      for (const [name, schema] of fields) {
        const place = at === '' ? name : `${at}.${name}`;
        const problem = schema.problem((value as Record<string, unknown>)[name], place);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

/** The same for what a service may add to. */
export function open<const Of extends Shape>(
  shape: Of,
): ObjectSchema<Of, Fields<Of> & { [name: string]: unknown }> {
  return object(shape) as ObjectSchema<Of, Fields<Of> & { [name: string]: unknown }>;
}
