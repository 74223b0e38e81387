import type { EgvRecord } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g4, g5, g6 } from '../support/bench.ts';
import { NOW_SECONDS } from '../support/clock.ts';
import { egvs, history, SEEDS, steps } from '../support/history.ts';

const PROFILES = [g4, g5, g6];
const DAY = 86_400;

function inRange(records: readonly EgvRecord[]): EgvRecord[] {
  return records.filter(({ glucose }) => glucose.status === 'inRange' && !glucose.displayOnly);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

describe('the readings', () => {
  it.each(PROFILES)(
    'of a $name are LOW and HIGH within the last day, whatever the seed',
    (profile) => {
      for (let seed = 1; seed <= 500; seed++) {
        const lastDay = egvs(history({ profile, seed, days: 1 })).filter(
          (record) => record.systemSeconds > NOW_SECONDS - DAY && !record.glucose.displayOnly,
        );
        const values = lastDay.map((record) => record.glucose.value);
        expect(values, `seed ${seed}`).toContain(39);
        expect(values, `seed ${seed}`).toContain(401);
      }
    },
  );

  it('are mostly in range, and not constant', () => {
    for (const seed of SEEDS) {
      const values = inRange(egvs(history({ seed }))).map((record) => record.glucose.value);
      expect(values.length).toBeGreaterThan(3 * 288 * 0.8);
      expect(mean(values)).toBeGreaterThan(90);
      expect(mean(values)).toBeLessThan(190);
      expect(deviation(values)).toBeGreaterThan(15);
      expect(deviation(values)).toBeLessThan(90);
    }
  });

  it('never jump between neighbours', () => {
    for (const seed of SEEDS) {
      const records = inRange(egvs(history({ seed })));
      for (const [i, record] of records.entries()) {
        const before = records[i - 1];
        if (before === undefined || record.systemSeconds - before.systemSeconds > 301) continue;
        const step = Math.abs(record.glucose.value - before.glucose.value);
        expect(step).toBeLessThanOrEqual(60);
      }
    }
  });

  it.each([0, -25_200, 36_000])(
    'rise with meals and are quiet at night, at offset %i s',
    (offset) => {
      // Without the last day, which goes LOW and HIGH at any hour.
      const records = inRange(egvs(history({ days: 20, displayOffsetSeconds: offset }))).filter(
        (record) => record.systemSeconds < NOW_SECONDS - 2 * DAY,
      );
      const between = (from: number, to: number) =>
        records
          .filter(({ displaySeconds }) => {
            const hour = (displaySeconds % DAY) / 3600;
            return hour >= from && hour < to;
          })
          .map((record) => record.glucose.value);
      expect(mean(between(8, 10))).toBeGreaterThan(mean(between(2, 5)) + 10);
      expect(deviation(between(2, 5))).toBeLessThan(deviation(between(8, 22)));
    },
  );

  it('have an arrow that fits the readings before them', () => {
    const records = egvs(history()).filter((record) => !record.glucose.displayOnly);
    let compared = 0;
    for (const [i, record] of records.entries()) {
      const before = records[i - 1];
      const arrow = record.trend.arrow.raw;
      if (record.glucose.status === 'special') expect(arrow).toBe(8);
      if (before === undefined || before.glucose.status !== 'inRange') continue;
      if (record.systemSeconds - before.systemSeconds > 301) expect(arrow).toBe(8);
      else if (record.glucose.status === 'inRange') {
        const perMinute = (record.glucose.value - before.glucose.value) / 5;
        const steep = [3, 2, 1, -1, -2, -3].filter((limit) => perMinute < limit).length + 1;
        expect(Math.abs(arrow - steep)).toBeLessThanOrEqual(1);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

describe('special codes', () => {
  it('come and go, with the arrow that says nothing', () => {
    const seen = new Set<number>();
    for (const seed of SEEDS) {
      for (const { glucose, trend } of egvs(history({ seed }))) {
        if (glucose.status !== 'special') continue;
        seen.add(glucose.value);
        expect(trend.arrow.name).toBe('NotComputable');
        expect(trend.calibrationPending).toBe(false);
        expect(glucose.displayOnly).toBe(false);
      }
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([2, 6, 9, 10, 12]);
  });

  it('say for two hours a week that the sensor warms up, every five minutes', () => {
    for (const seed of [1, 2, 3]) {
      const warmUp = egvs(history({ seed, days: 15 }))
        .filter((record) => record.glucose.value === 5)
        .map((record) => record.systemSeconds);
      expect(warmUp).toHaveLength(2 * 24);
      const breaks = steps(warmUp).filter((step) => step > 301);
      expect(breaks).toHaveLength(1);
      expect(Math.abs(warmUp[24]! - warmUp[0]! - 7 * DAY)).toBeLessThan(301);
    }
  });
});

describe('display-only values', () => {
  it.each([g4, g5])('of a $name follow a reading of the same or the last second', (profile) => {
    const apart = new Set<number>();
    for (const seed of SEEDS) {
      const records = egvs(history({ profile, seed }));
      const shown = records.filter((record) => record.glucose.displayOnly);
      expect(shown.length).toBeGreaterThanOrEqual(4);
      expect(shown.length).toBeLessThanOrEqual(9);
      for (const record of shown) {
        const before = records[records.indexOf(record) - 1]!;
        apart.add(record.systemSeconds - before.systemSeconds);
        expect(before.glucose.displayOnly).toBe(false);
        expect(before.glucose.status).not.toBe('special');
        expect(before.trend.calibrationPending).toBe(true);
        expect(record.trend.calibrationPending).toBe(false);
        expect(record.glucose.status).not.toBe('special');
        expect(Math.abs(record.glucose.value - before.glucose.value)).toBeLessThanOrEqual(21);
      }
      // One reading waits for the final calibration, or two (§5.5).
      const pending = records.filter((record) => record.trend.calibrationPending);
      expect(pending.length).toBeGreaterThanOrEqual(shown.length);
      expect(pending.length).toBeLessThanOrEqual(2 * shown.length);
    }
    expect([...apart].sort()).toEqual([0, 1]);
  });

  it('are none on a G6, which is not calibrated', () => {
    const records = egvs(history({ profile: g6, days: 10 }));
    expect(records.filter((record) => record.glucose.displayOnly)).toEqual([]);
    expect(records.filter((record) => record.trend.calibrationPending)).toEqual([]);
  });
});

describe('what only newer receivers store', () => {
  it('is not there on a G4', () => {
    const [record] = egvs(history({ profile: g4, days: 1 }));
    expect(record).toMatchObject({ recordType: 4, revision: 2 });
    expect(record).not.toHaveProperty('transmitter');
    expect(record).not.toHaveProperty('prediction');
  });

  it.each([g5, g6])(
    'is the moment of measuring and the clock of the transmitter: $name',
    (profile) => {
      const records = egvs(history({ profile, days: 1 }));
      for (const { systemSeconds, transmitter } of records) {
        expect(systemSeconds - transmitter!.measuredSystemSeconds).toBeGreaterThanOrEqual(0);
        expect(systemSeconds - transmitter!.measuredSystemSeconds).toBeLessThanOrEqual(5);
      }
      const timed = records.filter(({ glucose }) => !glucose.displayOnly);
      const clocks = timed.map((r) => r.systemSeconds - r.transmitter!.transmitterSeconds!);
      expect(Math.max(...clocks) - Math.min(...clocks)).toBeLessThanOrEqual(2);
    },
  );

  it('has a predicted word of 0 on a G5 touchscreen, which predicts nothing', () => {
    // receiver §13
    const records = egvs(history({ profile: RECEIVER_PROFILES['g5-touch'], days: 2 }));
    expect(records.length).toBeGreaterThan(500);
    expect(new Set(records.map(({ prediction }) => prediction?.raw))).toEqual(new Set([0]));
  });

  it('is a prediction on a G6, where there is a value', () => {
    for (const { glucose, prediction } of egvs(history({ profile: g6, days: 2 }))) {
      expect(prediction?.mgDl !== null).toBe(glucose.status === 'inRange');
    }
    expect(egvs(history({ profile: g5, days: 1 }))[0]).not.toHaveProperty('prediction');
  });
});

describe('the backfill partition of a G6', () => {
  it('fills gaps with readings that were measured in them', () => {
    let filled = 0;
    for (const seed of SEEDS) {
      const content = history({ profile: g6, seed });
      const received = egvs(content);
      const times = received.map((record) => record.systemSeconds);
      for (const late of egvs(content, 18)) {
        expect(late).toMatchObject({ recordType: 18, revision: 5 });
        expect(late.glucose.backfilled).toBe(true);
        expect(late.glucose.status).not.toBe('special');
        const measured = late.transmitter!.measuredSystemSeconds;
        // Nothing else was measured then, and it was stored with the first reading after the gap.
        const after = times.findIndex((time) => time > measured + 10);
        expect(times[after]! - measured).toBeGreaterThan(290);
        expect(measured - times[after - 1]!).toBeGreaterThan(290);
        expect(late.systemSeconds).toBe(times[after]);
        filled++;
      }
    }
    expect(filled).toBeGreaterThan(50);
  });

  it('has every missed reading of a gap once, in order, on the five-minute grid', () => {
    const content = history({ profile: g6, days: 10 });
    const measured = (type: 4 | 18) =>
      egvs(content, type).map((record) => record.transmitter!.measuredSystemSeconds as number);
    expect(Math.min(...steps(measured(18)))).toBeGreaterThan(290);
    const both = [...measured(4), ...measured(18)].sort((a, b) => a - b);
    const left = steps(both).filter((step) => step > 302);
    // Single missed readings stay missed.
    for (const step of left) expect(Math.round(step / 300)).toBe(2);
    for (const step of steps(both))
      expect(Math.abs(step % 300)).toSatisfy((n: number) => n < 3 || n > 297);
  });

  it('marks no reading of the other partition as backfilled', () => {
    const records = egvs(history({ profile: g6 }));
    expect(records.filter((record) => record.glucose.backfilled)).toEqual([]);
  });

  it.each([g4, g5])('is not there on a $name', (profile) => {
    expect(history({ profile }).has(18)).toBe(false);
  });
});
