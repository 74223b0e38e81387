import { ShareError } from '@egvkit/protocol';
import { DUPLICATE_WITHIN_MS, type FoldedReading, MOST_READINGS } from '@egvkit/protocol/share';
import { type Sleep, sleep } from './platform.ts';
import type { CallOptions } from './readings.ts';
import { APART_MS, Looks, type Watched, type WatchGap } from './watch-looks.ts';

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

/** A reading that has not been seen before. */
export interface WatchedReading extends FoldedReading {
  /** It is older than one that was given already: a gap that was filled afterwards. */
  readonly late: boolean;
}

const MINUTE_MS = 60_000;
const READING_EVERY_MS = 5 * MINUTE_MS;
/** A reading shows up this much after it was measured; others wait 10 … 30 s (spec/share §4.8). */
const LAG_MS = 15_000;
const JITTER_MS = 15_000;
const FLOOR_MS = MINUTE_MS;
/** Gaps are filled by the phone up to this much later (spec/share §4.8). */
const OVERLAP_MS = 60 * MINUTE_MS;
/** A hole in what was seen is looked at again for this long. */
const GAP_OPEN_MS = 6 * 60 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** No timer is trusted for longer, since it stands still while the machine sleeps. */
const SLICE_MS = MINUTE_MS;

/** Which readings have been given, as far back as the service reads. */
class Seen {
  #readings: { readonly utcMs: number; readonly mgDl: number }[] = [];
  newestMs = Number.NEGATIVE_INFINITY;

  /** The same value within 30 s is the same reading: which copy came first may change. */
  has({ utcMs, mgDl }: FoldedReading): boolean {
    return this.#readings.some(
      (known) => known.mgDl === mgDl && Math.abs(known.utcMs - utcMs) <= DUPLICATE_WITHIN_MS,
    );
  }

  add({ utcMs, mgDl, duplicates }: FoldedReading): void {
    this.#readings.push({ utcMs, mgDl }, ...duplicates);
    this.newestMs = Math.max(this.newestMs, utcMs);
    // Beyond what the service reads, nothing comes back.
    const oldestMs = this.newestMs - DAY_MS - OVERLAP_MS;
    if (this.#readings.length > 2 * MOST_READINGS) {
      this.#readings = this.#readings.filter((known) => known.utcMs >= oldestMs);
    }
  }

  /** From when on to read: an hour before the newest, or where the oldest open hole begins. */
  readFromMs(): number {
    const sinceMs = this.newestMs - GAP_OPEN_MS;
    const times = this.#readings.map(({ utcMs }) => utcMs).filter((utcMs) => utcMs >= sinceMs);
    times.sort((a, b) => a - b);
    const hole = times.find((utcMs, at) => (times[at + 1] ?? utcMs) - utcMs > APART_MS);
    return Math.min(this.newestMs - OVERLAP_MS, hole ?? Number.POSITIVE_INFINITY);
  }
}

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

/** What one look brought that is new, oldest first. */
function fresh(seen: Seen, readings: readonly FoldedReading[], afterMs: number): WatchedReading[] {
  const found: WatchedReading[] = [];
  for (const reading of readings.toReversed()) {
    if (reading.utcMs <= afterMs || seen.has(reading)) continue;
    found.push({ ...reading, late: reading.utcMs < seen.newestMs });
    seen.add(reading);
  }
  return found;
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
  const seen = new Seen();
  // The start is a time by the service's clock, if one is given, or now, whatever clock says so.
  const startMs = sinceMs === undefined ? now() - OVERLAP_MS : Number.NEGATIVE_INFINITY;
  let afterMs = sinceMs;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    let waitMs: number;
    let readings: readonly FoldedReading[] = [];
    let gap: WatchGap | undefined;
    try {
      const hasBegun = seen.newestMs > 0;
      const fromMs = hasBegun ? seen.readFromMs() : startMs;
      ({ readings, gap } = await looks.look(fromMs, hasBegun ? seen.newestMs : sinceMs, signal));
      failures = 0;
      const newestMs = readings[0]?.utcMs ?? seen.newestMs;
      // Without a start, the newest reading there is comes first, and then what is newer.
      afterMs ??= newestMs - 1;
      waitMs = nextPollMs(newestMs, now(), random);
    } catch (error) {
      if (!(error instanceof ShareError) || !error.retryable) throw error;
      failures++;
      onTrouble?.(error);
      waitMs = troubleWaitMs(error, failures, random);
    }
    if (gap !== undefined) onGap?.(gap);
    if (afterMs !== undefined) yield* fresh(seen, readings, afterMs);
    await pause(waitMs);
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
