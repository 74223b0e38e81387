import { type DataOf, stays, TableError } from './error.ts';

/** Records of a caller that cannot be put into a page. */
export const PAGE_ERRORS = {
  unknownLayout: stays<{ recordType: number; revision: number }>(
    (data) =>
      `No layout is known for records of type ${data.recordType}, revision ${data.revision}.`,
    'Use the bytes as they are; layouts are not guessed.',
  ),
  tooManyRecords: stays<{ recordType: number; count: number; fit: number }>(
    (data) =>
      `A page of record type ${data.recordType} holds ${data.fit} records; ${data.count} were given.`,
    'Spread the records over more pages.',
  ),
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
