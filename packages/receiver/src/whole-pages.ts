import type { DatabaseReader } from './database-reader.ts';
import { withGrowth } from './page-growth.ts';
import type { Order } from './page-run.ts';
import type { PageRange, ReadPage } from './pages.ts';
import type { OnProgress } from './progress.ts';
import { type RecordName, recordTypeOf } from './records.ts';

export interface PagesOptions {
  /** The pages to read; all by default. */
  readonly range?: PageRange;
  /** `newestFirst` by default. */
  readonly order?: Order;
  readonly signal?: AbortSignal;
  /** Called after every request. */
  readonly onProgress?: OnProgress;
}

/** Reads pages as they are; see `Receiver.pages`. */
export async function* readPages(
  database: DatabaseReader,
  type: RecordName | number,
  options: PagesOptions,
): AsyncGenerator<ReadPage, void, void> {
  const { order = 'newestFirst', range, signal } = options;
  const recordType = recordTypeOf(type);
  const found = range ?? (await database.reader.range(recordType, signal));
  if (found === undefined) return;
  const run = database.run(recordType, found, order, options, range === undefined);
  if (order === 'oldestFirst' && range === undefined) yield* withGrowth(run.pages(), run);
  else yield* run.pages();
}
