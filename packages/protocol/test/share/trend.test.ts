import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TREND_NAMES, type TrendNumber, trendNumber } from '../../src/index.ts';
import { decodeTrend, encodeTrend } from '../../src/share/index.ts';

const numbers = fc.integer({ min: 0, max: 9 }).map((n) => n as TrendNumber);

describe('reading trends', () => {
  // share §4.5 and Appendix A6
  it.each([
    [4, 4],
    ['4', 4],
    [' 4 ', 4],
    ['Flat', 4],
    ['FLAT', 4],
    ['flat', 4],
    ['NOT COMPUTABLE', 8],
    ['NotComputable', 8],
    ['not_computable', 8],
    ['RATE OUT OF RANGE', 9],
    ['RateOutOfRange', 9],
    ['OutOfRange', 9],
    ['FortyFiveUp', 3],
    ['forty_five_down', 5],
    ['None', 0],
    ['', 0],
    [null, 0],
    [undefined, 0],
  ])('%j is %i', (raw, number) => {
    expect(decodeTrend(raw)).toEqual({ raw, number, name: TREND_NAMES[number] });
  });

  it.each(['Sideways', 10, -1, 4.5, Number.NaN, '10', '-1', 'Flat!', true, {}, 'toString'])(
    '%j is unknown and kept',
    (raw) => {
      expect(decodeTrend(raw)).toEqual({ raw, number: undefined, name: undefined });
    },
  );

  it('nothing makes it throw, and what came is kept', () => {
    fc.assert(fc.property(fc.anything(), (raw) => Object.is(decodeTrend(raw).raw, raw)));
  });
});

describe('writing trends', () => {
  it('both spellings are read back as they were written', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('number' as const, 'name' as const), (n, spelling) => {
        expect(decodeTrend(encodeTrend(n, spelling)).number).toBe(n);
      }),
    );
  });

  it('a name is read whatever its case and with blanks or underscores in it', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.array(fc.tuple(fc.boolean(), fc.constantFrom('', '', ' ', '_')), {
          minLength: 20,
          maxLength: 20,
        }),
        (n, changes) => {
          const letters = [...TREND_NAMES[n]].map((letter, i) => {
            const [upper, after] = changes[i]!;
            return (upper ? letter.toUpperCase() : letter.toLowerCase()) + after;
          });
          expect(decodeTrend(letters.join('')).number).toBe(n);
        },
      ),
    );
  });

  it('is sent as its number, and as not computable where it has no name', () => {
    expect(TREND_NAMES.map(trendNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(trendNumber('unknown')).toBe(8);
  });
});
