import type { PageRange, PageReader, ReadPage } from './pages.ts';
import { type OnProgress, ProgressMeter } from './progress.ts';
import { isRefusal, unlessRefused } from './refusal.ts';

export type Order = 'newestFirst' | 'oldestFirst';

export interface RunOptions {
  readonly order: Order;
  readonly range: PageRange;
  /** True for the receiver's own range: pages that leave it meanwhile are not missed. */
  readonly whole: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

/** More rounds of growth than a receiver can have while it is read: it stores every five minutes. */
const MOST_ROUNDS = 4;

/** A run over neighbouring pages of one record type, request by request as they are asked for. */
export class PageRun {
  readonly #reader: PageReader;
  readonly #recordType: number;
  readonly #options: RunOptions;
  readonly #meter: ProgressMeter;

  constructor(reader: PageReader, recordType: number, now: () => number, options: RunOptions) {
    const { first, last } = options.range;
    this.#reader = reader;
    this.#recordType = recordType;
    this.#options = options;
    this.#meter = new ProgressMeter(last - first + 1, now, options.onProgress);
  }

  /** The pages of the range. The last request ends exactly at its end. */
  async *pages(): AsyncGenerator<ReadPage, void, void> {
    // receiver §12.5
    const { order } = this.#options;
    let { first, last } = this.#options.range;
    while (first <= last) {
      const count = Math.min(this.#reader.pagesPerRequest, last - first + 1);
      const from = order === 'newestFirst' ? last - count + 1 : first;
      const pages = await this.#read(from, count);
      if (typeof pages === 'number') {
        const oldest = Math.min(pages, last + 1);
        this.#meter.expectMore(first - oldest);
        first = oldest;
        continue;
      }
      if (order === 'newestFirst') last = from - 1;
      else first = from + count;
      yield* this.#unlessAborted(order === 'newestFirst' ? pages.reverse() : pages);
    }
  }

  /**
   * Reads the pages that were stored meanwhile: the page that was the newest, again, if it has
   * grown, and those that have come after it.
   */
  async *growth(newest: ReadPage): AsyncGenerator<ReadPage, void, void> {
    let page = newest;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const last = await this.#grownTo(page);
      if (last === undefined) return;
      this.#meter.expectMore(last - page.pageNumber + 1);
      for (let at = page.pageNumber; at <= last; ) {
        const count = Math.min(this.#reader.pagesPerRequest, last - at + 1);
        const pages = await this.#reader.read(this.#recordType, at, count, this.#options.signal);
        this.#meter.add(pages);
        at += count;
        yield* this.#unlessAborted(pages);
        page = pages.at(-1) ?? page;
      }
    }
  }

  /** The newest page, if that is another by now or holds more than it did. */
  async #grownTo({ pageNumber, header, problems }: ReadPage): Promise<number | undefined> {
    const { signal } = this.#options;
    const range = await this.#reader.range(this.#recordType, signal);
    if (range === undefined || range.last < pageNumber || range.first > pageNumber)
      return undefined;
    if (range.last > pageNumber) return range.last;
    if (problems.some(({ kind }) => kind === 'headerCrc')) return undefined;
    const asked = this.#reader.header(this.#recordType, pageNumber, signal);
    const now = await unlessRefused(asked);
    return now !== undefined && now.recordCount > header.recordCount ? pageNumber : undefined;
  }

  /** Pages that came together are still given one by one. */
  *#unlessAborted(pages: readonly ReadPage[]): Generator<ReadPage, void, void> {
    for (const page of pages) {
      this.#options.signal?.throwIfAborted();
      yield page;
    }
  }

  /** The pages; or, if the receiver has dropped some of them meanwhile, its oldest page now. */
  async #read(from: number, count: number): Promise<ReadPage[] | number> {
    const { signal, whole } = this.#options;
    try {
      const pages = await this.#reader.read(this.#recordType, from, count, signal);
      this.#meter.add(pages);
      return pages;
    } catch (error) {
      if (!whole || !isRefusal(error)) throw error;
      const now = await this.#reader.range(this.#recordType, signal);
      // It is there, and refused all the same.
      if (now !== undefined && now.first <= from) throw error;
      return now?.first ?? Number.POSITIVE_INFINITY;
    }
  }
}
