import { type DataOf, row, TableError } from './error.ts';

/** Records of a caller that cannot be put into a page. */
export const PAGE_ERRORS = {
  unknownLayout: row<{ recordType: number; revision: number }>({
    message: (data) =>
      `No layout is known for records of type ${data.recordType}, revision ${data.revision}.`,
    help: 'Use the bytes as they are; layouts are not guessed.',
    retryable: false,
  }),
  tooManyRecords: row<{ recordType: number; count: number; fit: number }>({
    message: (data) =>
      `A page of record type ${data.recordType} holds ${data.fit} records; ${data.count} were given.`,
    help: 'Spread the records over more pages.',
    retryable: false,
  }),
} as const;

export type PageErrorCode = keyof typeof PAGE_ERRORS;

/** Records of a caller cannot be put into a page. */
export class PageError<Code extends PageErrorCode = PageErrorCode> extends TableError<
  typeof PAGE_ERRORS,
  Code
> {
  override readonly name = 'PageError';

  constructor(code: Code, data: DataOf<typeof PAGE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(PAGE_ERRORS, code, data, options);
  }
}
