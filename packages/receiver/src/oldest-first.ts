import { RecordTaker } from './damage.ts';
import type { DatabaseReader, WindowOptions } from './database-reader.ts';
import { withGrowth } from './page-growth.ts';
import type { NumberedPage, PageRange } from './pages.ts';
import { type RecordName, type RecordOf, recordTypeOf } from './records.ts';
import { type AnyRecord, isBefore, type Limits, systemSecondsOf } from './selection.ts';

/** Reads the records of one type, oldest first, and then what comes to them meanwhile. */
export async function* readOldestFirst<Type extends RecordName | number>(
  database: DatabaseReader,
  type: Type,
  options: WindowOptions,
): AsyncGenerator<RecordOf<Type>, void, void> {
  const recordType = recordTypeOf(type);
  const limits = await database.limits(options);
  const range = await database.reader.range(recordType, options.signal);
  if (range === undefined) return;
  const taker = new RecordTaker(recordType, typeof type === 'number', options.onDamage);
  const pages = wantedPages(database, recordType, range, limits, options);
  // The page's record type, checked against the request, decides what its records are.
  yield* oldestFirst(pages, taker, limits) as AsyncGenerator<RecordOf<Type>, void, void>;
}

/** The pages that hold what is wanted, oldest first, and then what comes to them meanwhile. */
async function* wantedPages(
  database: DatabaseReader,
  recordType: number,
  range: PageRange,
  limits: Limits,
  options: WindowOptions,
): AsyncGenerator<NumberedPage, void, void> {
  if (limits.sinceSeconds <= 0 && limits.afterIndex < 0) {
    const run = database.run(recordType, range, 'oldestFirst', options);
    return yield* withGrowth(run.pages(), run);
  }
  // Only the records tell where to begin, so what is wanted is found from its end.
  const run = database.run(recordType, range, 'newestFirst', options);
  const pages: NumberedPage[] = [];
  for await (const page of pagesWithin(run.pages(), limits)) pages.push(page);
  yield* withGrowth(pages.reverse(), run);
}

/**
 * The records of pages that come oldest first, from the last one that is older than wanted. A
 * page may come again when it has grown: each record is given once, by its running index.
 */
async function* oldestFirst(
  pages: AsyncIterable<NumberedPage>,
  taker: RecordTaker,
  limits: Limits,
): AsyncGenerator<AnyRecord, void, void> {
  const given = new Set<number>();
  for await (const page of pages) {
    const records = taker.take(page);
    const from = records.findLastIndex((record) => isBefore(record, limits)) + 1;
    for (const record of records.slice(from)) {
      if (given.has(record.index)) continue;
      if (systemSecondsOf(record) >= limits.untilSeconds) return;
      given.add(record.index);
      yield record;
    }
  }
}

/** The pages that come newest first, up to the one that holds a record older than wanted. */
async function* pagesWithin(
  pages: AsyncIterable<NumberedPage>,
  limits: Limits,
): AsyncGenerator<NumberedPage, void, void> {
  for await (const page of pages) {
    yield page;
    const records: readonly AnyRecord[] =
      page.rawRecords.length > 0 ? page.rawRecords : page.records;
    if (records.some((record) => isBefore(record, limits))) return;
  }
}
