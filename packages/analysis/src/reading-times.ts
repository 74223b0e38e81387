import type { DisplaySeconds, SystemSeconds } from '@egvkit/protocol';
import { type EgvRecord, isBackfilled } from '@egvkit/protocol/receiver';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';

/** Time of a reading on both clocks. */
export interface ReadingTime {
  readonly record: EgvRecord;
  /** The internal clock: the measurement time of a backfilled value, else the system time. */
  readonly systemSeconds: SystemSeconds;
  /** Time on the screen at that moment. */
  readonly displaySeconds: DisplaySeconds;
  /** The reading whose clock was used to place a backfilled one; null for all others. */
  readonly base: EgvRecord | null;
  readonly confidence: Confidence;
}

function measuredSeconds(record: EgvRecord): SystemSeconds {
  return record.transmitter?.measuredSystemSeconds ?? record.systemSeconds;
}

/**
 * Tells when each reading was measured: a backfilled one is stored with the time it
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
