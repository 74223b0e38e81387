/**
 * The part of vitest that the suites of `@egvkit/contracts` use, for a page: vitest itself needs
 * Node.
 */

interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

/** Outcome of a test case. */
export interface Outcome {
  readonly name: string;
  /** Text of the failure; undefined if there is none. */
  readonly failure: string | undefined;
}

const cases: Case[] = [];
let finishers: (() => unknown)[] = [];
let names: readonly string[] = [];

export function describe(name: string, body: () => void): void {
  const outer = names;
  names = [...outer, name];
  body();
  names = outer;
}

export function it(name: string, run: () => unknown): void {
  cases.push({ name: [...names, name].join(' > '), run });
}

export function onTestFinished(finish: () => unknown): void {
  finishers.push(finish);
}

/** Runs every case that has been described since the last call, one after the other. */
export async function runCases(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, run } of cases.splice(0)) {
    let failure: string | undefined;
    finishers = [];
    try {
      await run();
    } catch (error) {
      failure = String(error);
    }
    for (const finish of finishers.reverse()) await finish();
    outcomes.push({ name, failure });
  }
  return outcomes;
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes [${value.slice(0, 40)}]`;
  return value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const keysOf = (value: Record<string, unknown>) =>
  Object.keys(value).filter((key) => value[key] !== undefined);

/** True if two values are equal in every part. An undefined property counts as absent. */
export function areEqual(actual: unknown, expected: unknown): boolean {
  if (!isObject(actual) || !isObject(expected)) return Object.is(actual, expected);
  const keys = keysOf(expected);
  return (
    ArrayBuffer.isView(actual) === ArrayBuffer.isView(expected) &&
    Array.isArray(actual) === Array.isArray(expected) &&
    keysOf(actual).length === keys.length &&
    keys.every((key) => areEqual(actual[key], expected[key]))
  );
}

/** True if a value has every expected part. */
function matches(actual: unknown, expected: unknown): boolean {
  if (!isObject(actual) || !isObject(expected)) return Object.is(actual, expected);
  return Object.keys(expected).every((key) => matches(actual[key], expected[key]));
}

function check(isTrue: boolean, actual: unknown, what: string, expected: unknown): void {
  if (!isTrue) throw new Error(`${show(actual)} should ${what} ${show(expected)}`);
}

const matchersOf = (actual: unknown) => ({
  toBe: (expected: unknown) => check(Object.is(actual, expected), actual, 'be', expected),
  toEqual: (expected: unknown) => check(areEqual(actual, expected), actual, 'equal', expected),
  toMatchObject: (expected: object) => check(matches(actual, expected), actual, 'match', expected),
  toHaveLength: (length: number) =>
    check((actual as ArrayLike<unknown>).length === length, actual, 'have the length', length),
  toBeGreaterThan: (least: number) =>
    check((actual as number) > least, actual, 'be greater than', least),
  toBeLessThan: (most: number) => check((actual as number) < most, actual, 'be less than', most),
});

type Matchers = ReturnType<typeof matchersOf>;
type Later = { [Name in keyof Matchers]: (...args: Parameters<Matchers[Name]>) => Promise<void> };

export function expect(actual: unknown): Matchers & { readonly rejects: Later } {
  const reason = async () => {
    let value: unknown;
    try {
      value = await actual;
    } catch (error) {
      return error;
    }
    throw new Error(`it should fail, and gave ${show(value)}`);
  };
  const rejects = Object.fromEntries(
    Object.keys(matchersOf(undefined)).map((name) => {
      const later = async (expected: never) => {
        matchersOf(await reason())[name as keyof Matchers](expected);
      };
      return [name, later];
    }),
  );
  return { ...matchersOf(actual), rejects: rejects as Later };
}
