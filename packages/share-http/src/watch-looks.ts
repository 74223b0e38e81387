import {
  DUPLICATE_WITHIN_MS,
  type FoldedReading,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
} from '@egvkit/protocol/share';
import type { ReadOptions } from './readings.ts';

/** What is watched: a `ShareClient`, a `ShareReader` or anything that reads like them. */
export interface Watched {
  readings(options: ReadOptions): Promise<readonly FoldedReading[]>;
}

/** A reading that has not been seen before. */
export interface WatchedReading extends FoldedReading {
  /** It is older than one that was given already: a gap that was filled afterwards. */
  readonly late: boolean;
}

/** A time between two readings of which nothing is known, in Unix milliseconds. */
export interface WatchGap {
  /** The last reading before it, or `sinceMs`. */
  readonly fromMs: number;
  /** The first reading after it. */
  readonly toMs: number;
}

/** What one look brought. */
export interface Look {
  /** What is new, oldest first. */
  readonly found: readonly WatchedReading[];
  /** What cannot be had any more, if anything. */
  readonly gap: WatchGap | undefined;
}

/** A reading, a copy of one, or where watching begins. */
interface Known {
  readonly utcMs: number;
  readonly mgDl: number;
  /** How long had been waited when it came, and how old it was then. */
  readonly atMs: number;
  readonly ageMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = LONGEST_READ_MINUTES * MINUTE_MS;
const SHORTEST_MINUTES = 60;
/** Gaps are filled by the phone up to this much later (spec/share §4.8). */
const OVERLAP_MS = 60 * MINUTE_MS;
/** A hole is looked at again for this long after its end has appeared, and once after an outage. */
const HOLE_OPEN_MS = 6 * 60 * MINUTE_MS;
/** So far apart, two readings are not one after the other. */
const APART_MS = 7.5 * MINUTE_MS;

const countRecords = (readings: readonly FoldedReading[]): number =>
  readings.reduce((sum, { duplicates }) => sum + 1 + duplicates.length, 0);

/**
 * Reads as much as it takes to go on where the look before ended. The service counts back from its
 * own clock, and this machine's may be wrong by any amount, may be set, and may stand still: it
 * only measures how long ago the newest reading appeared. Whether that was right is seen in the
 * answer, which must go back to what is known; if it does not, all there is is read.
 *
 * A reading may be dated wrongly too, in the future above all. So what is known is compared with
 * what is next to it in time, and no reading counts for more than a day around it.
 */
export class Looks {
  readonly #watched: Watched;
  readonly #now: () => number;
  readonly #sinceMs: number | undefined;
  /** By time, as far back as the service reads. */
  #known: Known[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;
  /** What to add to this machine's clock; nothing before a reading has appeared. */
  #aheadMs = 0;
  #hasLooked = false;
  #lookedMs: number;
  /** What has passed for certain, whatever the clock says: more, if the machine has slept. */
  #waitedMs = 0;
  #lookedAtMs = 0;
  /** The longest time between two looks since something was found. */
  #longestMs = 0;

  constructor(watched: Watched, now: () => number, sinceMs: number | undefined) {
    this.#watched = watched;
    this.#now = now;
    this.#sinceMs = sinceMs;
    this.#lookedMs = sinceMs ?? now();
    if (sinceMs === undefined) return;
    this.#longestMs = Math.max(now() - sinceMs, 0);
    this.#known.push({ utcMs: sinceMs, mgDl: Number.NaN, atMs: 0, ageMs: this.#longestMs });
  }

  /** Minus infinity before there is one. */
  get newestMs(): number {
    return this.#newestMs;
  }

  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  /**
   * Reads back to a reading that is known, and as far as a hole may still be filled.
   *
   * @throws what `readings` throws
   */
  async look(signal: AbortSignal | undefined): Promise<Look> {
    const ms = this.#now() + this.#aheadMs - this.#readFromMs();
    const minutes = Math.min(
      Math.max(Math.ceil(ms / MINUTE_MS), SHORTEST_MINUTES),
      LONGEST_READ_MINUTES,
    );
    let readings = await this.#watched.readings({ minutes, signal });
    const isShort = readings.length === 0 || this.#holeBefore(readings) !== undefined;
    if (minutes < LONGEST_READ_MINUTES && isShort) {
      this.#aheadMs = 0;
      readings = await this.#watched.readings({ minutes: LONGEST_READ_MINUTES, signal });
    }
    const nowMs = this.#now();
    this.#longestMs = Math.max(this.#longestMs, this.#waitedMs - this.#lookedAtMs);
    const gap = this.#gap(readings, nowMs - this.#lookedMs);
    this.#lookedMs = nowMs;
    this.#lookedAtMs = this.#waitedMs;
    return { found: this.#fresh(readings, nowMs), gap };
  }

  /** From when on to read: an hour before the newest, or where the oldest open hole begins. */
  #readFromMs(): number {
    const first = this.#known.findIndex(
      ({ utcMs, atMs }, at) =>
        utcMs - (this.#known[at - 1]?.utcMs ?? utcMs) > APART_MS &&
        utcMs > this.#newestMs - DAY_MS &&
        this.#lookedAtMs - atMs <= HOLE_OPEN_MS,
    );
    return Math.min(
      this.#newestMs - OVERLAP_MS,
      this.#known[first - 1]?.utcMs ?? Number.POSITIVE_INFINITY,
    );
  }

  /** What is known before an answer that begins with room for more readings between. */
  #holeBefore(readings: readonly FoldedReading[]): Known | undefined {
    const toMs = readings.at(-1)?.utcMs ?? Number.NEGATIVE_INFINITY;
    const before = this.#known.findLast(({ utcMs }) => utcMs <= toMs);
    return before && toMs - before.utcMs > APART_MS ? before : undefined;
  }

  /** Whether the answer was cut off there; else there was nothing before it. */
  #gap(readings: readonly FoldedReading[], sinceLookMs: number): WatchGap | undefined {
    const before = this.#holeBefore(readings);
    const toMs = readings.at(-1)?.utcMs;
    if (before === undefined || toMs === undefined) return undefined;
    const newest = readings.find(({ utcMs }) => utcMs - toMs <= DAY_MS);
    // By the readings' clock; the machine has slept, or its clock stood still, for what is over.
    const passedMs = (newest?.utcMs ?? toMs) - before.utcMs;
    const sleptMs = passedMs - before.ageMs - (this.#waitedMs - before.atMs);
    const isCut =
      countRecords(readings) >= MOST_READINGS ||
      sinceLookMs > DAY_MS ||
      this.#longestMs + sleptMs > DAY_MS + APART_MS;
    return isCut ? { fromMs: before.utcMs, toMs } : undefined;
  }

  /** What is new. Without a start, that is the newest reading there is, and then what comes. */
  #fresh(readings: readonly FoldedReading[], nowMs: number): WatchedReading[] {
    const found: WatchedReading[] = [];
    const isOld = !this.#hasLooked && this.#sinceMs === undefined;
    this.#hasLooked = true;
    const hadNewest = this.#newestMs > 0;
    const newestMs = this.#newestMs;
    const thereMs = nowMs + this.#aheadMs;
    for (const reading of readings.toReversed()) {
      const { utcMs } = reading;
      if (utcMs <= (this.#sinceMs ?? Number.NEGATIVE_INFINITY) || this.#has(reading)) continue;
      const late = this.#known.some((one) => one.utcMs > utcMs && one.utcMs - utcMs <= DAY_MS);
      if (!isOld || reading === readings[0]) found.push({ ...reading, late });
      for (const { utcMs, mgDl } of [reading, ...reading.duplicates]) {
        const ageMs = Math.min(Math.max(thereMs - utcMs, 0), DAY_MS);
        this.#known.push({ utcMs, mgDl, atMs: this.#waitedMs, ageMs });
      }
      // What the service shows is a day old at most, so that one was dated in the future.
      if (utcMs > this.#newestMs || this.#newestMs - utcMs > DAY_MS) this.#newestMs = utcMs;
    }
    // The service reads back the newest by date, whenever they came.
    this.#known = this.#known.sort((a, b) => a.utcMs - b.utcMs).slice(-2 * MOST_READINGS);
    if (found.length > 0) this.#longestMs = 0;
    // How long the first one has been there is unknown.
    if (hadNewest && this.#newestMs !== newestMs) this.#aheadMs = this.#newestMs - nowMs;
    return found;
  }

  /** The same value within 30 s is the same reading: which copy came first may change. */
  #has({ utcMs, mgDl }: FoldedReading): boolean {
    return this.#known.some(
      (known) => known.mgDl === mgDl && Math.abs(known.utcMs - utcMs) <= DUPLICATE_WITHIN_MS,
    );
  }
}
