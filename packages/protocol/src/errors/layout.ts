import { type DataOf, row, TableError } from './error.ts';

/** Bytes and records of a caller that do not fit a receiver's layouts. */
export const LAYOUT_ERRORS = {
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

export type LayoutErrorCode = keyof typeof LAYOUT_ERRORS;

/** Bytes or records of a caller do not fit a layout of the receiver. */
export class LayoutError<Code extends LayoutErrorCode = LayoutErrorCode> extends TableError<
  typeof LAYOUT_ERRORS,
  Code
> {
  override readonly name = 'LayoutError';

  constructor(code: Code, data: DataOf<typeof LAYOUT_ERRORS, Code>, options?: { cause?: unknown }) {
    super(LAYOUT_ERRORS, code, data, options);
  }
}
