import type { NumberedPage, PageRange, PageReader } from './pages.ts';
import { type OnProgress, ProgressMeter } from './progress.ts';
import { isRefusal } from './refusal.ts';

export type Order = 'newestFirst' | 'oldestFirst';

export interface RunOptions {
  readonly order: Order;
  readonly range: PageRange;
  /** True for the receiver's own range: pages that leave it meanwhile are not missed. */
  readonly whole: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

/** A run over neighbouring pages of one record type, request by request as they are asked for. */
export class PageRun {
  readonly reader: PageReader;
  readonly recordType: number;
  readonly signal: AbortSignal | undefined;
  readonly meter: ProgressMeter;
  readonly #options: RunOptions;

  constructor(reader: PageReader, recordType: number, now: () => number, options: RunOptions) {
    const { first, last } = options.range;
    this.reader = reader;
    this.recordType = recordType;
    this.signal = options.signal;
    this.#options = options;
    this.meter = new ProgressMeter(last - first + 1, now, options.onProgress);
  }

  /** The pages of the range. The last request ends exactly at its end. */
  async *pages(): AsyncGenerator<NumberedPage, void, void> {
    // receiver §12.5
    const { order } = this.#options;
    let { first, last } = this.#options.range;
    while (first <= last) {
      const count = Math.min(this.reader.pagesPerRequest, last - first + 1);
      const from = order === 'newestFirst' ? last - count + 1 : first;
      const pages = await this.#read(from, count);
      if (typeof pages === 'number') {
        const oldest = Math.min(pages, last + 1);
        this.meter.expectMore(first - oldest);
        first = oldest;
        continue;
      }
      if (order === 'newestFirst') last = from - 1;
      else first = from + count;
      yield* unlessAborted(order === 'newestFirst' ? pages.reverse() : pages, this.signal);
    }
  }

  /** The pages; or, if the receiver has dropped some of them meanwhile, its oldest page now. */
  async #read(from: number, count: number): Promise<NumberedPage[] | number> {
    const { signal } = this;
    try {
      const pages = await this.reader.read(this.recordType, from, count, signal);
      this.meter.add(pages);
      return pages;
    } catch (error) {
      if (!this.#options.whole || !isRefusal(error)) throw error;
      const now = await this.reader.range(this.recordType, signal);
      // It is there, and refused all the same.
      if (now !== undefined && now.first <= from) throw error;
      return now?.first ?? Number.POSITIVE_INFINITY;
    }
  }
}

/** Pages that came together are still given one by one. */
export function* unlessAborted(
  pages: readonly NumberedPage[],
  signal: AbortSignal | undefined,
): Generator<NumberedPage, void, void> {
  for (const page of pages) {
    signal?.throwIfAborted();
    yield page;
  }
}
