import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import {
  type EgvRecord,
  isBackfilled,
  measuredSystemSeconds,
  type SensorRecord,
} from '@egvkit/protocol/receiver';
import type { Candidate } from '../../candidate.ts';
import { type LossContext, recordsBeforeTimeLoss } from './lost-time.ts';

/**
 * Makes a candidate of an EGV record. A backfilled record was stored when the transmitter delivered
 * it; the reading is as old as its measurement (spec/receiver §7.4).
 */
export function candidateOf(record: EgvRecord): Candidate {
  const known = KNOWN.get(record);
  if (known !== undefined) return known;
  const candidate = newCandidate(record);
  KNOWN.set(record, candidate);
  return candidate;
}

/** Unattended, the records of a day are looked at again every five minutes. */
const KNOWN = new WeakMap<EgvRecord, Candidate>();

function newCandidate(record: EgvRecord): Candidate {
  const { recordType, index, glucose, trend } = record;
  const lateSeconds = record.systemSeconds - measuredSystemSeconds(record);
  return {
    key: `${recordType}:${index}@${record.systemSeconds}`,
    recordType,
    index,
    backfilled: isBackfilled(record),
    systemSeconds: systemSeconds(record.systemSeconds - lateSeconds),
    displaySeconds: displaySeconds(record.displaySeconds - lateSeconds),
    glucose: { value: glucose.value, displayOnly: glucose.displayOnly },
    trend: trend.arrow,
    source: 'receiver',
    details: { noise: trend.noise.raw },
  };
}

/**
 * Makes candidates of EGV records, those from before a loss of time marked.
 *
 * @param sensors records whose raw counts go with the readings
 */
export function candidatesOf(
  records: readonly EgvRecord[],
  context: LossContext,
  sensors: readonly SensorRecord[] = [],
): readonly Candidate[] {
  const before = recordsBeforeTimeLoss(records, context);
  const counts = new Map(sensors.map((sensor) => [sensor.systemSeconds as number, sensor]));
  return records.map((record) => {
    const candidate = candidateOf(record);
    const beforeTimeLoss = before.has(record);
    const counted = sensors.length > 0 ? withCounts(candidate, counts) : candidate;
    return beforeTimeLoss ? { ...counted, beforeTimeLoss } : counted;
  });
}

/** Candidates with their counts. */
const COUNTED = new WeakMap<SensorRecord, Candidate>();

/** A sensor record has the time of its reading or is a second older (spec/receiver §5.2). */
function withCounts(candidate: Candidate, counts: ReadonlyMap<number, SensorRecord>): Candidate {
  const { systemSeconds, details, backfilled } = candidate;
  // A late reading has its measurement's time, and the counts of another.
  if (backfilled) return candidate;
  const sensor = counts.get(systemSeconds) ?? counts.get(systemSeconds - 1);
  if (sensor === undefined) return candidate;
  const known = COUNTED.get(sensor);
  if (known?.key === candidate.key) return known;
  const { unfiltered, filtered, rssi } = sensor;
  const counted = { ...candidate, details: { ...details, unfiltered, filtered, rssi } };
  COUNTED.set(sensor, counted);
  return counted;
}
