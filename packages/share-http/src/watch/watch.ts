import { sleep } from '@egvkit/platform';
import type { CallOptions } from '../call-options.ts';
import type { ShareError } from '../errors/share-error.ts';
import type { Platform } from '../http/platform.ts';
import { canPass, nextPollMs, retryWaitMs } from './pace.ts';
import {
  type Poll,
  Poller,
  type ReadingSource,
  type WatchedReading,
  type WatchGap,
} from './poller.ts';

/** Options of watching. */
export interface WatchOptions extends CallOptions {
  /** Start of the readings to give, exclusive, in Unix ms; from the newest on if left out. */
  readonly sinceMs?: number | undefined;
  /** Called with each failure that watching goes on after, such as an outage. */
  readonly onFailure?: ((error: ShareError) => void) | undefined;
  /**
   * Called with each time whose readings are lost, before the readings that come after it. The
   * service reads back a day and 288 records, copies counted: half a day if two devices publish.
   * Readings before that are lost if an outage, a sleep of the machine or `sinceMs` left them unread.
   */
  readonly onGap?: ((gap: WatchGap) => void) | undefined;
}

/** Longest timer, since a timer stands still while the machine sleeps. */
const SLICE_MS = 60_000;

/**
 * Gives each new reading once, in order, as long as it is iterated. It polls when the next one is
 * due, reads a window that overlaps the one before, so that gaps which are filled later come too
 * (marked `late`), and goes on through outages, sleep of the machine and sessions that end. No
 * clock needs to be right. Times that the service does not read back any more go to `onGap`.
 *
 * Ends when the signal is aborted, by throwing its reason.
 *
 * @throws ShareError that waiting does not cure, such as `credentialsRefused`, `accountLocked`, and
 *   `badRequest`: with HTTP 403 or 404 after three hours of nothing else
 *
 * @example
 * ```ts
 * import { ShareReader, watchReadings } from '@egvkit/share-http';
 *
 * const reader = new ShareReader({ region: 'us', accountName: 'ann', password: 'secret' });
 * for await (const { utcMs, mgDl, trend } of watchReadings(reader)) {
 *   console.log(new Date(utcMs).toISOString(), mgDl, trend.name);
 * }
 * ```
 */
export function watchReadings(
  source: ReadingSource,
  options: WatchOptions = {},
): AsyncGenerator<WatchedReading, void, void> {
  return watchWith(source, options, {});
}

/** {@link watchReadings} with the clock, timer and chance of a client. */
export async function* watchWith(
  source: ReadingSource,
  options: WatchOptions,
  platform: Pick<Platform, 'now' | 'sleep' | 'random'>,
): AsyncGenerator<WatchedReading, void, void> {
  const { signal, sinceMs, onFailure, onGap } = options;
  const { now = Date.now, random = Math.random, sleep: sleepFor = sleep } = platform;
  const pause = pauses(sleepFor, now, options);
  const poller = new Poller(source, now, sinceMs);
  let failures = 0;
  let failingMs = 0;
  for (;;) {
    signal?.throwIfAborted();
    let waitMs: number;
    let poll: Poll | undefined;
    try {
      poll = await poller.poll({ signal });
      failures = 0;
      failingMs = 0;
      waitMs = nextPollMs(poller.newestMs, now(), random);
    } catch (error) {
      if (!canPass(error, failingMs)) throw error;
      failures++;
      onFailure?.(error);
      waitMs = retryWaitMs(error, failures, random);
      failingMs += waitMs;
    }
    if (poll?.gap) onGap?.(poll.gap);
    if (poll) yield* poll.found;
    await pause(waitMs);
    poller.waited(waitMs);
  }
}

/** Waits in slices by the clock, so that a machine that has slept polls at once. */
function pauses(
  sleepFor: NonNullable<Platform['sleep']>,
  now: () => number,
  { signal }: CallOptions,
) {
  return async (ms: number): Promise<void> => {
    const untilMs = now() + ms;
    for (let leftMs = ms; leftMs > 0 && leftMs <= ms; leftMs = untilMs - now()) {
      signal?.throwIfAborted();
      await sleepFor(Math.min(leftMs, SLICE_MS), signal);
    }
  };
}
