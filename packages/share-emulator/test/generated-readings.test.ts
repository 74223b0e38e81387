import { describe, expect, it } from 'vitest';
import { generatedReadings } from '../src/index.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12);
const DAY_MS = 86_400_000;

describe('generated readings', () => {
  it('are the same for the same seed, and others for another', () => {
    const make = (seed: number) => generatedReadings({ seed, days: 12, nowMs: NOW_MS });
    expect(make(1)).toEqual(make(1));
    expect(make(1).map(({ mgDl }) => mgDl)).not.toEqual(make(2).map(({ mgDl }) => mgDl));
  });

  it('reach as far back as they are to, further than any receiver keeps them', () => {
    const days = 95;
    const readings = generatedReadings({ seed: 3, days, nowMs: NOW_MS });
    const [oldest, newest] = [readings[0]!, readings.at(-1)!];
    expect(NOW_MS - oldest.wtMs).toBeGreaterThan((days - 1) * DAY_MS);
    expect(NOW_MS - oldest.wtMs).toBeLessThan((days + 0.1) * DAY_MS);
    expect(NOW_MS - newest.wtMs).toBeLessThan(10 * 60_000);
    expect(readings.length / days).toBeGreaterThan(240);
    const isEveryDay = Array.from({ length: days - 1 }, (_, day) => NOW_MS - (day + 1) * DAY_MS);
    for (const from of isEveryDay) {
      expect(readings.some(({ wtMs }) => wtMs >= from && wtMs < from + DAY_MS)).toBe(true);
    }
  });

  it('are what an app posts: whole seconds in order, LOW to HIGH, trends of the scale', () => {
    const readings = generatedReadings({
      seed: 4,
      days: 30,
      nowMs: NOW_MS,
      offsetMinutes: -420,
    });
    for (const [i, { stMs, dtMs, wtMs, mgDl, trend }] of readings.entries()) {
      expect(stMs).toBeGreaterThan(readings[i - 1]?.stMs ?? 0);
      expect([stMs % 1000, wtMs - stMs, dtMs - stMs]).toEqual([0, 0, -420 * 60_000]);
      expect(mgDl).toBeGreaterThanOrEqual(39);
      expect(mgDl).toBeLessThanOrEqual(401);
      expect(trend).toBeGreaterThanOrEqual(0);
      expect(trend).toBeLessThanOrEqual(9);
    }
    const values = new Set(readings.map(({ mgDl }) => mgDl));
    expect([values.has(39), values.has(401)]).toEqual([true, true]);
  });
});
