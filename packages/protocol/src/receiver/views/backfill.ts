import type { DisplaySeconds, SystemSeconds } from '../../clock.ts';
import type { EgvRecord } from '../records/egv.ts';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';

/** When a reading was taken, on both clocks. */
export interface ReadingTime {
  readonly record: EgvRecord;
  /** The internal clock: the measurement time of a backfilled value, else the system time. */
  readonly systemSeconds: SystemSeconds;
  /** What the screen would have shown then. */
  readonly displaySeconds: DisplaySeconds;
  /** The reading whose clock was used to place a backfilled one; null for all others. */
  readonly base: EgvRecord | null;
  readonly confidence: Confidence;
}

/** Backfill exists from this revision on; before, its bit was never told to mean that (§5.3). */
const BACKFILL_REVISION = 5;

/** Whether the transmitter delivered this value late. */
export function isBackfilled({ revision, glucose }: EgvRecord): boolean {
  return revision >= BACKFILL_REVISION && glucose.backfilled;
}

function measuredSeconds(record: EgvRecord): SystemSeconds {
  return record.transmitter?.measuredSystemSeconds ?? record.systemSeconds;
}

/**
 * When each reading was taken (spec/receiver §7.4): a backfilled one is stored with the time it
 * arrived, so it is placed by the most recent reading before it that was not backfilled.
 *
 * @param records of types 4 and 18 together, in any order
 * @returns in the order (system time, measurement time)
 */
export function readingTimes(records: readonly EgvRecord[]): ReadingTime[] {
  const ordered = records.toSorted(
    (a, b) =>
      a.systemSeconds - b.systemSeconds ||
      measuredSeconds(a) - measuredSeconds(b) ||
      a.recordType - b.recordType ||
      a.index - b.index,
  );
  let base: EgvRecord | null = null;
  return ordered.map((record) => {
    if (isBackfilled(record)) return backfilledTime(record, base);
    base = record;
    const { systemSeconds, displaySeconds } = record;
    const confidence = certain('both times were stored with the reading');
    return { record, systemSeconds, displaySeconds, base: null, confidence };
  });
}

function backfilledTime(record: EgvRecord, base: EgvRecord | null): ReadingTime {
  const systemSeconds = measuredSeconds(record);
  if (base === null) {
    const { displaySeconds } = record;
    const confidence = doubtful('no reading before it tells the clock: this is when it arrived');
    return { record, systemSeconds, displaySeconds, base, confidence };
  }
  const seconds = base.displaySeconds - (measuredSeconds(base) - systemSeconds);
  const confidence = likely('placed by the clock of the reading before it, as one source does');
  return {
    record,
    systemSeconds,
    displaySeconds: (seconds >>> 0) as DisplaySeconds,
    base,
    confidence,
  };
}
