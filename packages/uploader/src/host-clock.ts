import type { ServiceClock } from './destination.ts';
import { UploadError } from './errors.ts';

/** A clock further from the service's than this is wrong, and nothing is uploaded by it. */
const HOST_CLOCK_LIMIT_MS = 2 * 60 * 1000;

const SECOND_MS = 1000;
const HALF_SECOND_MS = 500;

/**
 * A time before egvkit existed, Unix ms: a computer without a battery clock starts in 1970 or with its
 * image, and what it works out from its clock is wrong.
 */
export const EARLIEST_HOST_MS = Date.UTC(2026, 0, 1);

/**
 * Correction of this computer's time, in ms of whole seconds: by the service's clock, so that
 * every uploader of an account goes by the same one. 0 where the two are less than a second apart, or
 * may be less than half a second apart, or where the service tells no time.
 *
 * @throws UploadError `hostClockWrong` if they are more than two minutes apart, or if the
 *   computer's own time cannot be
 */
export function correctionMs(hostUtcMs: number, service: ServiceClock | undefined): number {
  const limitSeconds = HOST_CLOCK_LIMIT_MS / 1000;
  const hostTime = new Date(hostUtcMs).toISOString();
  if (service === undefined) {
    if (hostUtcMs >= EARLIEST_HOST_MS) return 0;
    throw new UploadError('hostClockWrong', { aheadSeconds: undefined, hostTime, limitSeconds });
  }
  const { offsetMs, uncertaintyMs } = service;
  if (Math.abs(offsetMs) > HOST_CLOCK_LIMIT_MS + uncertaintyMs) {
    const aheadSeconds = Math.round(-offsetMs / 1000);
    throw new UploadError('hostClockWrong', { aheadSeconds, hostTime, limitSeconds });
  }
  // In whole seconds, as readings are sent: two uploads at once are to come to the same time.
  const mostMs = Math.max(SECOND_MS, HALF_SECOND_MS + uncertaintyMs);
  return Math.abs(offsetMs) <= mostMs ? 0 : Math.round(offsetMs / SECOND_MS) * SECOND_MS;
}

/** The clocks of this computer. */
export interface HostClocks {
  /** Its time, Unix ms; it may be set, by a person or by itself. */
  readonly nowMs: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly monotonicMs: () => number;
}

/** Greatest step of this computer's clock that is no setting of it, ms (ours). */
const MOST_STEP_MS = 500;

/** This computer's time when its steady clock was at 0, as it is now believed to have been. */
export function clockBaseMs({ nowMs, monotonicMs }: HostClocks): number {
  return nowMs() - monotonicMs();
}

/** True if this computer's clock was set, or the computer slept, since it had this base. */
export function wasClockSet(clocks: HostClocks, baseMs: number): boolean {
  return Math.abs(clockBaseMs(clocks) - baseMs) > MOST_STEP_MS;
}

/**
 * Makes sure that this computer's clock is still the one that something was timed by.
 *
 * @throws UploadError `hostClockChanged`
 */
export function requireSameClock(clocks: HostClocks, baseMs: number): void {
  if (!wasClockSet(clocks, baseMs)) return;
  const bySeconds = Math.round((clockBaseMs(clocks) - baseMs) / 1000);
  throw new UploadError('hostClockChanged', { bySeconds });
}
