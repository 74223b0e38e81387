import type {
  EventRecord,
  InsertionRecord,
  LogRecord,
  MeterRecord,
  SensorRecord,
  SettingsRecord,
  XmlRecord,
} from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import type { ReceiverDatabase } from '../../src/database.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g4 } from '../support/bench.ts';
import { NOW_SECONDS } from '../support/clock.ts';
import { egvs, history, of, SEEDS, steps } from '../support/history.ts';

const PROFILES = Object.values(RECEIVER_PROFILES);
const DAY = 86_400;

const meters = (content: ReceiverDatabase) => of<MeterRecord>(content, 10);
const sensors = (content: ReceiverDatabase) => of<SensorRecord>(content, 3);

it.each(PROFILES)('every family of a $name ascends in internal time', (profile) => {
  const content = history({ profile, days: 15 });
  for (const { recordType } of profile.partitions) {
    const times = content.records(recordType).map(({ systemSeconds }) => systemSeconds);
    for (const step of steps(times)) expect(step, `type ${recordType}`).toBeGreaterThanOrEqual(0);
  }
});

it.each(PROFILES)('a $name has records in all partitions but those it leaves empty', (profile) => {
  const content = history({ profile, days: 15 });
  const empty = content.partitions().filter((one) => content.records(one.recordType).length === 0);
  expect(empty.map(({ recordType }) => recordType)).toEqual(profile.calibrates ? [9] : [5, 9]);
});

describe('sensor records', () => {
  it.each(PROFILES)('stand one for one behind the readings of a $name', (profile) => {
    // receiver §5.2
    const content = history({ profile, days: 10 });
    const shown = egvs(content).filter(({ glucose }) => !glucose.displayOnly);
    const records = sensors(content);
    expect(records).toHaveLength(shown.length);
    const before = records.map((record, i) => shown[i]!.systemSeconds - record.systemSeconds);
    expect(new Set(before)).toEqual(new Set([0, 1]));
  });

  it('have counts of at most 13 bits, and signals as they were seen', () => {
    for (const { unfiltered, filtered, rssi, unknown17 } of sensors(history({ days: 10 }))) {
      for (const counts of [unfiltered, filtered]) {
        const step = 2 ** Math.max(0, Math.floor(Math.log2(counts)) - 12);
        expect(counts % step).toBe(0);
        expect(counts).toBeGreaterThan(30_000);
      }
      expect(rssi).toBeGreaterThanOrEqual(-96);
      expect(rssi).toBeLessThanOrEqual(-38);
      expect(unknown17).toBeLessThanOrEqual(3);
    }
  });

  it('are not stored while no sensor is in, and neither are readings', () => {
    let pauses = 0;
    for (const seed of SEEDS.slice(0, 8)) {
      const content = history({ seed, days: 30 });
      const changes = of<InsertionRecord>(content, 7);
      const stored = [...sensors(content), ...egvs(content)].map((one) => one.systemSeconds);
      for (const [i, { systemSeconds: ended, state }] of changes.entries()) {
        const next = changes[i + 1];
        if (state.name === 'started' || next === undefined) continue;
        const inPause = stored.filter((time) => time > ended && time < next.systemSeconds);
        expect(inPause).toEqual([]);
        if (next.systemSeconds - ended > 3600) pauses++;
      }
    }
    expect(pauses).toBeGreaterThan(2);
  });
});

describe('sessions', () => {
  // receiver §5.7
  it.each(PROFILES)('of a $name alternate and last as long as its sensors', (profile) => {
    const records = of<InsertionRecord>(history({ profile, days: 30 }), 7);
    expect(records.length).toBeGreaterThan(33);
    const ends = new Set<number>();
    for (const [i, record] of records.entries()) {
      const before = records[i - 1];
      if (record.state.name === 'started') {
        expect(record.insertionSystemSeconds).toBe(record.systemSeconds);
        continue;
      }
      expect(record.insertionSystemSeconds).toBeNull();
      ends.add(record.state.raw);
      if (before === undefined) continue;
      expect(before.state.name).toBe('started');
      const days = (record.systemSeconds - before.systemSeconds) / DAY;
      if (record.state.name === 'expired') expect(days).toBeCloseTo(profile.sessionDays, 3);
      else expect(days).toBeLessThan(profile.sessionDays);
    }
    expect([...ends].sort()).toEqual([1, 2, 4]);
  });
});

describe('events, settings and log', () => {
  it('events happened on a whole minute, shortly before they were noted', () => {
    // receiver §5.10
    const records = of<EventRecord>(history({ days: 25 }), 11);
    expect(new Set(records.map(({ type }) => type.name))).toEqual(
      new Set(['carbohydrates', 'insulin', 'exercise', 'health']),
    );
    for (const { displaySeconds, eventDisplaySeconds, type, subType } of records) {
      expect(eventDisplaySeconds % 60).toBe(0);
      expect(displaySeconds - eventDisplaySeconds).toBeGreaterThanOrEqual(1);
      expect(displaySeconds - eventDisplaySeconds).toBeLessThanOrEqual(811);
      const hasSubType = type.name === 'exercise' || type.name === 'health';
      expect(subType.name === 'none').toBe(!hasSubType);
    }
  });

  it.each(PROFILES)(
    'settings of a $name begin in 2009, unset, and tell of the changed clock',
    (profile) => {
      const records = of<SettingsRecord>(
        history({ profile, days: 10, displayOffsetSeconds: 7200 }),
        12,
      );
      expect(records[0]!.systemSeconds).toBeLessThan(365 * DAY);
      expect(records[0]).toMatchObject({
        setUpState: 1,
        transmitter: { id: profile.factoryTransmitterId },
      });
      const used = records.filter(({ setUpState }) => setUpState >= 5);
      expect(used.at(-1)).toMatchObject({
        displayOffsetSeconds: 7200,
        transmitter: { id: profile.transmitterId },
      });
      const offsets = used.map(({ displayOffsetSeconds }) => displayOffsetSeconds);
      expect(steps(offsets).filter((step) => step !== 0)).toEqual([-3600]);
      expect(new Set(used.map(({ highAlarmMgDl }) => highAlarmMgDl)).size).toBe(2);
    },
  );

  it('the log tells of every meter value and event of its days, when it was stored', () => {
    // receiver §12.10
    const content = history({ days: 3 });
    const entries = of<LogRecord>(content, 8);
    const from = entries[0]!.systemSeconds;
    const at = (what: string) =>
      entries.filter(({ meaning }) => meaning.what === what).map((one) => one.systemSeconds);
    const noted = (name: string) =>
      of<EventRecord>(content, 11)
        .filter(({ type, systemSeconds }) => type.name === name && systemSeconds > from)
        .map(({ systemSeconds }) => systemSeconds);
    const entered = meters(content).map(({ systemSeconds }) => systemSeconds);
    expect(at('meterValueConfirmed')).toEqual(entered.filter((time) => time > from));
    expect(at('carbohydratesStored')).toEqual(noted('carbohydrates'));
    expect(at('insulinStored')).toEqual(noted('insulin'));
    expect(at('insulinStored').length).toBeGreaterThan(5);
  });

  it('the log shows the newest value and its arrow', () => {
    const content = history({ days: 2 });
    const shown = egvs(content);
    let compared = 0;
    for (const { systemSeconds, meaning } of of<LogRecord>(content, 8)) {
      if (meaning.what !== 'trendScreenShown') continue;
      const before = shown.filter((one) => one.systemSeconds <= systemSeconds);
      const values = before.slice(-12).map(({ glucose }) => glucose.value);
      if (before.length > 12) expect(values).toContain(meaning.shownGlucose);
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe('what a receiver says it is', () => {
  it('a re-worked receiver has several manufacturing records, the last of which counts', () => {
    const content = history({
      days: 0,
      earlierSerialNumbers: ['sm00000007', 'SM00000008'],
      serialNumber: 'SM00000009',
    });
    const serials = of<XmlRecord>(content, 0).map(
      ({ element }) => element?.attributes.SerialNumber,
    );
    expect(serials).toEqual(['sm00000007', 'SM00000008', 'SM00000009']);
    expect(content.pageRange(0)).toEqual({ first: 0, last: 2 });
  });

  it('the PC parameters are written as the vendor does', () => {
    // receiver §5.1
    const [record] = of<XmlRecord>(history({ days: 0 }), 2);
    expect(record!.text).toMatch(
      /^<PCParameterRecord ReceiverId="\{[0-9-]{36}\}" FirmwareImageId="" DateTimeCreated="[^"]+" Nickname="SM00000001" \/>$/,
    );
    expect(record!.displaySeconds - record!.systemSeconds).toBe(-28_800);
  });
});

it('some record of a history ends in 0xFF, which a search for its end would stumble over', () => {
  const content = history({ profile: g4, days: 2 });
  const { first, last } = content.pageRange(4)!;
  let found = 0;
  for (let number = first; number <= last; number++) {
    const page = content.page(4, number)!;
    for (let i = 0; i < page[4]!; i++) if (page[28 + 13 * i + 12] === 0xff) found++;
  }
  expect(found).toBeGreaterThan(0);
});

it('gaps of ten and fifteen minutes are there', () => {
  // receiver §8.1
  const gaps = SEEDS.flatMap((seed) =>
    steps(egvs(history({ seed })).map(({ systemSeconds }) => Math.round(systemSeconds / 300))),
  );
  expect(gaps).toEqual(expect.arrayContaining([2, 3]));
});

it('thirty days of everything are made in less than 300 ms', () => {
  const took = PROFILES.map((profile) => {
    const startMs = performance.now();
    expect(egvs(history({ profile, days: 30 })).at(-1)!.systemSeconds).toBeGreaterThan(
      NOW_SECONDS - 300,
    );
    return performance.now() - startMs;
  });
  expect(Math.min(...took)).toBeLessThan(300);
});
