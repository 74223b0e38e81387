import { recordsPerPage } from '@egvkit/protocol/receiver/wire';
import type { DatabaseReader } from './database-reader.ts';
import { withGrowth } from './page-growth.ts';
import type { Order } from './page-run.ts';
import type { NumberedPage, PageRange } from './pages.ts';
import type { OnProgress } from './progress.ts';
import { type RecordName, recordTypeOf } from './records.ts';

/** A page as it was read, and whether it is the last. */
export interface ReadPage extends NumberedPage {
  /** True if another record fits: then it is the newest of its type, and none comes after it yet. */
  readonly hasRoom: boolean; // receiver §4.1
}

export interface PagesOptions {
  /** The pages to read; all by default. */
  readonly range?: PageRange | undefined;
  /** `newestFirst` by default. */
  readonly order?: Order | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after every request. */
  readonly onProgress?: OnProgress | undefined;
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
  const grows = order === 'oldestFirst' && range === undefined;
  for await (const page of grows ? withGrowth(run.pages(), run) : run.pages()) {
    const { revision, recordCount } = page.header;
    const size = database.reader.layouts.findFormat(page.header.recordType, revision)?.size;
    yield { ...page, hasRoom: size !== undefined && recordCount < recordsPerPage(size) };
  }
}
