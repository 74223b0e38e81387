import { type DataOf, EgvkitError, row } from './error.ts';

/** What the caller of a function did wrong. */
export const INPUT_ERRORS = {
  outOfRange: row<{ what: string; value: unknown; allowed: string }>({
    message: ({ what, value, allowed }) => `${what} is ${String(value)}; it must be ${allowed}.`,
    help: 'Correct the value that is passed in.',
    retryable: false,
  }),
  tooShort: row<{ what: string; length: number; needed: number }>({
    message: ({ what, length, needed }) =>
      `${what} needs ${needed} bytes, and ${length} are there.`,
    help: 'Pass the whole structure.',
    retryable: false,
  }),
  unknownLayout: row<{ recordType: number; revision: number }>({
    message: ({ recordType, revision }) =>
      `No layout is known for records of type ${recordType}, revision ${revision}.`,
    help: 'Use the bytes as they are; layouts are not guessed.',
    retryable: false,
  }),
  tooManyRecords: row<{ recordType: number; count: number; fit: number }>({
    message: ({ recordType, count, fit }) =>
      `A page of record type ${recordType} holds ${fit} records; ${count} were given.`,
    help: 'Spread the records over more pages.',
    retryable: false,
  }),
} as const;

export type InputErrorCode = keyof typeof INPUT_ERRORS;

/** A value that a caller passed in is not usable. */
export class InputError<Code extends InputErrorCode = InputErrorCode> extends EgvkitError {
  override readonly name = 'InputError';
  override readonly code: Code;
  override readonly data: DataOf<typeof INPUT_ERRORS, Code>;

  constructor(code: Code, data: DataOf<typeof INPUT_ERRORS, Code>, options?: { cause?: unknown }) {
    super(INPUT_ERRORS[code], data, options);
    this.code = code;
    this.data = data;
  }
}
