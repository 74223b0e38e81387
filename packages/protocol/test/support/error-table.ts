import { describe, expect, it } from 'vitest';
import type { EgvkitError, ErrorRow } from '../../src/errors/error.ts';

/** A table of errors with one sample of data for each of its rows. */
export interface ErrorTable {
  /** Name of the table's class. */
  readonly name: string;
  readonly rows: Readonly<Record<string, ErrorRow<never>>>;
  readonly samples: Readonly<Record<string, object>>;
  readonly create: (code: never, data: never, options?: { cause?: unknown }) => EgvkitError;
  /** Codes of the errors after which a program may make the same call again by itself. */
  readonly retryable: readonly string[];
  /** Facts for programs that the message leaves out: `key` of any row, or `code.key`. */
  readonly notSaid?: readonly string[];
}

/**
 * Describes the rules of every error: one sentence that names each fact, help, a code, data.
 *
 * @param base the class that every error of egvkit extends, from the copy of the package under test
 */
export function describeErrorTable(
  { name, rows, samples, create, retryable, notSaid = [] }: ErrorTable,
  base: { readonly prototype: EgvkitError },
): void {
  it(`${name} has a sample here for every row`, () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(rows).sort());
  });

  describe.each(Object.entries(samples))(`${name} %s`, (code, data) => {
    const make = (options?: { cause?: unknown }) => create(code as never, data as never, options);

    it('says one sentence that ends in a full stop and names every fact', () => {
      const { message } = make();
      expect(message).toMatch(/^[^\n]+\.$/);
      // A full stop before the end would start a second sentence.
      expect(message.slice(0, -1)).not.toMatch(/[.!?]\s/);
      expect(message).not.toMatch(/undefined|NaN|\[object|\.\.$/);
      for (const [key, facts] of Object.entries(data)) {
        if (notSaid.includes(key) || notSaid.includes(`${code}.${key}`)) continue;
        for (const fact of [facts].flat()) if (fact !== 0) expect(message).toContain(String(fact));
      }
    });

    it('says what to do', () => {
      expect(make().help).toMatch(/^\S.*\.$/s);
    });

    it('carries its code, its data and whether a retry can help', () => {
      const error = make();
      expect(error.code).toBe(code);
      expect(error.data).toBe(data);
      expect(error.retryable).toBe(retryable.includes(code));
    });

    it('is an Error of its own class and keeps its cause', () => {
      const cause = new Error('below');
      const error = make({ cause });
      expect(Object.prototype.isPrototypeOf.call(base.prototype, error)).toBe(true);
      expect(error).toBeInstanceOf(Error);
      expect(error.name).toBe(name);
      expect(error.cause).toBe(cause);
      expect('cause' in make()).toBe(false);
    });
  });
}
