import { isSameReading } from '@egvkit/protocol';
import { type FoldedReading, LONGEST_READ_MINUTES, MOST_READINGS } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import type { ReadOptions } from '../readings/readings.ts';

/** Source of the readings to watch: a `ShareClient`, a `ShareReader` or anything that reads like them. */
export interface ReadingSource {
  readings(options: ReadOptions): Promise<readonly FoldedReading[]>;
}

/** A reading that has not been seen before. */
export interface WatchedReading extends FoldedReading {
  /** It is older than one that was given already: a gap that was filled afterwards. */
  readonly late: boolean;
}

/** A time between two readings whose readings are lost, in Unix milliseconds. */
export interface WatchGap {
  /** The last reading before it, or `sinceMs`. */
  readonly fromMs: number;
  /** The first reading after it. */
  readonly toMs: number;
}

/** Result of one poll. */
export interface Poll {
  /** New readings, oldest first. */
  readonly found: readonly WatchedReading[];
  /** Time whose readings the service gives no more; undefined if there is none. */
  readonly gap: WatchGap | undefined;
}

/** A reading, a copy of one, or the start of watching. */
interface Known {
  readonly utcMs: number;
  readonly mgDl: number;
  /** Time that had been waited when it came, and its age then. */
  readonly atMs: number;
  readonly ageMs: number;
}

const MINUTE_MS = 60_000;
const LONGEST_READ_MS = LONGEST_READ_MINUTES * MINUTE_MS;
const SHORTEST_MINUTES = 60;
// Gaps are filled by the phone up to this much later (share §4.8).
const OVERLAP_MS = 60 * MINUTE_MS;
/** A hole is read again for this long after its end has appeared, and once after an outage. */
const HOLE_OPEN_MS = 6 * 60 * MINUTE_MS;
/** Time between two readings from which on one may be missing between them. */
const APART_MS = 7.5 * MINUTE_MS;

const countRecords = (readings: readonly FoldedReading[]): number =>
  readings.reduce((sum, { duplicates }) => sum + 1 + duplicates.length, 0);

/**
 * Reads as much as it takes to go on where the poll before ended. The service counts back from its
 * own clock, and this machine's may be wrong by any amount, may be set, and may stand still: that
 * clock only measures how long ago the newest reading appeared. If the answer does not go back to a
 * known reading, the measure was wrong, and the whole day is read.
 *
 * A reading may be dated wrongly too, in the future above all. So known readings are compared with
 * their neighbours in time, and no reading counts for more than a day around it.
 */
export class Poller {
  readonly #source: ReadingSource;
  readonly #now: () => number;
  readonly #sinceMs: number | undefined;
  /** By time, as far back as the service reads. */
  #known: Known[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;
  /** Correction of this machine's clock; 0 before a reading has appeared. */
  #aheadMs = 0;
  #hasPolled = false;
  #polledMs: number;
  /** Least time that has passed, whatever the clock says: more, if the machine has slept. */
  #waitedMs = 0;
  #polledAtMs = 0;
  /** The longest time between two polls since a reading was found. */
  #longestMs = 0;

  constructor(source: ReadingSource, now: () => number, sinceMs: number | undefined) {
    this.#source = source;
    this.#now = now;
    this.#sinceMs = sinceMs;
    this.#polledMs = sinceMs ?? now();
    if (sinceMs === undefined) return;
    this.#longestMs = Math.max(now() - sinceMs, 0);
    this.#known.push({ utcMs: sinceMs, mgDl: Number.NaN, atMs: 0, ageMs: this.#longestMs });
  }

  /** Minus infinity before there is one. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** Counts time that has been waited between two polls. */
  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  /**
   * Reads back to a reading that is known, and as far as a hole may still be filled.
   *
   * @throws as `readings`
   */
  async poll({ signal }: CallOptions): Promise<Poll> {
    const ms = this.#now() + this.#aheadMs - this.#readFromMs();
    const minutes = Math.min(
      Math.max(Math.ceil(ms / MINUTE_MS), SHORTEST_MINUTES),
      LONGEST_READ_MINUTES,
    );
    let readings = await this.#source.readings({ minutes, signal });
    const isShort = readings.length === 0 || this.#holeBefore(readings) !== undefined;
    if (minutes < LONGEST_READ_MINUTES && isShort) {
      this.#aheadMs = 0;
      readings = await this.#source.readings({ minutes: LONGEST_READ_MINUTES, signal });
    }
    const nowMs = this.#now();
    this.#longestMs = Math.max(this.#longestMs, this.#waitedMs - this.#polledAtMs);
    const gap = this.#gap(readings, nowMs - this.#polledMs);
    this.#polledMs = nowMs;
    this.#polledAtMs = this.#waitedMs;
    return { found: this.#fresh(readings, nowMs), gap };
  }

  /** Start of the time to read: an hour before the newest, or the start of the oldest open hole. */
  #readFromMs(): number {
    const first = this.#known.findIndex(
      ({ utcMs, atMs }, at) =>
        utcMs - (this.#known[at - 1]?.utcMs ?? utcMs) > APART_MS &&
        utcMs > this.#newestMs - LONGEST_READ_MS &&
        this.#polledAtMs - atMs <= HOLE_OPEN_MS,
    );
    return Math.min(
      this.#newestMs - OVERLAP_MS,
      this.#known[first - 1]?.utcMs ?? Number.POSITIVE_INFINITY,
    );
  }

  /** The known reading before an answer that leaves room for more readings between the two. */
  #holeBefore(readings: readonly FoldedReading[]): Known | undefined {
    const toMs = readings.at(-1)?.utcMs ?? Number.NEGATIVE_INFINITY;
    const before = this.#known.findLast(({ utcMs }) => utcMs <= toMs);
    return before && toMs - before.utcMs > APART_MS ? before : undefined;
  }

  /** The gap before an answer that was cut off there; undefined if there was nothing before it. */
  #gap(readings: readonly FoldedReading[], sincePollMs: number): WatchGap | undefined {
    const before = this.#holeBefore(readings);
    const toMs = readings.at(-1)?.utcMs;
    if (before === undefined || toMs === undefined) return undefined;
    const newest = readings.find(({ utcMs }) => utcMs - toMs <= LONGEST_READ_MS);
    // By the readings' clock; the machine has slept, or its clock stood still, for what is over.
    const passedMs = (newest?.utcMs ?? toMs) - before.utcMs;
    const sleptMs = passedMs - before.ageMs - (this.#waitedMs - before.atMs);
    const isCut =
      countRecords(readings) >= MOST_READINGS ||
      sincePollMs > LONGEST_READ_MS ||
      this.#longestMs + sleptMs > LONGEST_READ_MS + APART_MS;
    return isCut ? { fromMs: before.utcMs, toMs } : undefined;
  }

  /** New readings. Without a start, that is the newest reading at first, and then each one to come. */
  #fresh(readings: readonly FoldedReading[], nowMs: number): WatchedReading[] {
    const found: WatchedReading[] = [];
    const isOld = !this.#hasPolled && this.#sinceMs === undefined;
    this.#hasPolled = true;
    const hadNewest = this.#newestMs > 0;
    const newestMs = this.#newestMs;
    const thereMs = nowMs + this.#aheadMs;
    for (const reading of readings.toReversed()) {
      const { utcMs } = reading;
      if (utcMs <= (this.#sinceMs ?? Number.NEGATIVE_INFINITY) || this.#has(reading)) continue;
      const late = this.#known.some(
        (one) => one.utcMs > utcMs && one.utcMs - utcMs <= LONGEST_READ_MS,
      );
      if (!isOld || reading === readings[0]) found.push({ ...reading, late });
      for (const { utcMs, mgDl } of [reading, ...reading.duplicates]) {
        const ageMs = Math.min(Math.max(thereMs - utcMs, 0), LONGEST_READ_MS);
        this.#known.push({ utcMs, mgDl, atMs: this.#waitedMs, ageMs });
      }
      // Readings of the service are a day old at most, so the newest one was dated in the future.
      if (utcMs > this.#newestMs || this.#newestMs - utcMs > LONGEST_READ_MS)
        this.#newestMs = utcMs;
    }
    // The service reads back the newest by date, whenever they came.
    this.#known = this.#known.sort((a, b) => a.utcMs - b.utcMs).slice(-2 * MOST_READINGS);
    if (found.length > 0) this.#longestMs = 0;
    // Unknown for the first one.
    if (hadNewest && this.#newestMs !== newestMs) this.#aheadMs = this.#newestMs - nowMs;
    return found;
  }

  /** The same value within 30 s is the same reading: which copy came first may change. */
  #has(reading: FoldedReading): boolean {
    return this.#known.some((known) => isSameReading(known, reading));
  }
}
