import type { ClockObservation, DisplaySeconds, SystemSeconds } from '../../clock.ts';
import type { EgvRecord } from '../records/egv.ts';
import type { ReceiverRecord } from '../records/index.ts';
import { readingTimes } from './backfill.ts';
import { type Confidence, weaker } from './confidence.ts';
import { userEvent } from './events.ts';
import { displayOffsetOf } from './order.ts';
import type { TimeLoss } from './time-loss.ts';
import { type UtcTime, utcByAnchor, utcByDisplayTime, type ZoneOffset } from './utc.ts';

/** How true UTC is worked out (spec/receiver §7.3): A by an observation, B by the user's zone. */
export type UtcStrategy =
  | { readonly observed: ClockObservation; readonly losses?: readonly TimeLoss[] }
  | { readonly zoneOffset: ZoneOffset };

/** A record and the true UTC of the moment it is about. */
export interface RecordUtc<R extends ReceiverRecord> {
  readonly record: R;
  readonly utc: UtcTime;
}

interface Moment {
  readonly systemSeconds: SystemSeconds;
  readonly displaySeconds: DisplaySeconds;
  readonly confidence?: Confidence;
}

/**
 * True UTC of every record, in the order given: of when a reading was taken (also if it was
 * delivered late), when a meter value was entered, when an event happened; of all others, when
 * they were stored.
 */
export function utcOfRecords<R extends ReceiverRecord>(
  records: readonly R[],
  strategy: UtcStrategy,
): RecordUtc<R>[] {
  const egvs = records.filter((record): record is R & EgvRecord => record.kind === 'egv');
  const readings = new Map<ReceiverRecord, Moment>(
    readingTimes(egvs).map((reading) => [reading.record, reading]),
  );
  return records.map((record) => {
    const moment = readings.get(record) ?? momentOf(record);
    const utc = utcOf(moment, strategy);
    const { confidence } = moment;
    if (confidence === undefined) return { record, utc };
    return { record, utc: { ...utc, confidence: weaker(utc.confidence, confidence) } };
  });
}

function utcOf(moment: Moment, strategy: UtcStrategy): UtcTime {
  return 'observed' in strategy
    ? utcByAnchor(moment, strategy.observed, strategy.losses)
    : utcByDisplayTime(moment, strategy.zoneOffset);
}

function momentOf(record: ReceiverRecord): Moment {
  if (record.kind === 'meter') {
    const systemSeconds = record.meterSystemSeconds;
    const displaySeconds = ((systemSeconds + displayOffsetOf(record)) >>> 0) as DisplaySeconds;
    return { systemSeconds, displaySeconds };
  }
  if (record.kind === 'event') {
    const { happenedSystemSeconds, happenedDisplaySeconds, confidence } = userEvent(record);
    return {
      systemSeconds: happenedSystemSeconds,
      displaySeconds: happenedDisplaySeconds,
      confidence,
    };
  }
  return record;
}
