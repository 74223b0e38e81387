import { type DataOf, stays, TableError } from './error.ts';

/** Mistakes of a function's caller. */
export const INPUT_ERRORS = {
  outOfRange: stays<{ what: string; value: unknown; allowed: string }>(
    (data) => `${data.what} is ${String(data.value)}; it must be ${data.allowed}.`,
    'Correct the value that is passed in.',
  ),
} as const;

export type InputErrorCode = keyof typeof INPUT_ERRORS;

/** A value that a caller passed in is not usable. */
export class InputError<Code extends InputErrorCode = InputErrorCode> extends TableError<
  typeof INPUT_ERRORS,
  Code
> {
  override readonly name = 'InputError';

  constructor(code: Code, data: DataOf<typeof INPUT_ERRORS, Code>, options?: { cause?: unknown }) {
    super(INPUT_ERRORS, code, data, options);
  }
}

/** Makes the error of a value that is not allowed. */
export function outOfRange(what: string, value: unknown, allowed: string): InputError {
  return new InputError('outOfRange', { what, value, allowed });
}
