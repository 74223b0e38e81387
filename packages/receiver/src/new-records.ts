import { RecordTaker } from './damage.ts';
import type { DatabaseReader, ReadOptions } from './database-reader.ts';
import { withGrowth } from './page-growth.ts';
import { type RecordName, type RecordOf, recordTypeOf } from './records.ts';
import { type Bookmark, bookmarkAfter, checkBookmark, resume } from './resumption.ts';

/** New records of one page, and the bookmark to go on from. */
export interface NewRecords<Type extends RecordName | number> {
  /** Oldest first. */
  readonly records: readonly RecordOf<Type>[];
  /** Bookmark to remember once these records are safe. */
  readonly bookmark: Bookmark;
}

/** Reads what was stored since a bookmark; see `Receiver.newRecords`. */
export async function* readNewRecords<Type extends RecordName | number>(
  database: DatabaseReader,
  type: Type,
  bookmark: Bookmark | undefined,
  options: ReadOptions,
): AsyncGenerator<NewRecords<Type>, void, void> {
  if (bookmark !== undefined) checkBookmark(bookmark);
  const { signal, onDamage } = options;
  const recordType = recordTypeOf(type);
  const range = await database.reader.range(recordType, signal);
  if (range === undefined) return;
  const resumption = await resume(database.reader, recordType, range, bookmark, signal);
  if (resumption === undefined) return;

  const { known } = resumption;
  const run = database.run(recordType, resumption, 'oldestFirst', options);
  const taker = new RecordTaker(recordType, typeof type === 'number', onDamage);
  const given = new Set<number>();
  for await (const page of withGrowth(run.pages(), run)) {
    const next = page.pageNumber === known?.page ? known.recordCount : 0;
    const { firstRecordIndex } = page.header;
    const fresh = taker
      .take(page)
      .filter(({ index }) => index >= firstRecordIndex + next && !given.has(index));
    for (const { index } of fresh) given.add(index);
    const records: readonly unknown[] = fresh;
    yield { records: records as readonly RecordOf<Type>[], bookmark: bookmarkAfter(page) };
  }
}
