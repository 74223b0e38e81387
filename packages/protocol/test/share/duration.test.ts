import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDuration, encodeDuration } from '../../src/share/index.ts';

describe('durations', () => {
  // share, Appendix A4 and §5.3
  it.each([
    ['PT0M', 0],
    ['PT0S', 0],
    ['PT30M', 1800],
    ['PT45M', 2700],
    ['PT1H', 3600],
    ['PT1H30M', 5400],
    ['PT6H', 21_600],
    ['P1D', 86_400],
    ['P1DT1S', 86_401],
    ['PT1.5S', 1.5],
    ['PT90M', 5400],
  ])('%s is %d s', (text, seconds) => {
    expect(decodeDuration(text)).toBe(seconds);
  });

  it.each([
    'PT',
    'P',
    '30',
    '',
    'pt30m',
    'PT-30M',
    'P1W',
    'PT1M1H',
    ' PT1H',
    'PT1H ',
    'P1DT',
    5,
    null,
  ])('%j is none', (text) => {
    expect(decodeDuration(text)).toBeUndefined();
  });

  it.each([
    [0, 'PT0M'],
    [1800, 'PT30M'],
    [3600, 'PT1H'],
    [5400, 'PT1H30M'],
    [21_600, 'PT6H'],
    [90_061, 'PT25H1M1S'],
    [1, 'PT1S'],
  ])('%d s is written %s', (seconds, text) => {
    expect(encodeDuration(seconds)).toBe(text);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is refused', (seconds) => {
    expect(() => encodeDuration(seconds)).toThrow(expect.objectContaining({ code: 'outOfRange' }));
  });

  it('come back as they went', () => {
    fc.assert(
      fc.property(
        fc.nat(999_999_999),
        (seconds) => decodeDuration(encodeDuration(seconds)) === seconds,
      ),
    );
    fc.assert(
      fc.property(fc.anything(), (text) => {
        const seconds = decodeDuration(text);
        return seconds === undefined || seconds >= 0;
      }),
    );
  });
});
