import type { CalibrationRecord, EgvRecord, InsertionRecord } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { joinEgvs } from '../src/joined-readings.ts';
import { sensorSessions } from '../src/sensor-sessions.ts';
import { calibration, egv, insertion, sensor, T0, vectorPage } from './support/records.ts';

describe('sensorSessions', () => {
  it('of the vectors: three, with their ends', () => {
    const records = vectorPage('Insertion rev1 session history') as InsertionRecord[];
    const sessions = sensorSessions(records.toReversed());
    expect(
      sessions.map(({ startedSystemSeconds, endedSystemSeconds, end, confidence }) => [
        (startedSystemSeconds ?? 0) - T0,
        (endedSystemSeconds ?? 0) - T0,
        end,
        confidence.level,
      ]),
    ).toEqual([
      [0, 604_800, 'expired', 'certain'],
      [605_400, 700_000, 'countsDeviation', 'certain'],
      [701_000, 800_000, 'removed', 'certain'],
    ]);
  });

  it('leaves open the one that runs', () => {
    expect(sensorSessions([insertion(0, 7, -5)])).toMatchObject([
      {
        startedSystemSeconds: T0 - 5,
        endedSystemSeconds: null,
        end: 'running',
        confidence: { level: 'likely' },
      },
    ]);
  });

  it('tells of an end whose start is gone, and of a start that no end follows', () => {
    const sessions = sensorSessions([insertion(5, 2), insertion(10, 7, 10), insertion(20, 7, 20)]);
    expect(sessions.map(({ end, confidence }) => [end, confidence.level])).toEqual([
      ['expired', 'doubtful'],
      ['unknown', 'doubtful'],
      ['running', 'likely'],
    ]);
    expect(sessions[0]?.startedSystemSeconds).toBeNull();
    expect(sessions[1]?.endedSystemSeconds).toBeNull();
  });

  it('takes the time a start was stored where it tells none, and doubts what was never seen', () => {
    expect(sensorSessions([insertion(0, 7), insertion(9, 1)])).toMatchObject([
      { startedSystemSeconds: T0, confidence: { level: 'doubtful' } },
    ]);
    expect(sensorSessions([insertion(0, 7, 0), insertion(9, 1, 9)])).toMatchObject([
      { confidence: { level: 'doubtful' } },
    ]);
    const g6 = { revision: 2 };
    expect(
      sensorSessions([
        { ...insertion(0, 7, 0), ...g6 },
        { ...insertion(9, 1), ...g6 },
      ]),
    ).toMatchObject([{ confidence: { level: 'likely' } }]);
  });
});

describe('joinEgvs', () => {
  it('of the vectors: provisional and final calibration, each with the readings computed from it', () => {
    const egvs = vectorPage('EGV rev2 calibration sequence') as EgvRecord[];
    const sets = vectorPage('CalSet rev2 provisional and final') as CalibrationRecord[];
    const joined = joinEgvs(egvs, [], sets);
    const rows = joined.map(({ egv: record, calibration: set }) => [
      record.systemSeconds - T0,
      record.glucose.displayOnly,
      set === null ? null : set.systemSeconds - T0,
    ]);
    expect(rows).toEqual([
      [0, false, -14_400],
      [300, false, 121],
      [600, false, 121],
      [601, true, 600],
      [900, false, 600],
    ]);
  });

  it('takes the nearest sensor record within 10 s', () => {
    const at = (...times: number[]) =>
      joinEgvs(
        [egv(0)],
        times.map((time) => sensor(time)),
        [],
      )[0]?.sensor?.index;
    expect(at(-1)).toBe(-1);
    expect(at(-10)).toBe(-10);
    expect(at(10)).toBe(10);
    expect(at(-11, 11)).toBeUndefined();
    expect(at(-9, -1, 3, 8)).toBe(-1);
    expect(at()).toBeUndefined();
  });

  it('says how sure it is', () => {
    const level = (record: EgvRecord, sensors: number[], sets: CalibrationRecord[]) =>
      joinEgvs(
        [record],
        sensors.map((time) => sensor(time)),
        sets,
      )[0]?.confidence.level;
    const final = calibration(-900, 3);
    const provisional = calibration(-900, 0);
    expect(level(egv(0), [0], [final])).toBe('certain');
    expect(level(egv(0), [], [final])).toBe('doubtful');
    expect(level(egv(0), [0], [])).toBe('doubtful');
    expect(level(egv(0), [0], [provisional])).toBe('doubtful');
    expect(level(egv(0, 112, 0x94), [0], [provisional])).toBe('certain');
    expect(level(egv(0, 5), [0], [provisional])).toBe('certain');
    expect(level(egv(0, 0x8070), [], [final])).toBe('certain');
    expect(level({ ...egv(0), revision: 5 }, [0], [final])).toBe('likely');
  });
});
