import { InputError } from '@egvkit/protocol';
import type { PageHeader } from '@egvkit/protocol/receiver';
import type { PageRange, ReadPage } from './pages.ts';

/**
 * How far the records of one type have been read: the last page, and how many records it had.
 * Plain numbers, to be kept as JSON for the receiver and the type they belong to.
 */
export interface Bookmark {
  readonly page: number;
  readonly recordCount: number;
}

/** Throws InputError `outOfRange` for what is no bookmark; it may come from a file. */
export function checkBookmark({ page, recordCount }: Bookmark): void {
  for (const [what, value] of [
    ['page of the bookmark', page],
    ['recordCount of the bookmark', recordCount],
  ] as const) {
    if (Number.isInteger(value) && value >= 0) continue;
    throw new InputError('outOfRange', { what, value, allowed: 'a whole number from 0' });
  }
}

/** Where to go on after a page. One that is damaged will be read again. */
export function bookmarkAfter({ pageNumber, header, problems }: ReadPage): Bookmark {
  const broken = problems.some(({ kind }) => kind === 'headerCrc');
  return { page: pageNumber, recordCount: broken ? 0 : header.recordCount };
}

/** The page whose header tells whether it has grown; undefined if everything is to be read (§12.5). */
export function pageToCheck(
  bookmark: Bookmark | undefined,
  { first, last }: PageRange,
): number | undefined {
  if (bookmark === undefined || bookmark.page < first) return undefined;
  // Page numbers only go up: this bookmark is of other contents. Never ask outside the range.
  if (bookmark.page > last) return undefined;
  return bookmark.page;
}

/** What to read, and which of it has been read before. */
export interface ResumePlan extends PageRange {
  /** Given if the first of these pages is the remembered one. */
  readonly known?: Bookmark;
}

/**
 * The pages to read by the captured rule (§12.5): none if the remembered page has not grown and
 * is still the newest, else from that page on. All if it holds fewer records than it did, since
 * it is not the page that is remembered.
 *
 * @param header of the page that {@link pageToCheck} named; undefined if it was not told
 */
export function planResume(
  bookmark: Bookmark | undefined,
  range: PageRange,
  header: Pick<PageHeader, 'recordCount'> | undefined,
): ResumePlan | undefined {
  const page = pageToCheck(bookmark, range);
  if (bookmark === undefined || page === undefined) return range;
  if (header !== undefined) {
    if (header.recordCount < bookmark.recordCount) return range;
    if (header.recordCount === bookmark.recordCount && page === range.last) return undefined;
  }
  return { first: page, last: range.last, known: bookmark };
}
