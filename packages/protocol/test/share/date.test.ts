import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDate, encodeDate, encodeUploadDate } from '../../src/share/index.ts';

const MAX_MS = 8.64e15;
const instants = fc.integer({ min: -MAX_MS, max: MAX_MS });
const offsets = fc.option(fc.integer({ min: -840, max: 840 }), { nil: undefined });
const spellings = fc.constantFrom('slashed' as const, 'bare' as const);

describe('reading dates', () => {
  // share, Appendix A2
  it.each([
    ['/Date(1426784306000)/', 1426784306000, undefined],
    ['/Date(1426780716000-0700)/', 1426780716000, -420],
    ['Date(1680591428000)', 1680591428000, undefined],
    ['Date(1640812425000-0500)', 1640812425000, -300],
    ['Date(1638448498000+0000)', 1638448498000, 0],
    ['Date(1745081013817-0400)', 1745081013817, -240],
    ['/Date(1700000000000+0530)/', 1700000000000, 330],
    ['Date(1700000000000-0030)', 1700000000000, -30],
    ['Date(0)', 0, undefined],
    ['Date(-1)', -1, undefined],
    ['Date(1700000000000+1400)', 1700000000000, 840],
    ['Date(8640000000000000)', 8.64e15, undefined],
  ])('%s', (text, utcMs, offsetMinutes) => {
    expect(decodeDate(text)).toEqual({ utcMs, offsetMinutes });
  });

  it.each([
    'yesterday',
    'Date()',
    '/Date(12)with text',
    'x/Date(12)/',
    '/Date(12)/\n',
    '',
    '/Date(1700000000000)',
    'Date(1700000000000)/',
    '//Date(1700000000000)//',
    'date(1700000000000)',
    'Date(1.5)',
    'Date(1e3)',
    'Date( 1)',
    'Date(--1)',
    'Date(1700000000000+0860)',
    'Date(1700000000000+1401)',
    'Date(1700000000000-9900)',
    'Date(1700000000000+070)',
    'Date(1700000000000+07:00)',
    'Date(1700000000000Z)',
    'Date(8640000000000001)',
    'Date(99999999999999999999)',
    '\\/Date(1700000000000)\\/',
    '2015-03-19T12:39:01Z',
  ])('%j is no date', (text) => {
    expect(decodeDate(text)).toBeUndefined();
  });

  it.each([undefined, null, 0, 1426784306000, true, {}, [], new Date(0), Symbol('d')])(
    'what is no text is no date: %s',
    (value) => {
      expect(decodeDate(value)).toBeUndefined();
    },
  );

  it('zero is never negative', () => {
    expect(Object.is(decodeDate('Date(-0-0000)')?.utcMs, 0)).toBe(true);
    expect(Object.is(decodeDate('Date(-0-0000)')?.offsetMinutes, 0)).toBe(true);
  });

  it('nothing makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^\/?Date.*$/)),
        (value) => {
          const date = decodeDate(value);
          return date === undefined || Number.isInteger(date.utcMs);
        },
      ),
    );
  });
});

describe('writing dates', () => {
  it('every date is read back as it was written', () => {
    fc.assert(
      fc.property(instants, offsets, spellings, (utcMs, offsetMinutes, spelling) => {
        const date = { utcMs, offsetMinutes };
        expect(decodeDate(encodeDate(date, spelling))).toEqual(date);
      }),
    );
  });

  it('every text that is a date is written the same, but for needless zeros and signs', () => {
    fc.assert(
      fc.property(instants, offsets, spellings, (utcMs, offsetMinutes, spelling) => {
        const text = encodeDate({ utcMs, offsetMinutes }, spelling);
        expect(encodeDate(decodeDate(text)!, spelling)).toBe(text);
      }),
    );
  });

  it('the spellings of both generations', () => {
    const date = { utcMs: 1426780716000, offsetMinutes: -420 };
    expect(encodeDate(date, 'slashed')).toBe('/Date(1426780716000-0700)/');
    expect(encodeDate(date, 'bare')).toBe('Date(1426780716000-0700)');
    expect(encodeDate({ utcMs: 1, offsetMinutes: 330 }, 'bare')).toBe('Date(1+0530)');
    expect(encodeDate({ utcMs: 1, offsetMinutes: 0 }, 'bare')).toBe('Date(1+0000)');
  });

  it('uploads are in whole seconds, never in the future of the reading', () => {
    expect(encodeUploadDate(1426783106000)).toBe('/Date(1426783106000)/');
    expect(encodeUploadDate(1426783106999)).toBe('/Date(1426783106000)/');
    expect(encodeUploadDate(-1)).toBe('/Date(-1000)/');
    fc.assert(
      fc.property(fc.integer({ min: -MAX_MS + 1000, max: MAX_MS }), (ms) => {
        const written = decodeDate(encodeUploadDate(ms))!;
        expect(written.offsetMinutes).toBeUndefined();
        expect(Number.isInteger(written.utcMs / 1000)).toBe(true);
        expect(ms - written.utcMs).toBeGreaterThanOrEqual(0);
        expect(ms - written.utcMs).toBeLessThan(1000);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5, 8.64e15 + 1])(
    '%s is refused as an instant',
    (utcMs) => {
      expect(() => encodeDate({ utcMs, offsetMinutes: undefined }, 'bare')).toThrow(
        expect.objectContaining({ name: 'InputError', code: 'outOfRange' }),
      );
    },
  );

  it.each([841, -841, 0.5, Number.NaN])('%s minutes are refused as a zone', (offsetMinutes) => {
    expect(() => encodeDate({ utcMs: 0, offsetMinutes }, 'bare')).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'outOfRange' }),
    );
  });
});
