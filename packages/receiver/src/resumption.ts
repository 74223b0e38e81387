import { outOfRange } from '@egvkit/protocol';
import { readHeader } from './page-header.ts';
import { planPages, type RememberedPage } from './page-plan.ts';
import type { NumberedPage, PageRange, PageReader } from './pages.ts';
import { unlessRefused } from './refusal.ts';

/**
 * Position up to which the records of one type have been read: the last page, and its number of records.
 * Plain numbers, to be kept as JSON for the receiver and the type they belong to.
 */
export type Bookmark = RememberedPage;

/** Throws InputError `outOfRange` for a value that is not a bookmark; it may come from a file. */
export function checkBookmark({ page, recordCount }: Bookmark): void {
  for (const [what, value] of [
    ['page of the bookmark', page],
    ['recordCount of the bookmark', recordCount],
  ] as const) {
    if (Number.isInteger(value) && value >= 0) continue;
    throw outOfRange(what, value, 'a whole number from 0');
  }
}

/** Makes the bookmark after a page. A page whose header is damaged will be read again. */
export function bookmarkAfter({ pageNumber, header, problems }: NumberedPage): Bookmark {
  const broken = problems.some(({ kind }) => kind === 'headerCrc');
  return { page: pageNumber, recordCount: broken ? 0 : header.recordCount };
}

/** Pages to read, and the one that has been read before. */
export interface Resumption extends PageRange {
  /** Given if the first of these pages is the remembered one. */
  readonly known?: Bookmark;
}

/** Finds the new pages since a bookmark, by the captured rule; undefined if there are none. */
export async function resume(
  reader: PageReader,
  recordType: number,
  range: PageRange,
  bookmark: Bookmark | undefined,
  signal: AbortSignal | undefined,
): Promise<Resumption | undefined> {
  const input = { range, remembered: bookmark, pagesPerRequest: reader.pagesPerRequest };
  const { headerPage } = planPages(input);
  if (headerPage === null || bookmark === undefined) return range;
  const header = await unlessRefused(readHeader(reader, recordType, headerPage, signal));
  const { last } = range;
  if (header === undefined) return { first: headerPage, last, known: bookmark };
  // A page never shrinks: this is not the one that is remembered.
  if (header.recordCount < bookmark.recordCount) return range;
  const { requests } = planPages({ ...input, headerCount: header.recordCount });
  const first = requests?.[0]?.firstPage;
  return first === undefined ? undefined : { first, last, known: bookmark };
}
