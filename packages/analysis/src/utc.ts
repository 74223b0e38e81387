import {
  type ClockObservation,
  type DisplaySeconds,
  receiverClockUnixMs,
  type SystemSeconds,
  systemTimeToUtcMs,
} from '@egvkit/protocol';
import { type Confidence, doubtful, likely } from './confidence.ts';
import type { TimeLossSign } from './time-loss-signs.ts';

/** A moment in true UTC. */
export interface UtcTime {
  readonly unixMs: number;
  /** Source of the time: an observed clock, or the display time in a time zone. */
  readonly strategy: 'anchor' | 'displayTime';
  readonly confidence: Confidence;
}

/** A clock read and a record stored in the same second may differ by one. */
const RESOLUTION_SECONDS = 1;

/**
 * Strategy A: anchored on one reading of the receiver's internal clock beside a host clock that
 * is trusted. Independent of what the user did to the clock; wrong only across a time loss,
 * which is why the known ones are asked for. Good to a second, plus the clock's drift since.
 *
 * @param times of a record, or a `ReadingTime` for a reading that may be backfilled
 */
export function utcByAnchor(
  times: { readonly systemSeconds: SystemSeconds },
  observed: ClockObservation,
  losses: readonly TimeLossSign[] = [],
): UtcTime {
  const { systemSeconds } = times;
  const unixMs = systemTimeToUtcMs(systemSeconds, observed);
  const strategy = 'anchor';
  if (losses.some((loss) => systemSeconds <= loss.untilSystemSeconds)) {
    const confidence = doubtful('the internal clock lost time between it and the observation');
    return { unixMs, strategy, confidence };
  }
  if (systemSeconds > observed.systemSeconds + RESOLUTION_SECONDS) {
    const confidence = doubtful('it is later than the clock it is anchored on');
    return { unixMs, strategy, confidence };
  }
  const confidence = likely('as far from now as the internal clock says; no time loss is known');
  return { unixMs, strategy, confidence };
}

/** Offset of a zone at a moment (Unix ms): seconds ahead of UTC. */
export type ZoneOffset = (unixMs: number) => number;

const DAY_MS = 86_400_000;

/**
 * Strategy B: what the screen showed, read as wall-clock time of the user's zone. Right where
 * the user kept the clock right. A time that a zone shows twice gives the first of the two; one
 * that it skips is read with the offset before.
 */
export function utcByDisplayTime(
  times: { readonly displaySeconds: DisplaySeconds },
  zoneOffset: ZoneOffset,
): UtcTime {
  const strategy = 'displayTime';
  const wallMs = receiverClockUnixMs(times.displaySeconds);
  const offsets = [zoneOffset(wallMs - DAY_MS), zoneOffset(wallMs + DAY_MS)];
  const before = wallMs - (offsets[0] ?? 0) * 1000;
  const possible = [...new Set(offsets.map((offset) => wallMs - offset * 1000))]
    .filter((unixMs) => zoneOffset(unixMs) * 1000 === wallMs - unixMs)
    .sort((a, b) => a - b);
  const [first, second] = possible;
  if (first === undefined) {
    const confidence = doubtful('the zone skips this time');
    return { unixMs: before, strategy, confidence };
  }
  if (second !== undefined) {
    const confidence = doubtful('the zone shows this time twice; the first is given');
    return { unixMs: first, strategy, confidence };
  }
  const confidence = likely('what the screen showed, in the given zone; right if it was set right');
  return { unixMs: first, strategy, confidence };
}
