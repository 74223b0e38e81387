import { SAME_READING_WITHIN_MS } from '@egvkit/protocol';
import type {
  EventRecord,
  InsertionRecord,
  MeterRecord,
  RecordBase,
} from '@egvkit/protocol/receiver';
import type { Mark } from './reading.ts';

/** The records that marks are made of. */
export type MarkRecord = MeterRecord | EventRecord | InsertionRecord;

/** The mark of a record at its time, Unix ms; undefined for the end of a sensor. */
export function markOf(record: MarkRecord, stored: RecordBase, utcMs: number): Mark | undefined {
  const at = { key: keyOf(record), utcMs, stored };
  if (record.kind === 'meter') {
    return { ...at, kind: 'meter', value: record.meterMgDl, detail: undefined };
  }
  if (record.kind === 'insertion') {
    if (record.state.name !== 'started') return undefined;
    return { ...at, kind: 'sensor', value: undefined, detail: undefined };
  }
  const { type, subType, amount } = record;
  const kind = type.name === 'unknown' ? 'other' : type.name;
  const hasDetail = subType.name !== 'none' && subType.name !== 'unknown';
  const detail = hasDetail ? subType.name : undefined;
  return { ...at, kind, value: amount.value ?? undefined, detail };
}

function keyOf({ recordType, index, systemSeconds }: RecordBase): string {
  return `${recordType}:${index}@${systemSeconds}`;
}

/** Newer receivers store a meter value as it was entered and again, confirmed: once is enough. */
export function distinctMarks(marks: readonly Mark[]): readonly Mark[] {
  return marks.filter((mark, i) => {
    if (mark.kind !== 'meter') return true;
    const near = marks.slice(Math.max(0, i - 4), i);
    return !near.some(
      ({ kind, value, utcMs }) =>
        kind === 'meter' && value === mark.value && mark.utcMs - utcMs <= SAME_READING_WITHIN_MS,
    );
  });
}
