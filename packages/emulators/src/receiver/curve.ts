import type { Random } from './random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Something that moves glucose up or down for some hours. */
interface Excursion {
  readonly startMs: number;
  /** mg/dL at the peak; negative for a fall. */
  readonly height: number;
  /** From the start to the peak. */
  readonly riseMs: number;
}

/** Starts gently, peaks at 1 after `riseMs`, and fades over about three times that. */
function shape(sinceMs: number, riseMs: number): number {
  if (sinceMs <= 0) return 0;
  const x = sinceMs / riseMs;
  return (x * Math.exp(1 - x)) ** 2;
}

/** How long before the newest reading it goes LOW and HIGH, so that every day of data shows both. */
const LOW_BEFORE_END_MS = 5 * HOUR_MS;
const HIGH_BEFORE_END_MS = 13 * HOUR_MS;

/**
 * A day-and-night curve of glucose in mg/dL, unclipped: three meals a day with the insulin for
 * them, quiet nights with a rise before dawn, now and then a snack or too much insulin, and one
 * LOW and one HIGH within the last day. Not a model of anybody; only a picture with the right
 * features.
 *
 * @param localMs turns Unix ms into the ms of the wearer's wall clock
 */
export function glucoseCurve(
  random: Random,
  fromMs: number,
  toMs: number,
  localMs: (unixMs: number) => number,
): (unixMs: number) => number {
  const excursions: Excursion[] = [];
  const firstMidnight = Math.floor(localMs(fromMs) / DAY_MS) * DAY_MS - localMs(0);
  for (let midnight = firstMidnight - DAY_MS; midnight < toMs; midnight += DAY_MS) {
    for (const hour of [7.5, 12.5, 18.75]) {
      const startMs = midnight + hour * HOUR_MS + random.normal() * 20 * MINUTE_MS;
      const height = 95 + random.normal() * 30;
      excursions.push({ startMs, height, riseMs: (45 + random.next() * 20) * MINUTE_MS });
      const insulin = -height * (0.85 + random.normal() * 0.2);
      excursions.push({
        startMs: startMs + 45 * MINUTE_MS,
        height: insulin,
        riseMs: 90 * MINUTE_MS,
      });
    }
    if (random.chance(0.5)) {
      const startMs = midnight + (15 + random.next() * 7) * HOUR_MS;
      excursions.push({ startMs, height: 50 + random.next() * 60, riseMs: 40 * MINUTE_MS });
    }
    if (random.chance(0.3)) {
      const startMs = midnight + random.next() * 24 * HOUR_MS;
      excursions.push({ startMs, height: -45 - random.next() * 35, riseMs: 50 * MINUTE_MS });
    }
  }

  function base(unixMs: number): number {
    const hour = (((localMs(unixMs) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
    const dawn = 18 * Math.exp(-((hour - 6.5) ** 2) / 4);
    const slow = 12 * Math.sin(unixMs / (31 * HOUR_MS)) + 8 * Math.sin(unixMs / (7.3 * HOUR_MS));
    let glucose = 118 + dawn + slow;
    for (const { startMs, height, riseMs } of excursions) {
      const since = unixMs - startMs;
      if (since > 0 && since < 12 * HOUR_MS) glucose += height * shape(since, riseMs);
    }
    // Below 60 the liver helps: keep the ordinary day away from LOW.
    return glucose < 60 ? 60 - (60 - glucose) * 0.25 : glucose;
  }

  function forced(atMs: number, riseMs: number, target: number): Excursion {
    const peakMs = atMs + riseMs;
    return { startMs: atMs, height: target - base(peakMs), riseMs };
  }
  const last = [
    forced(toMs - LOW_BEFORE_END_MS, 30 * MINUTE_MS, 33),
    forced(toMs - HIGH_BEFORE_END_MS, 55 * MINUTE_MS, 425),
  ];
  return (unixMs) => {
    let glucose = base(unixMs);
    for (const { startMs, height, riseMs } of last) {
      glucose += height * shape(unixMs - startMs, riseMs);
    }
    return glucose;
  };
}
