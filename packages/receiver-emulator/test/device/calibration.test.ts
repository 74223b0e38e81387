import type {
  CalibrationRecord,
  InsertionRecord,
  MeterRecord,
  SensorRecord,
} from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import type { ReceiverDatabase } from '../../src/database.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g5, g6 } from '../support/bench.ts';
import { egvs, history, of, SEEDS } from '../support/history.ts';

const { 'g5-touch': g5Touch } = RECEIVER_PROFILES;
const PROFILES = Object.values(RECEIVER_PROFILES);
const calibrations = (content: ReceiverDatabase) => of<CalibrationRecord>(content, 5);
const meters = (content: ReceiverDatabase) => of<MeterRecord>(content, 10);
const sensors = (content: ReceiverDatabase) => of<SensorRecord>(content, 3);

describe('meter values and calibrations', () => {
  // receiver §5.5, §5.9
  it.each(PROFILES)('of a $name: a meter time is 30 s before its record', (profile) => {
    const records = meters(history({ profile, days: 10 }));
    expect(records.length).toBeGreaterThan(10);
    const entries = records.filter(({ entryType }) => entryType !== 3);
    for (const { systemSeconds, meterSystemSeconds } of entries) {
      expect(systemSeconds - meterSystemSeconds).toBe(30);
    }
  });

  it.each([g5, g5Touch, g6])('of a $name: each entry comes again, confirmed', (profile) => {
    // receiver §5.9
    const records = meters(history({ profile, days: 10 }));
    const entered = records.filter(({ entryType }) => entryType === 1);
    const confirmed = records.filter(({ entryType }) => entryType === 3);
    expect(entered.length + confirmed.length).toBe(records.length);
    expect(entered.every((one) => one.meterTransmitterSeconds === null)).toBe(true);
    // The newest may wait for its reading still; one that its session did not outlive stays alone.
    expect(confirmed.length).toBeGreaterThanOrEqual(entered.length - 2);
    for (const again of confirmed) {
      const one = entered.find((e) => e.meterSystemSeconds === again.meterSystemSeconds)!;
      expect(again.meterMgDl).toBe(one.meterMgDl);
      expect(again.meterTransmitterSeconds).toEqual(expect.any(Number));
      const laterSeconds = again.systemSeconds - one.meterSystemSeconds;
      expect(laterSeconds).toBeGreaterThan(0);
      expect(laterSeconds).toBeLessThanOrEqual(300);
    }
  });

  it.each([g5, g5Touch])('leave values without transmitter time on a $name', (profile) => {
    // receiver §13
    const content = history({ profile, days: 9 });
    for (const { glucose, transmitter } of egvs(content)) {
      expect(transmitter!.transmitterSeconds === null).toBe(glucose.displayOnly);
    }
    const sessions = of<InsertionRecord>(content, 7);
    expect(sessions.length).toBeGreaterThan(1);
    for (const { transmitter } of sessions) expect(transmitter?.id).toBe(profile.transmitterId);
  });

  it('are provisional with 0 and with 8 in byte 34', () => {
    // receiver §5.5
    const raws = calibrations(history({ days: 9 })).filter(({ finality }) => finality.provisional);
    expect(new Set(raws.map(({ finality }) => finality.raw))).toEqual(new Set([0, 8]));
  });

  it.each(SEEDS)('fit each other, the sensor records and the readings: seed %i', (seed) => {
    const content = history({ seed, days: 9 });
    const counts = new Map(sensors(content).map((record) => [record.systemSeconds, record]));
    const entries = new Map(meters(content).map((one) => [one.meterSystemSeconds, one]));
    const shown = egvs(content).filter(({ glucose }) => glucose.displayOnly);
    const records = calibrations(content);
    expect(records.length).toBeGreaterThan(20);
    for (const { systemSeconds, finality, subrecords } of records) {
      const newest = subrecords.points.at(-1)!;
      const entry = entries.get(newest.enteredSystemSeconds)!;
      expect(newest.meterMgDl).toBe(entry.meterMgDl);
      const sensor = counts.get(newest.appliedSystemSeconds)!;
      const { name } = newest.rawKind;
      expect(newest.sensorRaw).toBe(name === 'filtered' ? sensor.filtered : sensor.unfiltered);
      const applied = newest.appliedSystemSeconds - newest.enteredSystemSeconds;
      if (finality.provisional) {
        expect(systemSeconds - entry.systemSeconds).toBeGreaterThanOrEqual(0);
        expect(systemSeconds - entry.systemSeconds).toBeLessThanOrEqual(2);
        expect(applied).toBeGreaterThanOrEqual(-226);
        expect(applied).toBeLessThanOrEqual(6);
      } else {
        expect(applied).toBeGreaterThanOrEqual(176);
        expect(applied).toBeLessThanOrEqual(567);
      }
    }
    // Every final one leaves a display-only value in its second (§5.3).
    const finals = records.filter(({ finality }) => !finality.provisional);
    expect(finals.map(({ systemSeconds }) => systemSeconds)).toEqual(
      shown.map(({ systemSeconds }) => systemSeconds),
    );
  });

  it('say between the two in every reading that one is pending', () => {
    // receiver §5.3
    for (const seed of SEEDS) {
      const content = history({ seed, days: 9 });
      const records = calibrations(content);
      const numeric = egvs(content).filter(
        ({ glucose, systemSeconds }) =>
          glucose.value >= 20 && !glucose.displayOnly && systemSeconds > records[0]!.systemSeconds,
      );
      for (const { systemSeconds, trend } of numeric) {
        const newest = records.findLast((one) => one.systemSeconds < systemSeconds)!;
        expect(trend.calibrationPending).toBe(newest.finality.provisional);
      }
    }
  });

  it('relate counts to the meter values, as far as glucose does not move in between', () => {
    for (const seed of SEEDS) {
      for (const { slope, intercept, scale, subrecords } of calibrations(history({ seed }))) {
        const { sensorRaw, meterMgDl } = subrecords.points.at(-1)!;
        if (slope.value === 0) continue;
        const mgDl = (scale.value * (sensorRaw - intercept.value)) / slope.value;
        if (meterMgDl > 60 && meterMgDl < 250) {
          expect(Math.abs(mgDl - meterMgDl)).toBeLessThan(40);
        }
      }
    }
  });

  it('begin a sensor with two values, the first of which calibrates nothing', () => {
    const content = history({ days: 8 });
    const start = of<InsertionRecord>(content, 7).findLast(
      ({ state }) => state.name === 'started',
    )!;
    const [first, second] = calibrations(content).filter(
      ({ systemSeconds }) => systemSeconds > start.systemSeconds,
    );
    expect([...first!.state]).toEqual([2, 5]);
    expect([first!.slope.value, first!.intercept.value, first!.scale.value]).toEqual([0, 0, 0]);
    expect(second).toMatchObject({ finality: { provisional: true }, subrecords: { count: 2 } });
    expect([...second!.state]).toEqual([3, 6]);
    expect(second!.intercept.value).toBe(30_000);
    const numeric = egvs(content).find(
      ({ glucose, systemSeconds }) => glucose.value >= 20 && systemSeconds > start.systemSeconds,
    )!;
    expect(numeric.systemSeconds - second!.systemSeconds).toBeGreaterThan(0);
    expect(numeric.systemSeconds - second!.systemSeconds).toBeLessThanOrEqual(300);
  });

  it('of a G6 are meter values alone', () => {
    const content = history({ profile: g6, days: 10 });
    expect(meters(content).length).toBeGreaterThan(10);
    expect(calibrations(content)).toEqual([]);
  });
});
