import { outOfRange } from './errors/input.ts';

/** 2009-01-01T00:00:00Z in Unix seconds: where both clocks of a receiver start. */
export const RECEIVER_EPOCH_UNIX_SECONDS = 1_230_768_000; // receiver §7.1

declare const clock: unique symbol;

/**
 * Seconds since 2009 on the receiver's internal clock. Never changed by the user, so the right
 * key to sort and to remember by; not necessarily UTC.
 */
export type SystemSeconds = number & { readonly [clock]: 'system' }; // receiver §7.2

/**
 * Seconds since 2009 as the receiver's screen showed them: a wall clock without a zone.
 */
export type DisplaySeconds = number & { readonly [clock]: 'display' }; // receiver §7.2

const U32_MAX = 0xffff_ffff;

function u32Seconds(what: string, seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > U32_MAX) {
    throw outOfRange(what, seconds, `a whole number from 0 to ${U32_MAX}`);
  }
  return seconds;
}

/** A number as system seconds. Throws `outOfRange` unless it is a whole u32. */
export function systemSeconds(seconds: number): SystemSeconds {
  return u32Seconds('system time', seconds) as SystemSeconds;
}

/** A number as display seconds. Throws `outOfRange` unless it is a whole u32. */
export function displaySeconds(seconds: number): DisplaySeconds {
  return u32Seconds('display time', seconds) as DisplaySeconds;
}

/** The receiver's seconds as Unix milliseconds, its clock taken at its word. */
export function receiverClockUnixMs(seconds: SystemSeconds | DisplaySeconds): number {
  return (RECEIVER_EPOCH_UNIX_SECONDS + seconds) * 1000;
}

/** Formats display time as `2021-09-04T15:06:40`; no zone, because the receiver knows none. */
export function wallClock(seconds: DisplaySeconds): string {
  return new Date(receiverClockUnixMs(seconds)).toISOString().slice(0, 19);
}

/** The receiver's internal clock and the host's, read at the same moment. */
export interface ClockObservation {
  readonly systemSeconds: SystemSeconds;
  /** Unix milliseconds on the host, whose clock is trusted. */
  readonly hostUnixMs: number;
}

/**
 * True UTC of a system time, anchored on one observation:
 * `hostNow − (systemNow − system)`. Independent of the user's clock settings and of daylight
 * saving; wrong only across a loss of the receiver's time. Good to a second, the resolution of
 * the receiver's clock.
 *
 * @returns Unix milliseconds
 */
export function systemTimeToUtcMs(seconds: SystemSeconds, observed: ClockObservation): number {
  // receiver §7.3
  return observed.hostUnixMs - (observed.systemSeconds - seconds) * 1000;
}

/**
 * Tells how far the receiver's internal clock is ahead of UTC, in whole seconds (negative: behind).
 * Share's `TA` is this with the opposite sign.
 */
export function systemClockErrorSeconds(observed: ClockObservation): number {
  // share §4.2
  const error = Math.round(
    (receiverClockUnixMs(observed.systemSeconds) - observed.hostUnixMs) / 1000,
  );
  return error === 0 ? 0 : error; // Math.round gives -0 for -0.4
}
