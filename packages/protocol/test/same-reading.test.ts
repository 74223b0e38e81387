import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByMeasurement, isSameReading, SAME_READING_WITHIN_MS } from '../src/index.ts';
import { decodeReading, foldDuplicates } from '../src/share/index.ts';

const AT = Date.UTC(2026, 4, 4, 12);
const measurement = fc.record({
  utcMs: fc.integer({ min: AT, max: AT + 120_000 }),
  mgDl: fc.integer({ min: 39, max: 41 }),
});

describe('isSameReading', () => {
  it.each([
    [0, true],
    [1000, true],
    [9000, true],
    [10_001, true],
    [15_000, true],
    [29_000, true],
    [30_000, true],
    [30_001, false],
    [300_000, false],
  ])('takes the same value %i ms later for the same reading: %s', (laterMs, same) => {
    expect(isSameReading({ utcMs: AT, mgDl: 100 }, { utcMs: AT + laterMs, mgDl: 100 })).toBe(same);
  });

  it('takes another value for another reading, even at the same instant', () => {
    expect(isSameReading({ utcMs: AT, mgDl: 100 }, { utcMs: AT, mgDl: 101 })).toBe(false);
  });

  it('says the same whichever comes first, and that a reading is the same as itself', () => {
    fc.assert(
      fc.property(measurement, measurement, (a, b) => {
        expect(isSameReading(a, a)).toBe(true);
        expect(isSameReading(a, b)).toBe(isSameReading(b, a));
      }),
    );
  });

  it('does not depend on which clock the times are of', () => {
    fc.assert(
      fc.property(measurement, measurement, fc.integer(), (a, b, shift) => {
        const moved = (one: typeof a): typeof a => ({ ...one, utcMs: one.utcMs + shift });
        expect(isSameReading(moved(a), moved(b))).toBe(isSameReading(a, b));
      }),
    );
  });

  it('leaves glucose that does not change two readings, copies folded', () => {
    const seconds = [0, 9, 300, 329, 600, 600];
    const readings = seconds.map(
      (second) => decodeReading({ WT: `Date(${AT + second * 1000})`, Value: 100 })!,
    );
    const folded = foldDuplicates(readings).map(({ duplicates }) => duplicates.length);
    expect(folded).toEqual([1, 1, 1]);
  });
});

describe('groupByMeasurement', () => {
  const record = fc.record({
    utcMs: fc.integer({ min: AT, max: AT + 120_000 }),
    mgDl: fc.integer({ min: 39, max: 41 }),
    backfilled: fc.boolean(),
  });
  const own = <Item>(item: Item): Item => item;

  it('keeps every record once, oldest group first, the live record first in its group', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const groups = groupByMeasurement(records, own);
        expect(new Set(groups.flat())).toEqual(new Set(records));
        expect(groups.flat()).toHaveLength(records.length);
        const oldest = groups.map((group) => Math.min(...group.map(({ utcMs }) => utcMs)));
        expect(oldest).toEqual(oldest.toSorted((a, b) => a - b));
        for (const group of groups) {
          const times = group.map(({ utcMs }) => utcMs);
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(
            SAME_READING_WITHIN_MS,
          );
          expect(group[0].backfilled).toBe(group.every(({ backfilled }) => backfilled));
        }
      }),
    );
  });

  it('finds the older of two measurements at once, if the newer is not the same', () => {
    const live = (mgDl: number, second: number) => ({
      utcMs: AT + second * 1000,
      mgDl,
      backfilled: false,
    });
    const [a, b, again] = [live(80, 0), live(90, 10), live(80, 20)];
    expect(groupByMeasurement([again, b, a], own)).toEqual([[a, again], [b]]);
  });
});
