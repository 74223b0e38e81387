import { groupByMeasurement } from '@egvkit/protocol';
import type { AcceptedRecord } from './eligibility.ts';

/** Of every measurement one record, and the records that hold a measurement again. */
export interface Measurements {
  /** Oldest first. */
  readonly distinct: readonly AcceptedRecord[];
  readonly repeated: readonly AcceptedRecord[];
  /** True if any record of the measurement is in the journal, by its distinct record. */
  readonly known: ReadonlySet<AcceptedRecord>;
}

/**
 * Tells what was measured from the records it is kept in. The record that the journal knows stands
 * for a measurement, else the live one: that is what was shown.
 */
export function distinguish(
  accepted: readonly AcceptedRecord[],
  isKnown: (key: string) => boolean,
): Measurements {
  const groups = groupByMeasurement(accepted, ({ utcMs, record }) => ({
    utcMs,
    mgDl: record.glucose.value,
    backfilled: record.backfilled,
  }));
  const distinct: AcceptedRecord[] = [];
  const repeated: AcceptedRecord[] = [];
  const known = new Set<AcceptedRecord>();
  for (const group of groups) {
    const remembered = group.find(({ record }) => isKnown(record.key));
    const chosen = remembered ?? group[0];
    distinct.push(chosen);
    if (remembered !== undefined) known.add(chosen);
    if (group.length > 1) repeated.push(...group.filter((one) => one !== chosen));
  }
  distinct.sort((a, b) => a.utcMs - b.utcMs);
  return { distinct, repeated, known };
}
