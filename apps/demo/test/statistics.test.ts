import { describe, expect, it } from 'vitest';
import { rangeOf } from '../src/statistics/ranges.ts';
import { gmiPercent, statisticsOf, wholePercent } from '../src/statistics/statistics.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 300_000;
const TO_MS = Date.UTC(2026, 5, 1);

const statusOf = (mgDl: number) => (mgDl < 40 ? 'low' : mgDl > 400 ? 'high' : 'inRange');

/** Readings every five minutes that end with `TO_MS`. */
const series = (values: readonly number[]) =>
  values.map((mgDl, i) => ({
    utcMs: TO_MS - (values.length - i) * EVERY_MS,
    mgDl,
    status: statusOf(mgDl),
  })) as Parameters<typeof statisticsOf>[0];

const day = { fromMs: TO_MS - DAY_MS, toMs: TO_MS };

describe('the glucose management indicator', () => {
  // The published table of the formula (Bergenstal 2018).
  it.each([
    [100, 5.7],
    [125, 6.3],
    [150, 6.9],
    [175, 7.5],
    [200, 8.1],
    [225, 8.7],
    [250, 9.3],
    [275, 9.9],
    [300, 10.5],
    [350, 11.7],
  ])('is for a mean of %i mg/dL %f %%', (mean, gmi) => {
    expect(Number(gmiPercent(mean).toFixed(1))).toBe(gmi);
  });
});

describe('ranges', () => {
  it('have 70 and 180 in the target, and LOW and HIGH at the ends', () => {
    const names = [39, 53, 54, 69, 70, 180, 181, 250, 251, 401].map(rangeOf);
    expect(names).toEqual([
      'veryLow',
      'veryLow',
      'low',
      'low',
      'target',
      'target',
      'high',
      'high',
      'veryHigh',
      'veryHigh',
    ]);
  });
});

describe('statistics', () => {
  it('count LOW and HIGH in the ranges and in no mean, and say so', () => {
    const { ranges, meanMgDl, coverage } = statisticsOf(series([39, 100, 200, 401]), day);
    expect(ranges).toEqual({ veryLow: 25, low: 0, target: 25, high: 25, veryHigh: 25 });
    expect(meanMgDl).toBe(150);
    expect(coverage).toMatchObject({ readings: 4, withoutNumber: 2, days: 1 });
  });

  it('say how much of the time has readings: a gap is no time', () => {
    const half = statisticsOf(series(Array(144).fill(120)), day);
    expect(half.coverage.activePercent).toBe(50);
    const whole = statisticsOf(series(Array(288).fill(120)), day);
    expect(whole.coverage.activePercent).toBe(100);
  });

  it('are sufficient from 14 days with readings for 70 % of the time', () => {
    const span = (days: number) => ({ fromMs: TO_MS - days * DAY_MS, toMs: TO_MS });
    const full = series(Array(14 * 288).fill(120));
    expect(statisticsOf(full, span(14)).isSufficient).toBe(true);
    expect(statisticsOf(full, span(13)).isSufficient).toBe(false);
    expect(statisticsOf(full.slice(-Math.floor(14 * 288 * 0.69)), span(14)).isSufficient).toBe(
      false,
    );
  });

  it('are nothing for nothing', () => {
    expect(statisticsOf([], day)).toMatchObject({
      ranges: undefined,
      meanMgDl: undefined,
      gmiPercent: undefined,
      isSufficient: false,
      coverage: { readings: 0, activePercent: 0 },
    });
  });

  it('take readings from the beginning of the time to before its end', () => {
    const at = (utcMs: number) => ({ utcMs, mgDl: 100, status: 'inRange' as const });
    const readings = [day.fromMs - 1, day.fromMs, day.toMs - 1, day.toMs].map(at);
    expect(statisticsOf(readings, day).coverage.readings).toBe(2);
  });
});

describe('whole percentages', () => {
  it.each([
    [
      [33.4, 33.3, 33.3],
      [34, 33, 33],
    ],
    [
      [0.4, 99.6],
      [0, 100],
    ],
    [
      [12.5, 12.5, 25, 25, 25],
      [13, 12, 25, 25, 25],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ])('of %j add up: %j', (parts, whole) => {
    expect(wholePercent(parts)).toEqual(whole);
  });
});
