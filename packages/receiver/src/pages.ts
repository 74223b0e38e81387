import { outOfRange } from '@egvkit/protocol';
import {
  type Page,
  type PageProblem,
  type Partition,
  parsePartitionInfo,
} from '@egvkit/protocol/receiver';
import {
  decodePageBy,
  type KnownLayouts,
  MAX_PAGES_PER_REQUEST,
  NO_PAGE,
  PAGE_SIZE,
  readDatabasePageRange,
  readDatabasePages,
  readDatabasePartitionInfo,
} from '@egvkit/protocol/receiver/wire';
import { ReceiverError } from './errors.ts';
import type { Line } from './line.ts';
import { isOptional } from './records.ts';
import { INVALID_PARAM, isUnanswered, unlessRefused } from './refusal.ts';

/** Pages of one record type, both inclusive. */
export interface PageRange {
  readonly first: number;
  readonly last: number;
}

/** A page as it was read: the bytes for a backup, and what they say. */
export interface NumberedPage extends Page {
  readonly pageNumber: number;
  /** All 528 bytes. */
  readonly bytes: Uint8Array;
}

/** Asks for pages, several at once where the receiver answers that, and looks at what comes. */
export class PageReader {
  readonly line: Line;
  readonly layouts: KnownLayouts;
  #pagesPerRequest: number;
  #partitions: readonly Partition[] | undefined;
  #partitionsRead = false;
  /** Called when a request for several pages was not answered, and one page is asked for from then on. */
  onFallBack: () => Promise<void> = async () => {};

  /** @param layouts those of records that are known to the program */
  constructor(line: Line, layouts: KnownLayouts, pagesPerRequest: number = MAX_PAGES_PER_REQUEST) {
    if (
      !Number.isInteger(pagesPerRequest) ||
      pagesPerRequest < 1 ||
      pagesPerRequest > MAX_PAGES_PER_REQUEST
    ) {
      throw outOfRange('pagesPerRequest', pagesPerRequest, `1 to ${MAX_PAGES_PER_REQUEST}`);
    }
    this.line = line;
    this.layouts = layouts;
    this.#pagesPerRequest = pagesPerRequest;
  }

  /** Pages per request: the number that was set, or 1 since that was not answered. */
  get pagesPerRequest(): number {
    return this.#pagesPerRequest;
  }

  /** The pages that hold a record type; undefined if there are none. */
  async range(recordType: number, signal?: AbortSignal): Promise<PageRange | undefined> {
    const asked = this.line.ask(readDatabasePageRange, { recordType }, signal);
    // Not every receiver has every partition, and INVALID_PARAM may be how it says so (§8).
    const reply = await (isOptional(recordType) ? unlessRefused(asked, INVALID_PARAM) : asked);
    if (reply === undefined) return undefined;
    const { first, last } = reply;
    if (first === NO_PAGE || last === NO_PAGE) return undefined;
    if (first > last) {
      throw new ReceiverError('badPageRange', { recordType, first, last });
    }
    return { first, last };
  }

  /**
   * Neighbouring pages, ascending, in one request if the receiver answers that. A page that came
   * without being usable is read once more, alone.
   */
  async read(
    recordType: number,
    firstPage: number,
    pageCount: number,
    signal?: AbortSignal,
  ): Promise<NumberedPage[]> {
    const pages: NumberedPage[] = [];
    for (const bytes of await this.#bytes(recordType, firstPage, pageCount, signal)) {
      const pageNumber = firstPage + pages.length;
      const page = await this.#readPage(bytes, pageNumber, signal);
      const isWhole = page.problems.length === 0;
      pages.push(isWhole ? page : await this.#again(recordType, pageNumber, signal));
    }
    return pages;
  }

  async #again(
    recordType: number,
    pageNumber: number,
    signal: AbortSignal | undefined,
  ): Promise<NumberedPage> {
    const bytes = await this.#ask(recordType, pageNumber, 1, signal);
    return await this.#readPage(bytes, pageNumber, signal);
  }

  async #readPage(
    bytes: Uint8Array,
    pageNumber: number,
    signal: AbortSignal | undefined,
  ): Promise<NumberedPage> {
    return { ...(await this.#decode(bytes, signal)), pageNumber, bytes };
  }

  /** The bytes of each page. */
  async #bytes(
    recordType: number,
    firstPage: number,
    pageCount: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array[]> {
    if (pageCount > 1 && this.#pagesPerRequest > 1) {
      try {
        const bytes = await this.#ask(recordType, firstPage, pageCount, signal);
        return Array.from({ length: pageCount }, (_, i) =>
          bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE),
        );
      } catch (error) {
        if (!isUnanswered(error)) throw error;
      }
    }
    const pages: Uint8Array[] = [];
    while (pages.length < pageCount) {
      pages.push(await this.#ask(recordType, firstPage + pages.length, 1, signal));
      // One is answered where several were not: so it will be for the rest of the connection.
      if (pageCount > 1 && this.#pagesPerRequest > 1) await this.#fallBack();
    }
    return pages;
  }

  async #fallBack(): Promise<void> {
    this.limit(1);
    await this.onFallBack();
  }

  /** From now on, asks for no more pages at once than this. */
  limit(pagesPerRequest: number): void {
    this.#pagesPerRequest = Math.min(this.#pagesPerRequest, pagesPerRequest);
  }

  async #ask(
    recordType: number,
    firstPage: number,
    pageCount: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const request = { recordType, firstPage, pageCount };
    return await this.line.ask(readDatabasePages, request, signal);
  }

  /** A page whose layout is unknown is read by the receiver's own list of record sizes. */
  async #decode(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Page> {
    // receiver §3.5
    const page = decodePageBy(this.layouts, bytes);
    if (!mayHaveOtherSize(page)) return page;
    const partitions = await this.partitions(signal);
    return partitions === undefined ? page : decodePageBy(this.layouts, bytes, { partitions });
  }

  /** The receiver's list of record types, asked for once; undefined if it has none that is understood. */
  async partitions(signal?: AbortSignal): Promise<readonly Partition[] | undefined> {
    if (!this.#partitionsRead) {
      const asked = this.line.ask(readDatabasePartitionInfo, undefined, signal);
      const text = await unlessRefused(asked);
      this.#partitions = text === undefined ? undefined : parsePartitionInfo(text);
      this.#partitionsRead = true;
    }
    return this.#partitions;
  }
}

/** Tells pages that look as if their records had another size than they are known to have. */
function mayHaveOtherSize({ header, problems }: Page): boolean {
  const kinds = new Set<PageProblem['kind']>(problems.map(({ kind }) => kind));
  if (kinds.has('unknownLayout') || kinds.has('recordCount')) return true;
  return header.recordCount > 1 && problems.length === header.recordCount;
}
