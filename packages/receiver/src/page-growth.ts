import { readHeader } from './page-header.ts';
import { type PageRun, unlessAborted } from './page-run.ts';
import type { NumberedPage } from './pages.ts';
import { unlessRefused } from './refusal.ts';

/** More rounds of growth than a receiver can have while it is read: it stores every five minutes. */
const MOST_ROUNDS = 4;

/** Pages that come oldest first, and what is stored while they are read. */
export async function* withGrowth(
  pages: AsyncIterable<NumberedPage> | Iterable<NumberedPage>,
  run: PageRun,
): AsyncGenerator<NumberedPage, void, void> {
  let last: NumberedPage | undefined;
  for await (const page of pages) {
    last = page;
    yield page;
  }
  if (last !== undefined) yield* growth(last, run);
}

/**
 * Reads the pages that were stored meanwhile: the page that was the newest, again, if it has
 * grown, and those that have come after it.
 */
async function* growth(
  newest: NumberedPage,
  run: PageRun,
): AsyncGenerator<NumberedPage, void, void> {
  const { reader, recordType, signal, meter } = run;
  let page = newest;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const last = await grownTo(page, run);
    if (last === undefined) return;
    meter.expectMore(last - page.pageNumber + 1);
    for (let at = page.pageNumber; at <= last; ) {
      const count = Math.min(reader.pagesPerRequest, last - at + 1);
      const pages = await reader.read(recordType, at, count, signal);
      meter.add(pages);
      at += count;
      yield* unlessAborted(pages, signal);
      page = pages.at(-1) ?? page;
    }
  }
}

/** The newest page, if that is another by now or holds more than it did. */
async function grownTo(
  { pageNumber, header, problems }: NumberedPage,
  { reader, recordType, signal }: PageRun,
): Promise<number | undefined> {
  const range = await reader.range(recordType, signal);
  if (range === undefined || range.last < pageNumber || range.first > pageNumber) return undefined;
  if (range.last > pageNumber) return range.last;
  if (problems.some(({ kind }) => kind === 'headerCrc')) return undefined;
  const now = await unlessRefused(readHeader(reader, recordType, pageNumber, signal));
  return now !== undefined && now.recordCount > header.recordCount ? pageNumber : undefined;
}
