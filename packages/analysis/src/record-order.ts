import type { RecordBase } from '@egvkit/protocol/receiver';

/** The first second of 2010: what was stored before it, was stored before the clock was set. */
const SECONDS_OF_2009 = 365 * 86_400; // receiver §5.11

/** Tells records of the receiver's first year, which were stored by a clock that was never set. */
export function isBeforeClockSet({ systemSeconds }: RecordBase): boolean {
  return systemSeconds < SECONDS_OF_2009;
}

/** Copies, oldest first by the internal clock; records of the same second as they were numbered. */
export function bySystemTime<R extends RecordBase>(records: readonly R[]): readonly R[] {
  return records.toSorted((a, b) => a.systemSeconds - b.systemSeconds || a.index - b.index);
}

/**
 * Copies, in the order they were stored: oldest first by the running index. Those that are in order
 * already, or newest first as they are read, are not sorted.
 *
 * @param records of one type
 */
export function recordsByIndex<R extends Pick<RecordBase, 'index'>>(records: readonly R[]): R[] {
  let isAscending = true;
  let isDescending = true;
  let before: number | undefined;
  for (const { index } of records) {
    if (before !== undefined) {
      if (index < before) isAscending = false;
      else isDescending = false;
    }
    before = index;
  }
  if (isAscending) return records.slice();
  return isDescending ? records.toReversed() : records.toSorted((a, b) => a.index - b.index);
}

/** Display time minus system time of a record, seconds; also where one of them has wrapped. */
export function displayOffsetOf({ systemSeconds, displaySeconds }: RecordBase): number {
  return (displaySeconds - systemSeconds) | 0;
}

/** Identifies a record for good: by its type and its running index. */
export function recordKey({ recordType, index }: Pick<RecordBase, 'recordType' | 'index'>): string {
  return `${recordType}/${index}`;
}

/**
 * Records that were known and records that were read since, each once, by type and index. Where
 * both have one, the fresh one stays: its page was read again.
 */
export function mergeRecords<R extends Pick<RecordBase, 'recordType' | 'index'>>(
  // receiver §12.5
  known: readonly R[],
  fresh: readonly R[],
): R[] {
  const merged = new Map<string, R>();
  for (const record of known) merged.set(recordKey(record), record);
  for (const record of fresh) merged.set(recordKey(record), record);
  return [...merged.values()].sort((a, b) => a.recordType - b.recordType || a.index - b.index);
}
