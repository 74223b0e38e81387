import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemSeconds } from '../src/clock.ts';
import { glucoseStatus, isUploadable } from '../src/glucose.ts';
import { readingOf } from '../src/reading.ts';
import { isBackfilled, measuredSystemSeconds, readingOfEgv } from '../src/receiver/records/egv.ts';
import { decodeReading, readingOfShare } from '../src/share/reading.ts';
import { EGV_KINDS, egvRecord } from './support/records.ts';

const observed = { systemSeconds: systemSeconds(500_000_000), hostUnixMs: 1_700_000_000_000 };
const anyEgv = fc.constantFrom(...EGV_KINDS).chain(egvRecord);
const parts = { utcMs: 0, trend: { raw: 4, name: 'Flat' }, source: 'share' } as const;

describe('a reading', () => {
  it('has mg/dL from 40 to 400 only; 39 is LOW, 401 HIGH, less than 20 a state', () => {
    expect([5, 39, 40, 400, 401].map((value) => readingOf(value, parts))).toMatchObject([
      { mgDl: undefined, status: 'special' },
      { mgDl: undefined, status: 'low' },
      { mgDl: 40, status: 'inRange' },
      { mgDl: 400, status: 'inRange' },
      { mgDl: undefined, status: 'high' },
    ]);
  });

  it('is uploadable as it is if it has mg/dL, and never if it is a state of the receiver', () => {
    fc.assert(
      fc.property(fc.nat(1023), (value) => {
        const { mgDl, status } = readingOf(value, parts);
        expect(mgDl !== undefined).toBe(status === 'inRange');
        if (mgDl !== undefined) expect(isUploadable(mgDl)).toBe(true);
        if (status === 'special') expect(isUploadable(value)).toBe(false);
        expect(status).toBe(glucoseStatus(value));
      }),
    );
  });

  it('is the same from a receiver and from Share, but for its source and its raw trend', () => {
    fc.assert(
      fc.property(fc.nat(1023), fc.nat(9), (value, arrow) => {
        const fromShare = decodeReading({
          WT: '/Date(1700000000000)/',
          Value: value,
          Trend: arrow,
        });
        expect(fromShare && readingOfShare(fromShare)).toEqual({
          ...readingOf(value, { ...parts, utcMs: 1_700_000_000_000 }),
          trend: { raw: arrow, name: expect.not.stringMatching('unknown') },
        });
      }),
    );
  });
});

describe('the reading of an EGV record', () => {
  it('is none if the value is display-only, and has the time of its measurement', () => {
    fc.assert(
      fc.property(anyEgv, (record) => {
        const reading = readingOfEgv(record, observed);
        expect(reading === undefined).toBe(record.glucose.displayOnly);
        if (reading === undefined) return;
        const agoSeconds = observed.systemSeconds - measuredSystemSeconds(record);
        expect(reading).toEqual({
          utcMs: observed.hostUnixMs - agoSeconds * 1000,
          mgDl: record.glucose.mgDl,
          status: record.glucose.status,
          value: record.glucose.value,
          trend: record.trend.arrow,
          source: 'receiver',
        });
      }),
    );
  });

  it('was measured when it was stored, unless it came late', () => {
    fc.assert(
      fc.property(anyEgv, (record) => {
        const late = isBackfilled(record) && record.transmitter !== undefined;
        expect(measuredSystemSeconds(record)).toBe(
          late ? record.transmitter?.measuredSystemSeconds : record.systemSeconds,
        );
      }),
    );
  });
});

describe('isBackfilled', () => {
  const late = (recordType: number, revision: number, backfilled: boolean) =>
    isBackfilled({ recordType, revision, glucose: { backfilled } as never });

  it.each([
    [4, 5, true, true],
    [4, 5, false, false],
    // Before revision 5 nothing tells that the bit means it.
    [4, 4, true, false],
    [18, 5, false, true],
  ])('type %i, revision %i, bit %s: %s', (recordType, revision, bit, expected) => {
    expect(late(recordType, revision, bit)).toBe(expected);
  });
});
