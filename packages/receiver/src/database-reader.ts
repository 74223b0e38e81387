import { InputError, RECEIVER_EPOCH_UNIX_SECONDS, type SystemSeconds } from '@egvkit/protocol';
import { type OnDamage, RecordTaker } from './damage.ts';
import { type Order, PageRun } from './page-run.ts';
import type { PageRange, PageReader, ReadPage } from './pages.ts';
import type { OnProgress } from './progress.ts';
import { type RecordName, type RecordOf, recordTypeOf } from './records.ts';
import { type Limits, newestFirst, oldestFirst, pagesWithin } from './selection.ts';

/** Options of every reading of records. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /**
   * Called with damaged records (left out) and damaged pages (left out after a second try).
   * Without it a damaged page ends the reading with `badPage`.
   */
  readonly onDamage?: OnDamage;
  /** Called after every request. */
  readonly onProgress?: OnProgress;
}

export interface RecordsOptions extends ReadOptions {
  /** The first record older than this ends the reading: a moment, or the receiver's own time. */
  readonly since?: Date | SystemSeconds;
  /** Only records from before this: a moment, or the receiver's own time. */
  readonly until?: Date | SystemSeconds;
  /** Only records whose running index is greater. */
  readonly afterIndex?: number;
  /** `newestFirst` by default. */
  readonly order?: Order;
}

/** Clocks that the reader of the database needs. */
export interface DatabaseClock {
  /** Milliseconds of a clock that does not go back. */
  readonly monotonicMs: () => number;
  /** Error of the receiver's internal clock: seconds ahead of UTC. */
  readonly errorSeconds: (signal: AbortSignal | undefined) => Promise<number>;
}

/** Reads pages and records of a receiver's database. */
export class DatabaseReader {
  readonly reader: PageReader;
  readonly #clock: DatabaseClock;

  constructor(reader: PageReader, clock: DatabaseClock) {
    this.reader = reader;
    this.#clock = clock;
  }

  async *records<Type extends RecordName | number>(
    type: Type,
    options: RecordsOptions,
  ): AsyncGenerator<RecordOf<Type>, void, void> {
    const { order = 'newestFirst', signal, onDamage } = options;
    const recordType = recordTypeOf(type);
    const limits = await this.#limits(options);
    const range = await this.reader.range(recordType, signal);
    if (range === undefined) return;
    const taker = new RecordTaker(recordType, typeof type === 'number', onDamage);
    const records =
      order === 'newestFirst'
        ? newestFirst(this.run(recordType, range, order, options).pages(), taker, limits)
        : oldestFirst(this.#ascending(recordType, range, limits, options), taker, limits);
    // The page's record type, checked against the request, decides what its records are.
    yield* records as AsyncGenerator<RecordOf<Type>, void, void>;
  }

  /** The pages that hold what is wanted, oldest first, and then what comes to them meanwhile. */
  async *#ascending(
    recordType: number,
    range: PageRange,
    limits: Limits,
    options: RecordsOptions,
  ): AsyncGenerator<ReadPage, void, void> {
    if (limits.sinceSeconds <= 0 && limits.afterIndex < 0) {
      const run = this.run(recordType, range, 'oldestFirst', options);
      return yield* withGrowth(run.pages(), run);
    }
    // Only the records tell where to begin, so what is wanted is found from its end.
    const run = this.run(recordType, range, 'newestFirst', options);
    const pages: ReadPage[] = [];
    for await (const page of pagesWithin(run.pages(), limits)) pages.push(page);
    yield* withGrowth(pages.reverse(), run);
  }

  /** A run over the pages of a range. */
  run(
    recordType: number,
    range: PageRange,
    order: Order,
    { signal, onProgress }: ReadOptions,
    whole = true,
  ): PageRun {
    const options = { range, order, whole, signal, onProgress };
    return new PageRun(this.reader, recordType, this.#clock.monotonicMs, options);
  }

  async #limits(options: RecordsOptions): Promise<Limits> {
    const { since, until, afterIndex = -1, signal } = options;
    for (const [what, value] of [
      ['since', since],
      ['until', until],
    ] as const) {
      if (!(value instanceof Date) || !Number.isNaN(value.getTime())) continue;
      throw new InputError('outOfRange', { what, value, allowed: 'a valid date' });
    }
    const errorSeconds =
      since instanceof Date || until instanceof Date ? await this.#clock.errorSeconds(signal) : 0;
    const seconds = (moment: Date | SystemSeconds): number =>
      moment instanceof Date
        ? Math.floor(moment.getTime() / 1000) + errorSeconds - RECEIVER_EPOCH_UNIX_SECONDS
        : moment;
    return {
      sinceSeconds: seconds(since ?? (0 as SystemSeconds)),
      untilSeconds: until === undefined ? Number.POSITIVE_INFINITY : seconds(until),
      afterIndex,
    };
  }
}

/** Pages that come oldest first, and what is stored while they are read. */
export async function* withGrowth(
  pages: AsyncIterable<ReadPage> | Iterable<ReadPage>,
  run: PageRun,
): AsyncGenerator<ReadPage, void, void> {
  let last: ReadPage | undefined;
  for await (const page of pages) {
    last = page;
    yield page;
  }
  if (last !== undefined) yield* run.growth(last);
}
