import {
  type Partition,
  type RawRecord,
  RECORD_TYPES,
  type ReceiverRecord,
} from '@egvkit/protocol/receiver';
import {
  encodePage,
  PAGE_DATA_SIZE,
  PAGE_HEADER_SIZE,
  recordFormat,
  recordsPerPage,
} from '@egvkit/protocol/receiver/wire';

/** The records of one type, in pages that count up from `firstPage`. */
export interface PartitionContent {
  readonly recordType: number;
  readonly revision: number;
  /** Number of the oldest page that is still there; above 0 once the ring has wrapped. */
  readonly firstPage: number;
  /** Oldest first; their own `index` is not looked at. */
  readonly records: readonly ReceiverRecord[];
  /** Instead of `records`, for an unknown layout: all of the same length. */
  readonly rawRecords?: readonly RawRecord[];
  /** Pages the ring holds; when one more is begun, the oldest is dropped. None by default. */
  readonly ringPages?: number;
  /** Byte that fills a page behind its last record: 0xFF, as captured, by default. */
  readonly fill?: 0x00 | 0xff;
}

/** Records that a receiver stores while time passes. */
export interface Growth {
  /** The records that were stored since the last call and until `nowMs` (Unix ms), oldest first. */
  advance(nowMs: number): readonly ReceiverRecord[];
  /** The user, or a host, has set the clock on the screen. */
  displayOffsetSet(seconds: number): void;
}

/** A partition as it is kept: both kinds of records in one list, numbered. */
interface Shelf extends Omit<PartitionContent, 'records' | 'rawRecords'> {
  firstPage: number;
  records: ReceiverRecord[];
  rawRecords: RawRecord[];
  readonly size: number;
  readonly perPage: number;
  readonly pages: Map<number, Uint8Array>;
  /** True once somebody was given the list of records: it stays as it is. */
  isGiven: boolean;
}

/** Database of a receiver: pages of records, built from the same rows that read them. */
export class ReceiverDatabase {
  readonly #shelves = new Map<number, Shelf>();
  readonly #growth: Growth | undefined;

  /** @param growth records that are stored later; without it, only those of {@link append} */
  constructor(partitions: readonly PartitionContent[], growth?: Growth) {
    this.#growth = growth;
    for (const partition of partitions) this.#shelves.set(partition.recordType, shelf(partition));
  }

  /** The types that are there, empty ones too, ascending. */
  partitions(): readonly Partition[] {
    return [...this.#shelves.values()]
      .sort((a, b) => a.recordType - b.recordType)
      .map(({ recordType, revision, size }) => ({
        recordType,
        name: (RECORD_TYPES as Readonly<Record<number, string>>)[recordType] ?? 'Unknown',
        recordRevision: revision,
        recordLength: size,
      }));
  }

  /** The records of a type, oldest first, numbered from its first page on. */
  records(recordType: number): readonly ReceiverRecord[] {
    const found = this.#shelves.get(recordType);
    if (found === undefined) return [];
    found.isGiven = true;
    return found.records;
  }

  /** The records of a type behind one of them, oldest first: quick, however many there are. */
  recordsAfter(recordType: number, index: number): readonly ReceiverRecord[] {
    const found = this.#shelves.get(recordType);
    if (found === undefined) return [];
    const { records, firstPage, perPage } = found;
    return records.slice(Math.max(0, index + 1 - firstPage * perPage));
  }

  /** The records of a type of an unknown layout, likewise. */
  rawRecords(recordType: number): readonly RawRecord[] {
    return this.#shelves.get(recordType)?.rawRecords ?? [];
  }

  /** First and last page; undefined if there are no records. */
  pageRange(recordType: number): { readonly first: number; readonly last: number } | undefined {
    const found = this.#shelves.get(recordType);
    const count = found === undefined ? 0 : lengthOf(found);
    if (found === undefined || count === 0) return undefined;
    const { firstPage, perPage } = found;
    return { first: firstPage, last: firstPage + Math.ceil(count / perPage) - 1 };
  }

  /** Tells whether the type exists at all, empty or not. */
  has(recordType: number): boolean {
    return this.#shelves.has(recordType);
  }

  /** A page of 528 bytes; undefined outside the range. */
  page(recordType: number, pageNumber: number): Uint8Array | undefined {
    const found = this.#shelves.get(recordType);
    const known = found?.pages.get(pageNumber);
    if (found === undefined || known !== undefined) return known;
    const range = this.pageRange(recordType);
    if (range === undefined || pageNumber < range.first || pageNumber > range.last) {
      return undefined;
    }
    const page = buildPage(found, pageNumber);
    found.pages.set(pageNumber, page);
    return page;
  }

  /**
   * Stores records behind the newest of their type: the last page fills up, and where the ring
   * is full its oldest page goes. Records of a type that is not there are dropped.
   */
  append(records: readonly ReceiverRecord[]): void {
    for (const record of records) {
      const found = this.#shelves.get(record.recordType);
      if (found === undefined) continue;
      if (found.isGiven) found.records = found.records.slice();
      found.isGiven = false;
      const { firstPage, perPage, ringPages = Number.POSITIVE_INFINITY } = found;
      const index = firstPage * perPage + found.records.length;
      found.pages.delete(Math.floor(index / perPage));
      found.records.push({ ...record, index });
      if (Math.ceil(found.records.length / perPage) <= ringPages) continue;
      found.pages.delete(firstPage);
      found.records = found.records.slice(perPage);
      found.firstPage++;
    }
  }

  /** Stores everything that happens until `nowMs`, true UTC in Unix ms. */
  advance(nowMs: number): void {
    if (this.#growth !== undefined) this.append(this.#growth.advance(nowMs));
  }

  /** Tells whatever stores the next records that the clock on the screen was set. */
  setDisplayOffset(seconds: number): void {
    this.#growth?.displayOffsetSet(seconds);
  }
}

function shelf(partition: PartitionContent): Shelf {
  const { recordType, revision, rawRecords = [], ringPages } = partition;
  const raw = rawRecords[0];
  // Behind every record stands its CRC, which raw bytes leave out.
  const size =
    raw === undefined
      ? (recordFormat(recordType, revision)?.size ?? PAGE_DATA_SIZE)
      : raw.bytes.length + 2;
  const perPage = recordsPerPage(size);
  const count = Math.max(partition.records.length, rawRecords.length);
  const dropped = Math.max(0, Math.ceil(count / perPage) - (ringPages ?? Number.POSITIVE_INFINITY));
  const firstPage = partition.firstPage + dropped;
  // As who reads them will number them.
  const numbered = <R extends object>(records: readonly R[]): R[] =>
    records
      .slice(dropped * perPage)
      .map((record, i) => ({ ...record, index: firstPage * perPage + i }));
  return {
    ...partition,
    firstPage,
    records: numbered(partition.records),
    rawRecords: numbered(rawRecords),
    size,
    perPage,
    pages: new Map(),
    isGiven: false,
  };
}

function lengthOf({ records, rawRecords }: Shelf): number {
  return Math.max(records.length, rawRecords.length);
}

function buildPage(shelf: Shelf, pageNumber: number): Uint8Array {
  const { recordType, revision, firstPage, perPage, size, fill = 0xff } = shelf;
  const start = (pageNumber - firstPage) * perPage;
  const records = shelf.records.slice(start, start + perPage);
  const rawRecords = shelf.rawRecords.slice(start, start + perPage);
  const page = encodePage({
    recordType,
    revision,
    pageNumber,
    // In every capture the running index is the page number times the records of a page (§4.1).
    firstRecordIndex: pageNumber * perPage,
    records,
    rawRecords,
  });
  const count = Math.max(records.length, rawRecords.length);
  return page.fill(fill, PAGE_HEADER_SIZE + count * size);
}
