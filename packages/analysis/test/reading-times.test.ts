import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { VECTORS } from '../../protocol/test/support/vectors.ts';
import { readingTimes } from '../src/reading-times.ts';
import { egv, vectorPage } from './support/records.ts';

function g6(system: number, measured: number, word: number): EgvRecord {
  return {
    ...egv(0, word),
    index: system,
    revision: 5,
    systemSeconds: systemSeconds(system),
    displaySeconds: displaySeconds(system - 25_200),
    transmitter: {
      measuredSystemSeconds: systemSeconds(measured),
      transmitterSeconds: 0,
      filteredRate: 0,
      algorithmState: 6,
    },
  };
}

const LATE = 0x2000 | 97;

describe('readingTimes', () => {
  it.each(VECTORS.backfillTime)(
    'places a value measured at $backfilledMeasurementSystemSeconds',
    (vector) => {
      const { measurementSystemSeconds, displaySeconds: shown } = vector.base;
      const base = {
        ...g6(measurementSystemSeconds + 2, measurementSystemSeconds, 101),
        displaySeconds: displaySeconds(shown),
      };
      const late = g6(
        measurementSystemSeconds + 302,
        vector.backfilledMeasurementSystemSeconds,
        LATE,
      );
      const [first, second] = readingTimes([late, base]);
      expect(first).toMatchObject({ record: base, displaySeconds: shown, base: null });
      expect(second).toMatchObject({
        record: late,
        systemSeconds: vector.backfilledMeasurementSystemSeconds,
        displaySeconds: vector.expectedDisplaySeconds,
        base,
        confidence: { level: 'likely' },
      });
    },
  );

  it('takes the nearest reading before it as base, not one that is backfilled itself', () => {
    const records = [
      g6(1000_000, 999_998, 100),
      g6(1000_300, 1000_298, 101),
      g6(1000_302, 999_700, LATE),
      g6(1000_302, 999_400, LATE),
    ];
    const times = readingTimes(records);
    expect(times.map((time) => time.base?.index ?? null)).toEqual([null, null, 1000_300, 1000_300]);
    expect(times.map((time) => time.displaySeconds - time.systemSeconds)).toEqual([
      -25_200, -25_200, -25_198, -25_198,
    ]);
  });

  it('flags a value without a base, and leaves it at the time it arrived', () => {
    const late = g6(1000_300, 999_700, LATE);
    expect(readingTimes([late])).toMatchObject([
      { displaySeconds: late.displaySeconds, base: null, confidence: { level: 'doubtful' } },
    ]);
  });

  it('takes a reading for late by the rule of its record', () => {
    expect(readingTimes([egv(0, LATE)])).toMatchObject([{ confidence: { level: 'certain' } }]);
  });

  it('places every record of the backfill page of the vectors behind the readings of the other', () => {
    const readings = vectorPage('EGV rev5') as EgvRecord[];
    const late = vectorPage('Backfilled EGV rev5') as EgvRecord[];
    const times = readingTimes([...readings, ...late]).filter(
      ({ record }) => record.recordType === 18,
    );
    expect(times.map(({ displaySeconds: shown }) => shown)).toEqual(
      VECTORS.backfillTime.map((vector) => vector.expectedDisplaySeconds),
    );
  });
});
