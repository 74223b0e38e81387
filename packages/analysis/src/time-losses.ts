import {
  type ClockObservation,
  type SystemSeconds,
  systemClockErrorSeconds,
} from '@egvkit/protocol';
import {
  type EgvRecord,
  type InsertionRecord,
  isBackfilled,
  type RecordBase,
  type SettingsRecord,
} from '@egvkit/protocol/receiver';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';
import { bySystemTime, recordsByIndex } from './record-order.ts';

/** The internal clock lost time: what was stored before is not comparable with what came after. */
export interface TimeLoss {
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
  readonly confidence: Confidence;
}

export interface TimeLossInput {
  /** Of any types together. */
  readonly records?: readonly RecordBase[];
  /** Those with times of the transmitter, whose own clock loses no time with the receiver's. */
  readonly egvs?: readonly EgvRecord[];
  readonly settings?: readonly SettingsRecord[];
  readonly insertions?: readonly InsertionRecord[];
  /** The internal clock beside a host's that is trusted, at several moments. */
  readonly observations?: readonly ClockObservation[];
}

/** A captured clock drifted by 0.4 s a day; a hundred times that is no drift. */
const DRIFT_SECONDS_A_DAY = 40; // receiver §7.2
const LEAST_JUMP_SECONDS = 60;
const OFFSET_JITTER_SECONDS = 1;
/** If more than one step in so many disagrees, the two clocks cannot be compared. */
const STEPS_THAT_AGREE = 10;

/**
 * Signs that the internal clock lost time, by the end of the time they
 * concern. What makes a receiver lose time is unknown; one loss can show several signs.
 */
export function timeLosses(input: TimeLossInput): TimeLoss[] {
  // receiver §7.2
  const { records = [], egvs = [], settings = [], insertions = [], observations = [] } = input;
  return [
    ...ranBack(records),
    ...flagged(settings),
    ...endedSessions(insertions),
    ...movedOffsets(settings),
    ...disagreeing(observations),
    ...apartFromTransmitter(egvs),
  ].sort((a, b) => a.untilSystemSeconds - b.untilSystemSeconds);
}

/** A record with a higher index and an earlier time: the clock cannot have run on. */
function ranBack(records: readonly RecordBase[]): TimeLoss[] {
  const losses: TimeLoss[] = [];
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
        confidence: certain('a later record has an earlier time; it jumped back at least so far'),
      });
    });
  }
  return losses;
}

function flagged(settings: readonly SettingsRecord[]): TimeLoss[] {
  const ordered = bySystemTime(settings);
  return ordered.flatMap((record, i) => {
    const before = ordered[i - 1];
    if (!record.flags.timeLossOccurred || before?.flags.timeLossOccurred === true) return [];
    const confidence = likely('the receiver set its flag for it; one source names the flag');
    const untilSystemSeconds = record.systemSeconds;
    return [{ untilSystemSeconds, jumpSeconds: null, sign: 'settingsFlag' as const, confidence }];
  });
}

function endedSessions(insertions: readonly InsertionRecord[]): TimeLoss[] {
  return insertions
    .filter((record) => record.state.name === 'offTimeLoss')
    .map((record) => ({
      untilSystemSeconds: record.systemSeconds,
      jumpSeconds: null,
      sign: 'sessionEnd',
      confidence: likely('a sensor session ended with the state that is named after it'),
    }));
}

/** System time is a counter plus this offset, which was constant on a healthy receiver. */
function movedOffsets(settings: readonly SettingsRecord[]): TimeLoss[] {
  // receiver §7.1
  const ordered = bySystemTime(settings);
  return ordered.flatMap((record, i) => {
    const before = ordered[i - 1];
    if (before === undefined) return [];
    // Unsigned in some revisions: of a clock that began again, the offset is below 0 (§5.11).
    const jumpSeconds = (record.systemOffsetSeconds - before.systemOffsetSeconds) | 0;
    if (Math.abs(jumpSeconds) <= OFFSET_JITTER_SECONDS) return [];
    const confidence = doubtful(
      'the offset of the internal clock moved; that it means this is ours',
    );
    const untilSystemSeconds = record.systemSeconds;
    return [{ untilSystemSeconds, jumpSeconds, sign: 'systemOffset' as const, confidence }];
  });
}

function disagreeing(observations: readonly ClockObservation[]): TimeLoss[] {
  const ordered = observations.toSorted((a, b) => a.hostUnixMs - b.hostUnixMs);
  return ordered.flatMap((later, i) => {
    const earlier = ordered[i - 1];
    if (earlier === undefined) return [];
    const days = (later.hostUnixMs - earlier.hostUnixMs) / 86_400_000;
    const jumpSeconds = systemClockErrorSeconds(later) - systemClockErrorSeconds(earlier);
    if (Math.abs(jumpSeconds) <= LEAST_JUMP_SECONDS + DRIFT_SECONDS_A_DAY * days) return [];
    const seconds = Math.max(earlier.systemSeconds, later.systemSeconds) as SystemSeconds;
    const confidence = likely(
      'the receiver’s clock and the host’s moved apart; either may have jumped',
    );
    return [
      { untilSystemSeconds: seconds, jumpSeconds, sign: 'observations' as const, confidence },
    ];
  });
}

/** Readings between which the receiver's clock went on by another time than the transmitter's. */
function apartFromTransmitter(egvs: readonly EgvRecord[]): TimeLoss[] {
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
    confidence: doubtful('the transmitter’s clock went on otherwise, or is another transmitter’s'),
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
