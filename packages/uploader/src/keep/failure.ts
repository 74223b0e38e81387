import { EgvkitError } from '@egvkit/protocol';

/** A failure as a status tells it: the last one of a source or of a destination. */
export interface Failure {
  /** Code of the error's row; `unexpected` for an error that is in no table. */
  readonly code: string;
  readonly message: string;
  /** A step that helps. */
  readonly help: string;
  /** By this computer's clock, Unix ms. */
  readonly atMs: number;
  /** True if waiting alone does not help: a person has to act. */
  readonly needsPerson: boolean;
}

/** Errors that can pass by themselves, and yet a person has to act. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(['hostClockWrong']);

/** Makes a failure of anything that was thrown. */
export function failureOf(error: unknown, atMs: number): Failure {
  if (error instanceof EgvkitError) {
    const { code, message, help, retryable } = error;
    return { code, message, help, atMs, needsPerson: !retryable || FOR_A_PERSON.has(code) };
  }
  return {
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    help: 'It is tried again by itself. If it stays, it is a fault of this program: report it.',
    atMs,
    needsPerson: false,
  };
}
