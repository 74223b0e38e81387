import { type RangeName, rangeOf } from './ranges.ts';

/** A reading as statistics see it. */
export interface Measured {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** mg/dL; 39 for LOW and 401 for HIGH. */
  readonly mgDl: number;
  /** LOW and HIGH have a range but no number. */
  readonly status: 'inRange' | 'low' | 'high';
}

/** Amount of readings and of time that statistics are made of. */
export interface Coverage {
  readonly readings: number;
  /** Number of readings that say only LOW or HIGH; they are in no mean. */
  readonly withoutNumber: number;
  /** Of the time looked at, how much has readings; percent, at most 100. */
  readonly activePercent: number;
  /** Days looked at. */
  readonly days: number;
}

export interface Statistics {
  readonly coverage: Coverage;
  /** Percent of the readings in each range, not rounded; undefined without readings. */
  readonly ranges: Readonly<Record<RangeName, number>> | undefined;
  /** mg/dL over the readings with a number; undefined if there are none. */
  readonly meanMgDl: number | undefined;
  /** Glucose management indicator, percent; undefined without a mean. */
  readonly gmiPercent: number | undefined;
  /** True if at least 14 days, 70 percent of them with readings, stand behind it (consensus). */
  readonly isSufficient: boolean;
}

const READING_EVERY_MS = 300_000;
const DAY_MS = 86_400_000;
const ENOUGH_DAYS = 14;
const ENOUGH_PERCENT = 70;

/** Glucose management indicator in percent, from a mean in mg/dL (Bergenstal 2018). */
export function gmiPercent(meanMgDl: number): number {
  return 3.31 + 0.02392 * meanMgDl;
}

/** The statistics of readings, each once, that lie in a time of Unix milliseconds. */
export function statisticsOf(
  readings: readonly Measured[],
  time: { readonly fromMs: number; readonly toMs: number },
): Statistics {
  const counts: Record<RangeName, number> = { veryLow: 0, low: 0, target: 0, high: 0, veryHigh: 0 };
  let within = 0;
  let numbers = 0;
  let sum = 0;
  for (const { utcMs, mgDl, status } of readings) {
    if (utcMs < time.fromMs || utcMs >= time.toMs) continue;
    within++;
    counts[rangeOf(mgDl)]++;
    if (status !== 'inRange') continue;
    numbers++;
    sum += mgDl;
  }
  const meanMgDl = numbers === 0 ? undefined : sum / numbers;
  const spanMs = Math.max(time.toMs - time.fromMs, 1);
  const days = spanMs / DAY_MS;
  const activePercent = Math.min(100, (within * READING_EVERY_MS * 100) / spanMs);
  return {
    coverage: {
      readings: within,
      withoutNumber: within - numbers,
      activePercent,
      days,
    },
    ranges: within === 0 ? undefined : percentages(counts, within),
    meanMgDl,
    gmiPercent: meanMgDl === undefined ? undefined : gmiPercent(meanMgDl),
    isSufficient: days >= ENOUGH_DAYS && activePercent >= ENOUGH_PERCENT,
  };
}

function percentages(
  counts: Readonly<Record<RangeName, number>>,
  of: number,
): Record<RangeName, number> {
  const entries = Object.entries(counts).map(([name, count]) => [name, (count * 100) / of]);
  return Object.fromEntries(entries) as Record<RangeName, number>;
}

/**
 * Rounds parts of 100 to whole numbers that add up to 100: what is left over goes to the largest
 * remainders, and of equal ones to the first.
 */
export function wholePercent(parts: readonly number[]): readonly number[] {
  const floors = parts.map(Math.floor);
  const total = Math.round(parts.reduce((sum, part) => sum + part, 0));
  let left = total - floors.reduce((sum, part) => sum + part, 0);
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const result = [...floors];
  for (const { index } of byRemainder) {
    if (left-- <= 0) break;
    result[index] = (result[index] ?? 0) + 1;
  }
  return result;
}
