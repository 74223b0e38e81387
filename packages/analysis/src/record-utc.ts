import type { ClockObservation, DisplaySeconds, SystemSeconds } from '@egvkit/protocol';
import type { EgvRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import { type Confidence, weaker } from './confidence.ts';
import { readingTimes } from './reading-times.ts';
import { displayOffsetOf } from './record-order.ts';
import type { TimeLossSign } from './time-loss-signs.ts';
import { userEvent } from './user-events.ts';
import { type UtcTime, utcByAnchor, utcByDisplayTime, type ZoneOffset } from './utc.ts';

/** Source of true UTC: an observation of the clock, or the user's time zone. */
export type UtcStrategy =
  | { readonly observed: ClockObservation; readonly losses?: readonly TimeLossSign[] | undefined }
  | { readonly zoneOffset: ZoneOffset };

/** A record and the true UTC of the moment it is about. */
export interface RecordUtc<R extends ReceiverRecord> {
  readonly record: R;
  readonly utc: UtcTime;
}

interface Moment {
  readonly systemSeconds: SystemSeconds;
  readonly displaySeconds: DisplaySeconds;
  readonly confidence?: Confidence | undefined;
}

/**
 * True UTC of every record, in the order given: of when a reading was taken (also if it was
 * delivered late), when a meter value was entered, when an event happened; of all others, when
 * they were stored.
 *
 * @example
 * ```ts
 * import { utcOfRecords } from '@egvkit/analysis';
 * import type { EgvRecord } from '@egvkit/protocol/receiver';
 * import type { Receiver } from '@egvkit/receiver';
 *
 * export async function printTimes(receiver: Receiver, records: readonly EgvRecord[]) {
 *   const observed = await receiver.clock();
 *   for (const { record, utc } of utcOfRecords(records, { observed })) {
 *     console.log(new Date(utc.unixMs), record.glucose.mgDl, utc.confidence.level);
 *   }
 * }
 * ```
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
