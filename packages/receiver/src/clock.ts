import {
  type ClockObservation,
  type DisplaySeconds,
  displaySeconds,
  systemClockErrorSeconds,
  systemSeconds,
} from '@egvkit/protocol';
import {
  readDisplayTimeOffset,
  readRtc,
  readSystemTime,
  readSystemTimeOffset,
  writeDisplayTimeOffset,
} from '@egvkit/protocol/receiver/wire';
import { ReceiverError } from './errors.ts';
import type { Line } from './line.ts';
import { unlessRefused } from './refusal.ts';

/** All clocks of a receiver at one moment. */
export interface ReceiverClock extends ClockObservation {
  readonly displaySeconds: DisplaySeconds;
  /** Display time minus system time. */
  readonly displayOffsetSeconds: number;
  /** Error of the internal clock: seconds ahead of UTC (negative: behind). */
  readonly errorSeconds: number;
}

/**
 * Parts of the internal clock: system time is the sum of both. What
 * the receiver does not tell is undefined.
 */
export interface HardwareClock {
  /** Seconds since the counter was started, when the unit was built. */
  readonly rtcSeconds: number | undefined;
  /** Start of the counter, in seconds since 2009. */
  readonly systemOffsetSeconds: number | undefined;
}

/** Result of setting the display clock: display time minus system time, in seconds. */
export interface DisplayOffsetChange {
  readonly oldOffsetSeconds: number;
  /** As the receiver told it afterwards. */
  readonly newOffsetSeconds: number;
}

/** Reads the internal clock beside the host's. */
export async function observeClock(
  line: Line,
  nowMs: () => number,
  signal: AbortSignal | undefined,
): Promise<ClockObservation> {
  let sentUnixMs = 0;
  const system = await line.ask(readSystemTime, undefined, signal, () => {
    sentUnixMs = nowMs();
  });
  const hostUnixMs = Math.round((sentUnixMs + nowMs()) / 2);
  return { systemSeconds: systemSeconds(system.systemSeconds), hostUnixMs };
}

export async function readClock(
  line: Line,
  nowMs: () => number,
  signal: AbortSignal | undefined,
): Promise<ReceiverClock> {
  const observed = await observeClock(line, nowMs, signal);
  const offset = await line.ask(readDisplayTimeOffset, undefined, signal);
  return {
    ...observed,
    // As 32 bits hold it: a receiver that has lost its time may be less than the offset old.
    displaySeconds: displaySeconds((observed.systemSeconds + offset.displayOffsetSeconds) >>> 0),
    displayOffsetSeconds: offset.displayOffsetSeconds,
    errorSeconds: systemClockErrorSeconds(observed),
  };
}

export async function readHardwareClock(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<HardwareClock> {
  const rtc = await unlessRefused(line.ask(readRtc, undefined, signal));
  const offset = await unlessRefused(line.ask(readSystemTimeOffset, undefined, signal));
  return { rtcSeconds: rtc?.rtcSeconds, systemOffsetSeconds: offset?.systemOffsetSeconds };
}

/** Writes the offset and reads it back. Whether that is allowed is found out before anything is sent. */
export async function writeDisplayOffset(
  line: Line,
  displayOffsetSeconds: number,
  signal: AbortSignal | undefined,
): Promise<DisplayOffsetChange> {
  const request = { displayOffsetSeconds };
  line.check(writeDisplayTimeOffset, request);
  const before = await line.ask(readDisplayTimeOffset, undefined, signal);
  await line.ask(writeDisplayTimeOffset, request, signal);
  const after = await line.ask(readDisplayTimeOffset, undefined, signal);
  const oldOffsetSeconds = before.displayOffsetSeconds;
  const newOffsetSeconds = after.displayOffsetSeconds;
  if (newOffsetSeconds !== displayOffsetSeconds) {
    throw new ReceiverError('notConfirmed', {
      command: 'writeDisplayTimeOffset',
      wanted: `${displayOffsetSeconds} s`,
      found: `${newOffsetSeconds} s`,
    });
  }
  return { oldOffsetSeconds, newOffsetSeconds };
}
