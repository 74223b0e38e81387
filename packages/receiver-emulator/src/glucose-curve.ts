import { seededRandom } from './random.ts';

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

/** A meal, and the insulin for it. */
export interface Meal {
  readonly atMs: number;
  readonly carbohydrateGrams: number;
  readonly insulinHundredths: number;
}

/** A day-and-night curve of glucose. */
export interface GlucoseCurve {
  /** mg/dL, unclipped. */
  glucose(unixMs: number): number;
  /** The meals after `fromMs` and until `toMs`, in order. */
  meals(fromMs: number, toMs: number): readonly Meal[];
}

interface Day {
  readonly excursions: readonly Excursion[];
  readonly meals: readonly Meal[];
}

/** Starts gently, peaks at 1 after `riseMs`, and fades over about three times that. */
function shape(sinceMs: number, riseMs: number): number {
  if (sinceMs <= 0) return 0;
  const x = sinceMs / riseMs;
  return (x * Math.exp(1 - x)) ** 2;
}

/** After this an excursion is over. */
const LONGEST_MS = 12 * HOUR_MS;

/** Time before `endMs` of the LOW and the HIGH, so that every day of data shows both. */
const LOW_BEFORE_END_MS = 5 * HOUR_MS;
const HIGH_BEFORE_END_MS = 13 * HOUR_MS;

/**
 * Three meals a day with the insulin for them, quiet nights with a rise before dawn, now and then
 * a snack or too much insulin, and one LOW and one HIGH within the day before `endMs`. Not a
 * model of anybody; only a picture with the right features. It goes on for any time after that.
 *
 * @param localOffsetMs offset of the wearer's wall clock: ahead of UTC
 */
export function glucoseCurve(seed: number, endMs: number, localOffsetMs: number): GlucoseCurve {
  const days = new Map<number, Day>();
  const localMs = (unixMs: number): number => unixMs + localOffsetMs;

  function day(number: number): Day {
    const known = days.get(number);
    if (known !== undefined) return known;
    const planned = planDay(seed, number, number * DAY_MS - localOffsetMs);
    days.set(number, planned);
    return planned;
  }
  const dayOf = (unixMs: number): number => Math.floor(localMs(unixMs) / DAY_MS);

  function base(unixMs: number): number {
    const today = dayOf(unixMs);
    const hour = (localMs(unixMs) - today * DAY_MS) / HOUR_MS;
    const dawn = 18 * Math.exp(-((hour - 6.5) ** 2) / 4);
    const slow = 12 * Math.sin(unixMs / (31 * HOUR_MS)) + 8 * Math.sin(unixMs / (7.3 * HOUR_MS));
    let glucose = 118 + dawn + slow;
    for (const number of [today - 1, today]) {
      for (const { startMs, height, riseMs } of day(number).excursions) {
        const since = unixMs - startMs;
        if (since > 0 && since < LONGEST_MS) glucose += height * shape(since, riseMs);
      }
    }
    // Below 60 the liver helps: keep the ordinary day away from LOW.
    return glucose < 60 ? 60 - (60 - glucose) * 0.25 : glucose;
  }

  function forced(atMs: number, riseMs: number, target: number): Excursion {
    const peakMs = atMs + riseMs;
    return { startMs: atMs, height: target - base(peakMs), riseMs };
  }
  const last = [
    forced(endMs - LOW_BEFORE_END_MS, 30 * MINUTE_MS, 33),
    forced(endMs - HIGH_BEFORE_END_MS, 55 * MINUTE_MS, 425),
  ];
  return {
    glucose(unixMs) {
      let glucose = base(unixMs);
      for (const { startMs, height, riseMs } of last) {
        glucose += height * shape(unixMs - startMs, riseMs);
      }
      return glucose;
    },
    meals(fromMs, toMs) {
      const meals: Meal[] = [];
      for (let number = dayOf(fromMs) - 1; number <= dayOf(toMs); number++) {
        meals.push(...day(number).meals.filter(({ atMs }) => atMs > fromMs && atMs <= toMs));
      }
      return meals.sort((a, b) => a.atMs - b.atMs);
    },
  };
}

/** The same for the same seed and day, whatever days were looked at before. */
function planDay(seed: number, number: number, midnightMs: number): Day {
  const random = seededRandom(Math.imul(number, 0x2c1b3c6d) ^ seed);
  const excursions: Excursion[] = [];
  const meals: Meal[] = [];
  for (const hour of [7.5, 12.5, 18.75]) {
    const startMs = midnightMs + hour * HOUR_MS + random.normal() * 20 * MINUTE_MS;
    const height = 95 + random.normal() * 30;
    const strength = 0.85 + random.normal() * 0.2;
    excursions.push({ startMs, height, riseMs: (45 + random.next() * 20) * MINUTE_MS });
    excursions.push({
      startMs: startMs + 45 * MINUTE_MS,
      height: -height * strength,
      riseMs: 90 * MINUTE_MS,
    });
    meals.push({
      atMs: startMs,
      carbohydrateGrams: Math.max(5, 5 * Math.round(height / 10)),
      insulinHundredths: Math.max(50, 50 * Math.round((height * strength) / 10)),
    });
  }
  if (random.chance(0.5)) {
    const startMs = midnightMs + (15 + random.next() * 7) * HOUR_MS;
    excursions.push({ startMs, height: 50 + random.next() * 60, riseMs: 40 * MINUTE_MS });
  }
  if (random.chance(0.3)) {
    const startMs = midnightMs + random.next() * 24 * HOUR_MS;
    excursions.push({ startMs, height: -45 - random.next() * 35, riseMs: 50 * MINUTE_MS });
  }
  return { excursions, meals };
}
