import { outOfRange } from '@egvkit/protocol';
import { MAX_PAGES_PER_REQUEST, NO_PAGE } from '@egvkit/protocol/receiver/wire';

/** State of a record type when it was last read. */
export interface RememberedPage {
  /** The last page that was read. */
  readonly page: number;
  /** Records on that page then. */
  readonly recordCount: number;
}

export interface PagePlanInput {
  /** Pages that the receiver names now; both {@link NO_PAGE} if it holds nothing. */
  readonly range: { readonly first: number; readonly last: number };
  readonly remembered?: RememberedPage | undefined;
  /** Records on the remembered page now, once its header was asked for. */
  readonly headerCount?: number | undefined;
  /** 1 … 4; four is proven on a G4 only. */
  readonly pagesPerRequest: number; // receiver §3.3
}

/** Next requests, so that only new pages are read. */
export interface PagePlan {
  /** The page whose header tells whether it has grown; null if that need not be asked. */
  readonly headerPage: number | null;
  /** The requests for pages, ascending; null while the answer to `headerPage` is missing. */
  readonly requests: readonly { readonly firstPage: number; readonly pageCount: number }[] | null;
}

const NOTHING: PagePlan = { headerPage: null, requests: [] };

/**
 * The resume rule of the captured software: where the remembered page is
 * still there, its header tells whether it has grown; it is read again in full with everything
 * behind it. Else everything is read. A remembered page beyond the last one belongs to another
 * database, and everything is read.
 *
 * @throws InputError `outOfRange` for a range that is none or a number of pages that is not 1 … 4
 */
export function planPages(input: PagePlanInput): PagePlan {
  // receiver §12.5; the capture has no page beyond the last one, so that rule is our choice.
  const { range, remembered, headerCount, pagesPerRequest } = input;
  checkPagesPerRequest(pagesPerRequest);
  const { first, last } = range;
  if (first === NO_PAGE || last === NO_PAGE) return NOTHING;
  if (first > last) {
    throw outOfRange('page range', `${first} to ${last}`, 'first to last');
  }
  if (remembered === undefined || remembered.page < first || remembered.page > last) {
    return { headerPage: null, requests: requestsFor(first, last, pagesPerRequest) };
  }
  const headerPage = remembered.page;
  if (headerCount === undefined) return { headerPage, requests: null };
  if (headerCount === remembered.recordCount && last === headerPage) {
    return { headerPage, requests: [] };
  }
  return { headerPage, requests: requestsFor(headerPage, last, pagesPerRequest) };
}

function requestsFor(first: number, last: number, most: number): PagePlan['requests'] {
  return Array.from({ length: Math.ceil((last - first + 1) / most) }, (_, i) => {
    const firstPage = first + i * most;
    return { firstPage, pageCount: Math.min(most, last - firstPage + 1) };
  });
}

function checkPagesPerRequest(value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > MAX_PAGES_PER_REQUEST) {
    throw outOfRange('pages per request', value, `1 to ${MAX_PAGES_PER_REQUEST}`);
  }
}
