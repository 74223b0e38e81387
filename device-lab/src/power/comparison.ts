/** Compares what is on the service with what the receiver has measured. */
import type { StoredReading } from '@egvkit/share-emulator';
import type { Measured } from './history.ts';

/** Readings are 300 s apart; nothing that is so close to one is another. */
const SAME_MS = 30_000;

export interface Comparison {
  /** Readings of the receiver that are on the service once. */
  readonly once: number;
  readonly missing: readonly Measured[];
  readonly doubled: readonly Measured[];
  /** Readings on the service that the receiver has not measured at that time. */
  readonly strange: readonly StoredReading[];
  /** Greatest difference from the true time, in seconds. */
  readonly mostSecondsOff: number;
}

/**
 * Compares. Readings measured from `fromMs` on have to be there; older ones may be.
 */
export function compare(
  measured: readonly Measured[],
  stored: readonly StoredReading[],
  fromMs: number,
): Comparison {
  const counts = new Map<Measured, number>();
  const strange: StoredReading[] = [];
  let mostSecondsOff = 0;
  for (const reading of stored) {
    const found = measured.find(
      ({ utcMs, mgDl }) => mgDl === reading.mgDl && Math.abs(reading.wtMs - utcMs) < SAME_MS,
    );
    if (found === undefined) {
      strange.push(reading);
      continue;
    }
    counts.set(found, (counts.get(found) ?? 0) + 1);
    mostSecondsOff = Math.max(mostSecondsOff, Math.abs(reading.wtMs - found.utcMs) / 1000);
  }
  return {
    once: [...counts.values()].filter((count) => count === 1).length,
    missing: measured.filter((one) => one.utcMs >= fromMs && !counts.has(one)),
    doubled: [...counts].filter(([, count]) => count > 1).map(([one]) => one),
    strange,
    mostSecondsOff,
  };
}
