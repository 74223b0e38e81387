import { outOfRange, RECEIVER_EPOCH_UNIX_SECONDS, type SystemSeconds } from '@egvkit/protocol';
import { type OnDamage, RecordTaker } from './damage.ts';
import { type Order, PageRun } from './page-run.ts';
import type { PageRange, PageReader } from './pages.ts';
import type { OnProgress } from './progress.ts';
import { type RecordName, type RecordOf, recordTypeOf } from './records.ts';
import { type Limits, newestFirst } from './selection.ts';

/** Options of every reading of records. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with damaged records (left out) and damaged pages (left out after a second try).
   * Without it a damaged page ends the reading with `badPage`.
   */
  readonly onDamage?: OnDamage | undefined;
  /** Called after every request. */
  readonly onProgress?: OnProgress | undefined;
}

/** Options of reading records newest first. */
export interface WindowOptions extends ReadOptions {
  /** The first record older than this ends the reading: a moment, or the receiver's own time. */
  readonly since?: Date | SystemSeconds | undefined;
  /** Only records from before this: a moment, or the receiver's own time. */
  readonly until?: Date | SystemSeconds | undefined;
  /** Only records whose running index is greater. */
  readonly afterIndex?: number | undefined;
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

  /** Records newest first. */
  async *records<Type extends RecordName | number>(
    type: Type,
    options: WindowOptions,
  ): AsyncGenerator<RecordOf<Type>, void, void> {
    const recordType = recordTypeOf(type);
    const limits = await this.limits(options);
    const range = await this.reader.range(recordType, options.signal);
    if (range === undefined) return;
    const taker = new RecordTaker(recordType, typeof type === 'number', options.onDamage);
    const run = this.run(recordType, range, 'newestFirst', options);
    // The page's record type, checked against the request, decides what its records are.
    yield* newestFirst(run.pages(), taker, limits) as AsyncGenerator<RecordOf<Type>, void, void>;
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

  /** The limits of a reading, on the receiver's own clock. */
  async limits(options: WindowOptions): Promise<Limits> {
    const { since, until, afterIndex = -1, signal } = options;
    for (const [what, value] of [
      ['since', since],
      ['until', until],
    ] as const) {
      if (!(value instanceof Date) || !Number.isNaN(value.getTime())) continue;
      throw outOfRange(what, value, 'a valid date');
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
