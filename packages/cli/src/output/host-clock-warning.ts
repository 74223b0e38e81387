import type { ClockObservation } from '@egvkit/protocol';
import { systemClockErrorSeconds } from '@egvkit/protocol';
import { EARLIEST_HOST_MS } from '@egvkit/uploader';
import { describeClockError, HOST_CLOCK } from './words.ts';

/** Most seconds that a receiver clock is believed to run ahead; no receiver was over three hours. */
const MOST_AHEAD_SECONDS = 86_400; // receiver §13

/** One sentence if this computer's clock, by which true times are worked out, can hardly be right. */
export function hostClockWarning(clock: ClockObservation): string | undefined {
  const hostTime = `${new Date(clock.hostUnixMs).toISOString().slice(0, 19)}Z`;
  if (clock.hostUnixMs < EARLIEST_HOST_MS) {
    return `This computer's clock says ${hostTime}, which cannot be: every true time given here is wrong until it is set.`;
  }
  const errorSeconds = systemClockErrorSeconds(clock);
  if (errorSeconds <= MOST_AHEAD_SECONDS) return undefined;
  return `The receiver's clock is ${describeClockError(errorSeconds, HOST_CLOCK)}, which says ${hostTime}: if this computer's is wrong, so is every true time given here.`;
}
