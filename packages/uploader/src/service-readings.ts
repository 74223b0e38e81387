import {
  isSameReading,
  measurementOf,
  type Reading,
  SAME_READING_WITHIN_MS,
} from '@egvkit/protocol';

/** Sessions read a receiver's clock to a second, so their times of one reading differ by it. */
export const SAME_SECOND_MS = 2000;

/**
 * Sessions at once come to seconds that are one apart at the most. What is further off is of another
 * day, and the receiver's clock has drifted since: to agree with it would keep its error.
 */
const AGREED_WITHIN_MS = 1000;

export type Timed = Pick<Reading, 'utcMs' | 'value'>;

/** Readings on the service, to be compared with those known here. */
export class ServiceReadings {
  /** Oldest first. */
  readonly all: readonly Reading[];

  constructor(readings: Iterable<Reading>) {
    this.all = [...readings].sort((a, b) => a.utcMs - b.utcMs);
  }

  /** True if a reading as old as this is beyond the most that the service shows. */
  hides(utcMs: number, mostReadings: number): boolean {
    const oldestUtcMs = this.all[0]?.utcMs;
    return this.all.length >= mostReadings && oldestUtcMs !== undefined && utcMs < oldestUtcMs;
  }

  /**
   * The service's copies of this reading, nearest in time first. Another reading cannot have them
   * too: two measurements are 300 s apart.
   */
  copies(reading: Timed): readonly Reading[] {
    const nearby = near(this.all, reading.utcMs, SAME_READING_WITHIN_MS);
    if (nearby.length === 0) return nearby;
    const wanted = measurementOf(reading);
    return nearby
      .filter((one) => isSameReading(measurementOf(one), wanted))
      .sort((a, b) => Math.abs(a.utcMs - wanted.utcMs) - Math.abs(b.utcMs - wanted.utcMs));
  }

  find(reading: Timed): Reading | undefined {
    return this.copies(reading)[0];
  }

  /**
   * By how much the times worked out now differ from those that are there already: the offset
   * of most readings, in steps as uploads have them. Undefined if none is within a second.
   */
  offsetMs(readings: Iterable<Timed>, stepMs: number): number | undefined {
    const votes = new Map<number, number>();
    for (const reading of readings) {
      for (const copy of this.copies(reading)) {
        const offset = copy.utcMs - reading.utcMs;
        if (Math.abs(offset) > AGREED_WITHIN_MS || offset % stepMs !== 0) continue;
        votes.set(offset, (votes.get(offset) ?? 0) + 1);
      }
    }
    // Of as many votes the earlier time: the same in every session, whatever it worked out itself.
    const order = [...votes].sort(([a, n], [b, m]) => m - n || a - b);
    return order[0]?.[0];
  }
}

/** Those within some time of an instant, of readings in their order: found by halving. */
export function near(
  sorted: readonly Reading[],
  utcMs: number,
  withinMs: number,
): readonly Reading[] {
  let from = 0;
  for (let to = sorted.length; from < to; ) {
    const middle = (from + to) >> 1;
    if ((sorted[middle]?.utcMs ?? utcMs) < utcMs - withinMs) from = middle + 1;
    else to = middle;
  }
  let end = from;
  while (end < sorted.length && (sorted[end]?.utcMs ?? utcMs) <= utcMs + withinMs) end++;
  return sorted.slice(from, end);
}
