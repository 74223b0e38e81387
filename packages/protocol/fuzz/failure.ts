import { EgvkitError } from '../src/errors/error.ts';

/** Something that must never happen has happened. */
class Violation extends Error {
  override readonly name = 'Violation';
}

export function fail(what: string): never {
  throw new Violation(what);
}

/** Runs `work`; gives undefined if it throws an error of egvkit. Anything else it throws is passed on. */
export function typedOnly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EgvkitError) return undefined;
    throw error;
  }
}
