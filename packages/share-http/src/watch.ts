import { ShareError } from '@egvkit/protocol';
import { type Sleep, sleep } from './platform.ts';
import type { CallOptions } from './readings.ts';
import {
  type Look,
  Looks,
  type Watched,
  type WatchedReading,
  type WatchGap,
} from './watch-looks.ts';

export type { WatchedReading };

/** How to watch. */
export interface WatchOptions extends CallOptions {
  /** Everything after this instant (Unix milliseconds); only what is new if left out. */
  readonly sinceMs?: number | undefined;
  /** Told of each failure that watching goes on after: an outage, an answer that makes no sense. */
  readonly onTrouble?: ((error: ShareError) => void) | undefined;
  /**
   * Told of each time whose readings cannot be had any more, before those that come after it. The
   * service reads back a day and 288 records, copies counted: half a day if two devices publish.
   * What an outage, a sleep of the machine or `sinceMs` leaves unread beyond that is lost.
   */
  readonly onGap?: ((gap: WatchGap) => void) | undefined;
}

/** What watching needs of its surroundings. */
export interface WatchPlatform {
  readonly now?: () => number;
  readonly sleep?: Sleep;
  readonly random?: () => number;
}

const MINUTE_MS = 60_000;
const READING_EVERY_MS = 5 * MINUTE_MS;
/** A reading shows up this much after it was measured; others wait 10 … 30 s (spec/share §4.8). */
const LAG_MS = 15_000;
const JITTER_MS = 15_000;
const FLOOR_MS = MINUTE_MS;
/** No timer is trusted for longer, since it stands still while the machine sleeps. */
const SLICE_MS = MINUTE_MS;

/**
 * When to ask again: when the next reading is due, a minute later while it is late, and every five
 * minutes after that. Never sooner than a minute, never later than a reading takes: whose clock
 * is right is not known.
 */
export function nextPollMs(newestMs: number, nowMs: number, random: () => number): number {
  const marginMs = LAG_MS + JITTER_MS * random();
  const longestMs = READING_EVERY_MS + marginMs;
  const dueMs = newestMs + longestMs;
  if (dueMs > nowMs) return Math.min(Math.max(dueMs - nowMs, FLOOR_MS), longestMs);
  const lateMs = nowMs - dueMs;
  if (lateMs < READING_EVERY_MS) return FLOOR_MS + (marginMs - LAG_MS);
  const nextMs = READING_EVERY_MS - ((nowMs - newestMs - marginMs) % READING_EVERY_MS);
  return Number.isFinite(nextMs) ? Math.max(nextMs, FLOOR_MS) : longestMs;
}

/** A sign-in is known by its name; the table of all calls would be much to carry for that. */
const SIGN_IN = /^(?:Login|Authenticate)/;
/** A sign-in that fails may be counted, whatever it is answered (spec/share §3.5). */
const SIGN_IN_EVERY_MS = 60 * MINUTE_MS;
const ANSWERS = new Set<string>(['serviceFault', 'badReply', 'sessionRejected']);

/**
 * How long to stay away after so many failures in a row: as long as a reading takes at most, but
 * an hour where a sign-in is answered without sense.
 */
export function troubleWaitMs(error: ShareError, failures: number, random: () => number): number {
  const { retryAfterMs = 0, endpoint = '' } = error.data as {
    readonly retryAfterMs?: number;
    readonly endpoint?: string;
  };
  const mostMs =
    ANSWERS.has(error.code) && SIGN_IN.test(endpoint) ? SIGN_IN_EVERY_MS : READING_EVERY_MS;
  const ms = Math.min(FLOOR_MS * 2 ** (failures - 1), mostMs) + JITTER_MS * random();
  return Math.max(ms, retryAfterMs);
}

/**
 * Gives each new reading once, in order, as long as it is iterated. It asks when the next one is
 * due, reads a window that overlaps the one before, so that gaps which are filled later come too
 * (marked `late`), and goes on through outages, sleep of the machine and sessions that end. No
 * clock needs to be right. What the service does not read back any more is told to `onGap`.
 *
 * Ends when the signal is aborted, by throwing its reason.
 *
 * @throws ShareError that waiting does not cure, such as `credentialsRefused`, and `loginBlocked`
 */
export async function* watchReadings(
  watched: Watched,
  options: WatchOptions = {},
  platform: WatchPlatform = {},
): AsyncGenerator<WatchedReading, void, void> {
  const { signal, sinceMs, onTrouble, onGap } = options;
  const { now = Date.now, random = Math.random } = platform;
  const pause = pauses(platform.sleep ?? sleep, now, signal);
  const looks = new Looks(watched, now, sinceMs);
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    let waitMs: number;
    let look: Look | undefined;
    try {
      look = await looks.look(signal);
      failures = 0;
      waitMs = nextPollMs(looks.newestMs, now(), random);
    } catch (error) {
      if (!(error instanceof ShareError) || !error.retryable) throw error;
      failures++;
      onTrouble?.(error);
      waitMs = troubleWaitMs(error, failures, random);
    }
    if (look?.gap) onGap?.(look.gap);
    if (look) yield* look.found;
    await pause(waitMs);
    looks.waited(waitMs);
  }
}

/** Waits in slices by the clock, so that a machine that has slept asks at once. */
function pauses(sleepFor: Sleep, now: () => number, signal: AbortSignal | undefined) {
  const listening = signal ?? new AbortController().signal;
  return async (ms: number): Promise<void> => {
    const untilMs = now() + ms;
    for (let leftMs = ms; leftMs > 0 && leftMs <= ms; leftMs = untilMs - now()) {
      signal?.throwIfAborted();
      await sleepFor(Math.min(leftMs, SLICE_MS), listening);
    }
  };
}
