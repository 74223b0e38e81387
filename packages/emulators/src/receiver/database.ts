import {
  encodePage,
  PAGE_DATA_SIZE,
  type Partition,
  RECORD_TYPES,
  type ReceiverRecord,
  recordFormat,
  recordsPerPage,
} from '@egvkit/protocol/receiver';

/** The records of one type, in pages that count up from `firstPage`. */
export interface PartitionContent {
  readonly recordType: number;
  readonly revision: number;
  /** Number of the oldest page that is still there; above 0 once the ring has wrapped. */
  readonly firstPage: number;
  /** Oldest first; their own `index` is not looked at. */
  readonly records: readonly ReceiverRecord[];
}

/** What a receiver keeps: pages of records, built from the same rows that read them. */
export class ReceiverDatabase {
  readonly #partitions = new Map<number, PartitionContent>();
  readonly #pages = new Map<string, Uint8Array>();

  constructor(partitions: readonly PartitionContent[]) {
    for (const partition of partitions) {
      const first = partition.firstPage * perPage(partition);
      // As who reads them will number them.
      const records = partition.records.map((record, i) => ({ ...record, index: first + i }));
      this.#partitions.set(partition.recordType, { ...partition, records });
    }
  }

  /** The types that are there, empty ones too, ascending. */
  partitions(): readonly Partition[] {
    return [...this.#partitions.values()]
      .sort((a, b) => a.recordType - b.recordType)
      .map(({ recordType, revision }) => ({
        recordType,
        name: (RECORD_TYPES as Readonly<Record<number, string>>)[recordType] ?? 'Unknown',
        recordRevision: revision,
        recordLength: recordFormat(recordType, revision)?.size ?? PAGE_DATA_SIZE,
      }));
  }

  /** The records of a type, oldest first, numbered from its first page on. */
  records(recordType: number): readonly ReceiverRecord[] {
    return this.#partitions.get(recordType)?.records ?? [];
  }

  /** First and last page; undefined if there are no records. */
  pageRange(recordType: number): { readonly first: number; readonly last: number } | undefined {
    const partition = this.#partitions.get(recordType);
    if (partition === undefined || partition.records.length === 0) return undefined;
    const pages = Math.ceil(partition.records.length / perPage(partition));
    return { first: partition.firstPage, last: partition.firstPage + pages - 1 };
  }

  /** Whether the type exists at all, empty or not. */
  has(recordType: number): boolean {
    return this.#partitions.has(recordType);
  }

  /** A page of 528 bytes; undefined outside the range. */
  page(recordType: number, pageNumber: number): Uint8Array | undefined {
    const key = `${recordType}/${pageNumber}`;
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const partition = this.#partitions.get(recordType);
    const range = this.pageRange(recordType);
    if (partition === undefined || range === undefined) return undefined;
    if (pageNumber < range.first || pageNumber > range.last) return undefined;

    const count = perPage(partition);
    const start = (pageNumber - partition.firstPage) * count;
    const page = encodePage({
      recordType,
      revision: partition.revision,
      pageNumber,
      // In every capture the running index is the page number times the records of a page (§4.1).
      firstRecordIndex: pageNumber * count,
      records: partition.records.slice(start, start + count),
    });
    this.#pages.set(key, page);
    return page;
  }
}

function perPage({ recordType, revision }: PartitionContent): number {
  return recordsPerPage(recordFormat(recordType, revision)?.size ?? PAGE_DATA_SIZE);
}
