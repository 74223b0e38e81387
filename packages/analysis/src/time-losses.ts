import {
  type ClockObservation,
  type SystemSeconds,
  systemClockErrorSeconds,
} from '@egvkit/protocol';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';
import {
  DRIFT_SECONDS_A_DAY,
  LEAST_JUMP_SECONDS,
  type TimeLossRecords,
  type TimeLossSign,
  timeLossSigns,
} from './time-loss-signs.ts';

/** The internal clock lost time: what was stored before is not comparable with what came after. */
export interface TimeLoss extends TimeLossSign {
  readonly confidence: Confidence;
}

export interface TimeLossInput extends TimeLossRecords {
  /** The internal clock beside a host's that is trusted, at several moments. */
  readonly observations?: readonly ClockObservation[] | undefined;
}

const CONFIDENCE: Readonly<Record<TimeLoss['sign'], Confidence>> = {
  ranBack: certain('a later record has an earlier time; it jumped back at least so far'),
  settingsFlag: likely('the receiver set its flag for it; one source names the flag'),
  sessionEnd: likely('a sensor session ended with the state that is named after it'),
  systemOffset: doubtful('the offset of the internal clock moved; that it means this is ours'),
  observations: likely('the receiver’s clock and the host’s moved apart; either may have jumped'),
  transmitterClock: doubtful(
    'the transmitter’s clock went on otherwise, or is another transmitter’s',
  ),
};

/**
 * Signs that the internal clock lost time, by the end of the time they
 * concern. What makes a receiver lose time is unknown; one loss can show several signs.
 */
export function timeLosses({ observations = [], ...records }: TimeLossInput): TimeLoss[] {
  return [...timeLossSigns(records), ...disagreeing(observations)]
    .map((loss) => ({ ...loss, confidence: CONFIDENCE[loss.sign] }))
    .sort((a, b) => a.untilSystemSeconds - b.untilSystemSeconds);
}

function disagreeing(observations: readonly ClockObservation[]): TimeLossSign[] {
  const ordered = observations.toSorted((a, b) => a.hostUnixMs - b.hostUnixMs);
  return ordered.flatMap((later, i) => {
    const earlier = ordered[i - 1];
    if (earlier === undefined) return [];
    const days = (later.hostUnixMs - earlier.hostUnixMs) / 86_400_000;
    const jumpSeconds = systemClockErrorSeconds(later) - systemClockErrorSeconds(earlier);
    if (Math.abs(jumpSeconds) <= LEAST_JUMP_SECONDS + DRIFT_SECONDS_A_DAY * days) return [];
    const seconds = Math.max(earlier.systemSeconds, later.systemSeconds) as SystemSeconds;
    return [{ untilSystemSeconds: seconds, jumpSeconds, sign: 'observations' as const }];
  });
}
