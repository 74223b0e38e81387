import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glucoseStatus, isUploadable, SAME_READING_WITHIN_MS } from '../../src/index.ts';
import { glucoseOf } from '../../src/receiver/records/glucose.ts';
import { decodeReading, ENDPOINTS, foldDuplicates } from '../../src/share/index.ts';

describe('a reading from Share', () => {
  it('has its true time from WT, although the clocks of 2015 were hours off', () => {
    const raw = {
      DT: '/Date(1426780716000-0700)/',
      ST: '/Date(1426784306000)/',
      Trend: 4,
      Value: 99,
      WT: '/Date(1426769941000)/',
    };
    expect(decodeReading(raw)).toEqual({
      utcMs: 1426769941000,
      offsetMinutes: -420,
      mgDl: 99,
      mmolL: 5.5,
      status: 'inRange',
      trend: { raw: 4, number: 4, name: 'Flat' },
      raw,
    });
  });

  it('is read in the spelling of today, to the millisecond', () => {
    const raw = {
      WT: 'Date(1745081013817)',
      ST: 'Date(1745081013817)',
      DT: 'Date(1745081013817-0400)',
      Value: 120,
      Trend: 'FortyFiveUp',
    };
    expect(decodeReading(raw)).toMatchObject({
      utcMs: 1745081013817,
      offsetMinutes: -240,
      trend: { number: 3, name: 'FortyFiveUp' },
    });
  });

  it.each([
    [{ WT: 'Date(1)', ST: 'Date(2)', DT: 'Date(3)' }, 1],
    [{ ST: 'Date(2)', DT: 'Date(3)' }, 2],
    [{ DT: 'Date(3+0100)' }, 3],
    [{ WT: 'nonsense', ST: 'Date(2)' }, 2],
  ])('takes the best date there is: %j', (dates, utcMs) => {
    expect(decodeReading({ ...dates, Value: 100 })?.utcMs).toBe(utcMs);
  });

  it('is none without a date', () => {
    expect(decodeReading({ Value: 100, ST: 'soon' })).toBeUndefined();
  });

  it('is kept when its trend is unknown', () => {
    expect(decodeReading({ Value: 100, ST: 'Date(1)', Trend: 'Sideways' })?.trend).toEqual({
      raw: 'Sideways',
      number: undefined,
      name: undefined,
    });
  });

  it.each([
    [0, 'special'],
    [10, 'special'],
    [19, 'special'],
    [20, 'low'],
    [38, 'low'],
    [39, 'low'],
    [40, 'inRange'],
    [400, 'inRange'],
    [401, 'high'],
    [500, 'high'],
  ])('%i mg/dL is %s', (mgDl, status) => {
    expect(glucoseStatus(mgDl)).toBe(status);
  });

  it.each(['WT', 'ST', 'DT'])('takes a %s that is null as if it were missing', (missing) => {
    const dates = { WT: 'Date(1)', ST: 'Date(2)', DT: 'Date(3+0100)' };
    const list = JSON.stringify([{ ...dates, [missing]: null, Value: 100, Trend: 4 }]);
    for (const { reply } of [
      ENDPOINTS.ReadPublisherLatestGlucoseValues,
      ENDPOINTS.ReadSubscriptionLatestGlucoseValues,
    ]) {
      const decoded = reply.decode(list);
      if (!decoded.ok) throw new Error(decoded.problem);
      expect(decoded.value.map(decodeReading)).toMatchObject([
        { utcMs: missing === 'WT' ? 2 : 1, offsetMinutes: missing === 'DT' ? undefined : 60 },
      ]);
    }
  });
});

it.each(['WT', 'ST', 'DT'])('the newest reading of a subscription may have %s null', (missing) => {
  const dates = { WT: 'Date(1)', ST: 'Date(2)', DT: 'Date(3+0100)' };
  const Egv = { ...dates, [missing]: null, Value: 100, Trend: 4 };
  const { reply } = ENDPOINTS.ReadLastGlucoseFromSubscriptions;
  const decoded = reply.decode(JSON.stringify([{ SubscriptionId: 'a', Egv }]));
  if (!decoded.ok) throw new Error(decoded.problem);
  expect(decoded.value.map((one) => one.Egv && decodeReading(one.Egv))).toMatchObject([
    { utcMs: missing === 'WT' ? 2 : 1, offsetMinutes: missing === 'DT' ? undefined : 60 },
  ]);
});

describe('the scale of glucose', () => {
  it('is one for receivers, Share and uploads, from 0 to 1023', () => {
    for (let value = 0; value < 1024; value++) {
      const reading = decodeReading({ Value: value, WT: 'Date(1)' });
      const { status } = glucoseOf(value);
      expect([value, reading?.status]).toEqual([value, status]);
      const expected =
        value < 20 ? 'special' : value < 40 ? 'low' : value <= 400 ? 'inRange' : 'high';
      expect([value, status]).toEqual([value, expected]);
      expect([value, isUploadable(value)]).toEqual([value, value >= 39 && value <= 401]);
    }
  });

  it('has a status for every whole number that Share can send, and uploads 39 to 401 only', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (Value) => {
        const status = decodeReading({ Value, WT: 'Date(1)' })?.status;
        const expected =
          Value < 20 ? 'special' : Value < 40 ? 'low' : Value <= 400 ? 'inRange' : 'high';
        expect(status).toBe(expected);
        expect(isUploadable(Value)).toBe(Value >= 39 && Value <= 401);
      }),
    );
  });
});

describe('copies', () => {
  const reading = (second: number, mgDl: number) =>
    decodeReading({ WT: `Date(${second * 1000})`, Value: mgDl })!;
  const shape = (...readings: [number, number][]) =>
    foldDuplicates(readings.map(([second, mgDl]) => reading(second, mgDl))).map(
      ({ utcMs, mgDl, duplicates }) => [utcMs / 1000, mgDl, duplicates.length],
    );

  it.each([
    [
      [
        [0, 100],
        [9, 100],
      ],
      [[0, 100, 1]],
    ],
    [
      [
        [9, 100],
        [0, 100],
      ],
      [[0, 100, 1]],
    ],
    [
      [
        [0, 100],
        [30, 100],
      ],
      [[0, 100, 1]],
    ],
    [
      [
        [0, 100],
        [31, 100],
      ],
      [
        [31, 100, 0],
        [0, 100, 0],
      ],
    ],
    [
      [
        [0, 100],
        [9, 101],
      ],
      [
        [9, 101, 0],
        [0, 100, 0],
      ],
    ],
    [
      [
        [0, 100],
        [5, 101],
        [9, 100],
      ],
      [
        [5, 101, 0],
        [0, 100, 1],
      ],
    ],
    [
      [
        [0, 100],
        [20, 100],
        [40, 100],
      ],
      [
        [40, 100, 0],
        [0, 100, 1],
      ],
    ],
    [[], []],
  ] as [[number, number][], number[][]][])('%j are %j', (readings, folded) => {
    expect(shape(...readings)).toEqual(folded);
  });

  it.each([
    ['all of one second', 0, (i: number) => 40 + (i % 361)],
    ['all of one second and one value', 0, () => 100],
    ['all different', 300, (i: number) => 40 + (i % 361)],
  ])('of 34,000 readings cost no comparison of each with each: %s', (_, step, mgDlOf) => {
    let looks = 0;
    const readings = Array.from({ length: 34_000 }, (_unused, i) => {
      const { utcMs, mgDl, ...rest } = reading(step * i, mgDlOf(i));
      return {
        ...rest,
        mgDl,
        get utcMs() {
          looks++;
          return utcMs;
        },
      };
    });
    foldDuplicates(readings);
    // Sorting alone looks at each about thirty times.
    expect(looks).toBeLessThan(60 * readings.length);
  });

  it('are kept beside the first, so that none is lost', () => {
    const some = fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 98, max: 100 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(some, (given) => {
        const readings = given.map(([second, mgDl]) => reading(second, mgDl));
        const folded = foldDuplicates(readings);
        const all = folded.flatMap((one) => [one.raw, ...one.duplicates.map(({ raw }) => raw)]);
        expect(new Set(all)).toEqual(new Set(readings.map(({ raw }) => raw)));
        expect(all).toHaveLength(readings.length);
        for (const one of folded) {
          for (const copy of one.duplicates) {
            expect(copy.mgDl).toBe(one.mgDl);
            expect(copy.utcMs - one.utcMs).toBeLessThanOrEqual(SAME_READING_WITHIN_MS);
          }
        }
        expect(folded.map(({ utcMs }) => utcMs)).toEqual(
          folded.map(({ utcMs }) => utcMs).toSorted((a, b) => b - a),
        );
      }),
    );
  });
});
