import type { RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import type { RecordTaker } from './damage.ts';
import type { ReadPage } from './pages.ts';

export type AnyRecord = ReceiverRecord | RawRecord;

/** Limits of the wanted records, on the receiver's own clock. */
export interface Limits {
  readonly sinceSeconds: number;
  readonly untilSeconds: number;
  readonly afterIndex: number;
}

/** The system time of a record: its first field, whatever else it holds. */
function systemSecondsOf(record: AnyRecord): number {
  // receiver §5
  if (record.kind !== 'raw') return record.systemSeconds;
  const { buffer, byteOffset, length } = record.bytes;
  return length < 4 ? 0 : new DataView(buffer, byteOffset, length).getUint32(0, true);
}

/** Tells records that are too old, as all are that were stored before them. */
function isBefore(record: AnyRecord, { sinceSeconds, afterIndex }: Limits): boolean {
  return record.index <= afterIndex || systemSecondsOf(record) < sinceSeconds;
}

/** The records of pages that come newest first, until one is older than wanted. */
export async function* newestFirst(
  pages: AsyncIterable<ReadPage>,
  taker: RecordTaker,
  limits: Limits,
): AsyncGenerator<AnyRecord, void, void> {
  for await (const page of pages) {
    for (const record of taker.take(page).toReversed()) {
      if (isBefore(record, limits)) return;
      if (systemSecondsOf(record) < limits.untilSeconds) yield record;
    }
  }
}

/**
 * The records of pages that come oldest first, from the last one that is older than wanted. A
 * page may come again when it has grown: each record is given once, by its running index.
 */
export async function* oldestFirst(
  pages: AsyncIterable<ReadPage>,
  taker: RecordTaker,
  limits: Limits,
): AsyncGenerator<AnyRecord, void, void> {
  const given = new Set<number>();
  for await (const page of pages) {
    const records = taker.take(page);
    const from = records.findLastIndex((record) => isBefore(record, limits)) + 1;
    for (const record of records.slice(from)) {
      if (given.has(record.index)) continue;
      if (systemSecondsOf(record) >= limits.untilSeconds) return;
      given.add(record.index);
      yield record;
    }
  }
}

/** The pages that come newest first, up to the one that holds a record older than wanted. */
export async function* pagesWithin(
  pages: AsyncIterable<ReadPage>,
  limits: Limits,
): AsyncGenerator<ReadPage, void, void> {
  for await (const page of pages) {
    yield page;
    const records: readonly AnyRecord[] =
      page.rawRecords.length > 0 ? page.rawRecords : page.records;
    if (records.some((record) => isBefore(record, limits))) return;
  }
}
