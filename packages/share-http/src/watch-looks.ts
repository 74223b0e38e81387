import { type FoldedReading, LONGEST_READ_MINUTES, MOST_READINGS } from '@egvkit/protocol/share';
import type { ReadOptions } from './readings.ts';

/** What is watched: a `ShareClient`, a `ShareReader` or anything that reads like them. */
export interface Watched {
  readings(options: ReadOptions): Promise<readonly FoldedReading[]>;
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
  readonly readings: readonly FoldedReading[];
  /** What cannot be had any more, if anything. */
  readonly gap: WatchGap | undefined;
}

const MINUTE_MS = 60_000;
const SHORTEST_MINUTES = 60;
/** So far apart, two readings are not one after the other. */
export const APART_MS = 7.5 * MINUTE_MS;

/** Whether an answer begins after what is known, with room for more readings between. */
const isApart = (readings: readonly FoldedReading[], knownMs: number): boolean =>
  (readings.at(-1)?.utcMs ?? Number.POSITIVE_INFINITY) - knownMs > APART_MS;

const countRecords = (readings: readonly FoldedReading[]): number =>
  readings.reduce((sum, { duplicates }) => sum + 1 + duplicates.length, 0);

/**
 * Reads as much as it takes to go on where the look before ended. The service counts back from its
 * own clock, and this machine's may be wrong by any amount, may be set, and may stand still: it
 * only measures how long ago the newest reading appeared. Whether that was right is seen in the
 * answer, which must go back to what is known; if it does not, all there is is read.
 */
export class Looks {
  readonly #watched: Watched;
  readonly #now: () => number;
  /** What to add to this machine's clock; nothing before a reading has appeared. */
  #aheadMs = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #lookedMs: number;

  constructor(watched: Watched, now: () => number, sinceMs: number | undefined) {
    this.#watched = watched;
    this.#now = now;
    this.#lookedMs = sinceMs ?? now();
  }

  /**
   * Reads from then on, and back to a reading that is known.
   *
   * @param fromMs Minus infinity for all that the service has.
   * @throws what `readings` throws
   */
  async look(
    fromMs: number,
    knownMs: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Look> {
    const ms = this.#now() + this.#aheadMs - fromMs;
    const minutes = Math.min(
      Math.max(Math.ceil(ms / MINUTE_MS), SHORTEST_MINUTES),
      LONGEST_READ_MINUTES,
    );
    let readings = await this.#watched.readings({ minutes, signal });
    const isShort =
      minutes < LONGEST_READ_MINUTES && knownMs !== undefined && isApart(readings, knownMs);
    if (isShort) {
      this.#aheadMs = 0;
      readings = await this.#watched.readings({ minutes: LONGEST_READ_MINUTES, signal });
    }
    const nowMs = this.#now();
    const isOld = nowMs - this.#lookedMs > LONGEST_READ_MINUTES * MINUTE_MS;
    // Else the answer ends where there was nothing before.
    const isCut = isShort || isOld || countRecords(readings) >= MOST_READINGS;
    this.#learn(readings[0]?.utcMs, nowMs);
    const toMs = readings.at(-1)?.utcMs;
    const hasGap = isCut && knownMs !== undefined && isApart(readings, knownMs);
    return { readings, gap: hasGap && toMs ? { fromMs: knownMs, toMs } : undefined };
  }

  #learn(newestMs: number | undefined, nowMs: number): void {
    this.#lookedMs = nowMs;
    if (newestMs === undefined || newestMs <= this.#newestMs) return;
    // How long the first one has been there is unknown.
    if (this.#newestMs > 0) this.#aheadMs = newestMs - nowMs;
    this.#newestMs = newestMs;
  }
}
