import type { SystemSeconds } from '@egvkit/protocol';
import {
  type ClockSettings,
  type EgvRecord,
  type InsertionRecord,
  isBackfilled,
  type RecordBase,
} from '@egvkit/protocol/receiver';
import { bySystemTime, recordsByIndex } from './record-order.ts';

/** A sign that the internal clock lost time: what was stored before is not comparable with later. */
export interface TimeLossSign {
  /** System times up to this one may be of the clock as it was before. */
  readonly untilSystemSeconds: SystemSeconds;
  /** Jump of the clock in seconds (negative: back); null where nothing tells. */
  readonly jumpSeconds: number | null;
  readonly sign:
    | 'ranBack'
    | 'settingsFlag'
    | 'sessionEnd'
    | 'systemOffset'
    | 'observations'
    | 'transmitterClock';
}

/** Records that can show signs. */
export interface TimeLossRecords {
  /** Of any types together. */
  readonly records?: readonly RecordBase[] | undefined;
  /** Those with times of the transmitter, whose own clock loses no time with the receiver's. */
  readonly egvs?: readonly EgvRecord[] | undefined;
  readonly settings?: readonly ClockSettings[] | undefined;
  readonly insertions?: readonly InsertionRecord[] | undefined;
}

/** A captured clock drifted by 0.4 s a day; a hundred times that is no drift. */
export const DRIFT_SECONDS_A_DAY = 40; // receiver §7.2
export const LEAST_JUMP_SECONDS = 60;
const OFFSET_JITTER_SECONDS = 1;
/** If more than one step in so many disagrees, the two clocks cannot be compared. */
const STEPS_THAT_AGREE = 10;

/** Finds the signs in records, in no order. What makes a receiver lose time is unknown; one loss can show several signs. */
export function timeLossSigns(input: TimeLossRecords): TimeLossSign[] {
  // receiver §7.2
  const { records = [], egvs = [], settings = [], insertions = [] } = input;
  return [
    ...ranBack(records),
    ...flagged(settings),
    ...endedSessions(insertions),
    ...movedOffsets(settings),
    ...apartFromTransmitter(egvs),
  ];
}

/** A record with a higher index and an earlier time: the clock cannot have run on. */
function ranBack(records: readonly RecordBase[]): TimeLossSign[] {
  const losses: TimeLossSign[] = [];
  const byType = Map.groupBy(records, (record) => record.recordType);
  for (const ofType of byType.values()) {
    const ordered = recordsByIndex(ofType);
    ordered.forEach((record, i) => {
      const before = ordered[i - 1];
      if (before === undefined) return;
      const jumpSeconds = record.systemSeconds - before.systemSeconds;
      if (jumpSeconds >= -OFFSET_JITTER_SECONDS) return;
      losses.push({
        untilSystemSeconds: before.systemSeconds,
        jumpSeconds,
        sign: 'ranBack',
      });
    });
  }
  return losses;
}

function flagged(settings: readonly ClockSettings[]): TimeLossSign[] {
  const ordered = bySystemTime(settings);
  return ordered.flatMap((record, i) => {
    const before = ordered[i - 1];
    if (!record.flags.timeLossOccurred || before?.flags.timeLossOccurred === true) return [];
    const untilSystemSeconds = record.systemSeconds;
    return [{ untilSystemSeconds, jumpSeconds: null, sign: 'settingsFlag' as const }];
  });
}

function endedSessions(insertions: readonly InsertionRecord[]): TimeLossSign[] {
  return insertions
    .filter((record) => record.state.name === 'offTimeLoss')
    .map((record) => ({
      untilSystemSeconds: record.systemSeconds,
      jumpSeconds: null,
      sign: 'sessionEnd',
    }));
}

/** System time is a counter plus this offset, which was constant on a healthy receiver. */
function movedOffsets(settings: readonly ClockSettings[]): TimeLossSign[] {
  // receiver §7.1
  const ordered = bySystemTime(settings);
  return ordered.flatMap((record, i) => {
    const before = ordered[i - 1];
    if (before === undefined) return [];
    // Unsigned in some revisions: of a clock that began again, the offset is below 0 (§5.11).
    const jumpSeconds = (record.systemOffsetSeconds - before.systemOffsetSeconds) | 0;
    if (Math.abs(jumpSeconds) <= OFFSET_JITTER_SECONDS) return [];
    const untilSystemSeconds = record.systemSeconds;
    return [{ untilSystemSeconds, jumpSeconds, sign: 'systemOffset' as const }];
  });
}

/** Readings between which the receiver's clock went on by another time than the transmitter's. */
function apartFromTransmitter(egvs: readonly EgvRecord[]): TimeLossSign[] {
  const timed = recordsByIndex(egvs.filter(isTimedByTransmitter));
  let steps = 0;
  const apart: { readonly earlier: EgvRecord; readonly jumpSeconds: number }[] = [];
  let earlier: TimedRecord | undefined;
  for (const later of timed) {
    const before = earlier;
    earlier = later;
    if (before === undefined) continue;
    const transmitterStep =
      later.transmitter.transmitterSeconds - before.transmitter.transmitterSeconds;
    const systemStep =
      later.transmitter.measuredSystemSeconds - before.transmitter.measuredSystemSeconds;
    // Another transmitter counts from elsewhere, and a clock that ran back shows by itself.
    if (transmitterStep < 0 || systemStep < -OFFSET_JITTER_SECONDS) continue;
    steps++;
    const jumpSeconds = systemStep - transmitterStep;
    const drift = (DRIFT_SECONDS_A_DAY * transmitterStep) / 86_400;
    if (Math.abs(jumpSeconds) <= LEAST_JUMP_SECONDS + drift) continue;
    apart.push({ earlier: before, jumpSeconds });
  }
  if (apart.length > 1 && apart.length * STEPS_THAT_AGREE > steps) return [];
  return apart.map(({ earlier: { systemSeconds }, jumpSeconds }) => ({
    untilSystemSeconds: systemSeconds,
    jumpSeconds,
    sign: 'transmitterClock',
  }));
}

/** A live reading with the times of the transmitter. */
type TimedRecord = EgvRecord & {
  readonly transmitter: {
    readonly measuredSystemSeconds: number;
    readonly transmitterSeconds: number;
  };
};

function isTimedByTransmitter(record: EgvRecord): record is TimedRecord {
  const { measuredSystemSeconds, transmitterSeconds = null } = record.transmitter ?? {};
  return (
    measuredSystemSeconds !== undefined && transmitterSeconds !== null && !isBackfilled(record)
  );
}
