/** A day on this computer's wall clock and what falls into it. */
export interface Day<T> {
  /** Midnight, Unix milliseconds. */
  readonly fromMs: number;
  /** The next midnight: 23, 24 or 25 hours later. */
  readonly toMs: number;
  readonly readings: readonly T[];
}

/** Sorts what has a time, oldest first, into the days of this computer's wall clock. */
export function byDay<T extends { readonly utcMs: number }>(all: readonly T[]): readonly Day<T>[] {
  const days: { fromMs: number; toMs: number; readings: T[] }[] = [];
  for (const one of all) {
    let day = days.at(-1);
    if (day === undefined || one.utcMs >= day.toMs) {
      const date = new Date(one.utcMs);
      const at = (offset: number): number =>
        new Date(date.getFullYear(), date.getMonth(), date.getDate() + offset).getTime();
      day = { fromMs: at(0), toMs: at(1), readings: [] };
      days.push(day);
    }
    day.readings.push(one);
  }
  return days;
}
