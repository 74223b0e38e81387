import { describe, expect, it } from 'vitest';
import { type ExpectedReading, verifyReadings } from '../src/index.ts';
import { served } from './support/world.ts';

const AT = Date.UTC(2026, 0, 1);

function reading(minutes: number, value: number, trend = 4): ExpectedReading {
  return { ...served(AT + minutes * 60_000, value, trend), ours: true };
}

describe('verifyReadings', () => {
  it('counts what came back as it should, within the second of a receiver’s clock', () => {
    const expected = [reading(0, 100), reading(5, 39), reading(10, 401, 8)];
    const back = expected.map((one) => ({ ...one, utcMs: one.utcMs + 1000 })).reverse();
    const result = verifyReadings(expected, back, { shownFromMs: AT });
    expect(result).toEqual({ same: 3, byOthers: 0, missing: [], different: [], notShown: 0 });
  });

  it('tells every kind of difference', () => {
    const expected = [reading(0, 100), reading(5, 110), reading(10, 120), reading(15, 130)];
    const back = [
      reading(0, 101),
      { ...reading(5, 110), utcMs: AT + 300_000 + 5000 },
      reading(10, 120, 3),
      reading(15, 130, 12),
    ];
    const { same, missing, different } = verifyReadings(expected, back, { shownFromMs: AT });
    expect(same).toBe(0);
    expect(missing).toEqual([expected[0]]);
    expect(different.map(({ what }) => what)).toEqual(['time', 'trend', 'trend']);
  });

  it('does not take one reading of the service for two, though the glucose is flat', () => {
    const expected = [reading(0, 100), reading(5, 100)];
    const { same, missing } = verifyReadings(expected, [reading(0, 100)], {
      shownFromMs: AT - 60_000,
    });
    expect([same, missing.length]).toEqual([1, 1]);
  });

  it('counts what others brought as being there, at another second or with another trend', () => {
    const expected = [reading(1, 100), reading(6, 110)].map((one) => ({ ...one, ours: false }));
    const back = [{ ...reading(1, 100), utcMs: AT + 60_000 + 29_000 }, reading(6, 110, 3)];
    const { byOthers, missing, different } = verifyReadings(expected, back, { shownFromMs: AT });
    expect([byOthers, missing, different]).toEqual([2, [], []]);
  });

  it('takes its own copy for its own, whatever lies beside it', () => {
    const back = [reading(5, 110, 3), { ...reading(5, 110), utcMs: AT + 301_000 }];
    expect(verifyReadings([reading(5, 110)], back, { shownFromMs: AT }).same).toBe(1);
  });

  it('does not look for what the service no longer shows', () => {
    const expected = [reading(-5, 90), reading(0, 100)];
    const result = verifyReadings(expected, [reading(0, 100)], { shownFromMs: AT });
    expect(result).toEqual({ same: 1, byOthers: 0, missing: [], different: [], notShown: 1 });
  });
});
