import type { RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import { u32At } from '@egvkit/protocol/receiver/wire';
import type { RecordTaker } from './damage.ts';
import type { NumberedPage } from './pages.ts';

export type AnyRecord = ReceiverRecord | RawRecord;

/** Limits of the wanted records, on the receiver's own clock. */
export interface Limits {
  readonly sinceSeconds: number;
  readonly untilSeconds: number;
  readonly afterIndex: number;
}

/** The system time of a record: its first field, whatever else it holds. */
export function systemSecondsOf(record: AnyRecord): number {
  // receiver §5
  if (record.kind !== 'raw') return record.systemSeconds;
  return record.bytes.length < 4 ? 0 : u32At(record.bytes, 0);
}

/** Tells records that are too old, as all are that were stored before them. */
export function isBefore(record: AnyRecord, { sinceSeconds, afterIndex }: Limits): boolean {
  return record.index <= afterIndex || systemSecondsOf(record) < sinceSeconds;
}

/** The records of pages that come newest first, until one is older than wanted. */
export async function* newestFirst(
  pages: AsyncIterable<NumberedPage>,
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
