import { RECEIVER_EPOCH_UNIX_SECONDS, systemSeconds } from '@egvkit/protocol';
import type {
  CalibrationRecord,
  EgvRecord,
  MeterRecord,
  SensorRecord,
} from '@egvkit/protocol/receiver';
import { Receiver, ReceiverReader } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  memoryTransport,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type CalibrationCandidate,
  type Candidate,
  type JournalMark,
  memoryJournal,
  readingsSource,
  receiverSource,
  runUpload,
} from '../src/index.ts';
import { calibrationCandidatesOf } from '../src/sources/receiver/calibration-candidates.ts';
import { candidateOf } from '../src/sources/receiver/candidates.ts';
import { KeyedStore } from './support/keyed-store.ts';
import { entriesOf, nightscoutWorld } from './support/nightscout-world.ts';
import { egv, NOW_MS, STILL } from './support/world.ts';

const DAY_MS = 86_400_000;
const EGV = 4;
const SENSOR = 3;
const METER = 10;
const CALIBRATION = 5;

/** An emulated receiver of two days, its driver, and an emulated site at the same time. */
async function world(version: 1 | 3, profileName: 'g4' | 'g5' = 'g4') {
  const profile = RECEIVER_PROFILES[profileName];
  // In whole seconds of now: the receiver's clock is read beside this computer's.
  const startMs = Math.floor(Date.now() / 1000) * 1000;
  const database = generateDatabase({ profile, seed: 3, days: 2, nowMs: startMs });
  const device = new EmulatedReceiver({ profile, database });
  const receiver = await Receiver.open(memoryTransport(device));
  onTestFinished(() => receiver.close());
  const nightscout = nightscoutWorld({ version, nowMs: Date.now, site: { nowMs: Date.now } });
  const journal = memoryJournal();
  const windowMs = DAY_MS;
  const upload = (destination = nightscout.destination, kept = journal) =>
    runUpload({ source: receiverSource(receiver), destination, journal: kept, windowMs });
  const sinceSeconds = startMs / 1000 - RECEIVER_EPOCH_UNIX_SECONDS - windowMs / 1000;
  const recordsOf = <R>(type: number): R[] =>
    database.records(type).filter(({ systemSeconds }) => systemSeconds > sinceSeconds + 60) as R[];
  return { ...nightscout, device, upload, recordsOf };
}

const isNear = (date: unknown, systemSeconds: number): boolean =>
  Math.abs(Number(date) - (RECEIVER_EPOCH_UNIX_SECONDS + systemSeconds) * 1000) <= 2000;

describe.each([1, 3] as const)('a receiver on Nightscout by version %i', (version) => {
  it('has its readings there with noise and raw counts', async () => {
    const { site, upload, recordsOf } = await world(version);
    await upload();
    const entries = entriesOf(site);
    expect(entries.length).toBeGreaterThan(250);
    const egvs = recordsOf<EgvRecord>(EGV);
    const sensors = recordsOf<SensorRecord>(SENSOR);
    let checked = 0;
    for (const entry of entries) {
      const egv = egvs.find(({ systemSeconds, glucose }) => {
        return glucose.value === entry.sgv && isNear(entry.date, systemSeconds);
      });
      const sensor = sensors.find(({ systemSeconds }) => isNear(entry.date, systemSeconds));
      if (egv === undefined || sensor === undefined) continue;
      checked++;
      expect(entry).toMatchObject({
        ...{ unfiltered: sensor.unfiltered, filtered: sensor.filtered, rssi: sensor.rssi },
      });
      const { raw: noise } = egv.trend.noise;
      expect(entry.noise).toBe(noise >= 1 && noise <= 4 ? noise : undefined);
    }
    expect(checked).toBeGreaterThan(250);
  });

  it('has its meter values and final calibrations there, each once, however often it is uploaded', async () => {
    const { site, sent, upload, recordsOf } = await world(version);
    const { calibrations } = await upload();
    const meters = recordsOf<MeterRecord>(METER);
    const finals = recordsOf<CalibrationRecord>(CALIBRATION).filter(
      ({ finality, slope }) => !finality.provisional && slope.value !== 0,
    );
    expect(meters.length).toBeGreaterThan(1);
    expect(finals.length).toBeGreaterThan(1);
    for (const { meterMgDl, meterSystemSeconds } of meters) {
      const there = entriesOf(site, 'mbg').filter(({ date }) => isNear(date, meterSystemSeconds));
      expect(there).toMatchObject([{ mbg: meterMgDl, device: 'dexcom', app: 'egvkit' }]);
    }
    for (const { systemSeconds, slope, intercept, scale } of finals) {
      const there = entriesOf(site, 'cal').filter(({ date }) => isNear(date, systemSeconds));
      expect(there).toMatchObject([
        { slope: slope.value, intercept: intercept.value, scale: scale.value },
      ]);
    }
    const count = site.entries().length;
    expect(calibrations).toHaveLength(
      entriesOf(site, 'mbg').length + entriesOf(site, 'cal').length,
    );
    expect(entriesOf(site, 'cal')).toHaveLength(finals.length);
    sent.length = 0;
    expect((await upload()).calibrations).toEqual([]);
    // What the journal knows is not asked for.
    expect(sent.filter(({ url }) => /mbg|cal/.test(url))).toEqual([]);
    // And without the journal.
    const again = await upload(undefined, memoryJournal());
    expect(again.calibrations).toEqual([]);
    expect(site.entries()).toHaveLength(count);
  });

  it('has each meter value once, whatever gets lost on the way', async () => {
    const { site, upload } = await world(version);
    const name = `v${version} create` as const;
    let posts = 0;
    const stop = site.onRequest(({ phase, call }) => {
      if (phase === 'received' && call === name) posts++;
    });
    await upload();
    stop();
    const kinds = ['mbg', 'cal'].map((type) => entriesOf(site, type).length);
    expect(posts).toBeGreaterThan(2);
    for (const when of ['before', 'after'] as const) {
      const other = await world(version);
      // The readings have arrived; the posts of meter values and calibrations fail.
      let seen = 0;
      const readingPosts = version === 1 ? posts - 1 : posts - kinds[0]! - kinds[1]!;
      other.site.onRequest(({ phase, call }) => {
        if (phase === 'received' && call === name && ++seen === readingPosts + 1) {
          other.site.failNext({ kind: 'drop', when, call: name });
        }
      });
      const { calibrations } = await other.upload();
      expect(calibrations).toHaveLength(kinds[0]! + kinds[1]!);
      expect((await other.upload()).calibrations).toEqual([]);
      expect(['mbg', 'cal'].map((type) => entriesOf(other.site, type).length)).toEqual(kinds);
    }
  });

  it('has none of its meter values there that another uploader has sent', async () => {
    const { site, upload, recordsOf } = await world(version);
    const [meter] = recordsOf<MeterRecord>(METER);
    const date = (RECEIVER_EPOCH_UNIX_SECONDS + meter!.meterSystemSeconds) * 1000 + 7321;
    site.addEntries([{ type: 'mbg', mbg: meter!.meterMgDl, device: 'share2', date }]);
    await upload();
    const near = entriesOf(site, 'mbg').filter(
      (entry) => Math.abs(Number(entry.date) - date) < 60_000,
    );
    expect(near).toMatchObject([{ device: 'share2' }]);
  });
});

it('a meter value that a G5 stores again as confirmed is there once', async () => {
  const { site, upload, recordsOf } = await world(1, 'g5');
  await upload();
  const entered = recordsOf<MeterRecord>(METER).filter(({ entryType }) => entryType === 1);
  expect(recordsOf<MeterRecord>(METER).length).toBeGreaterThan(entered.length);
  expect(entriesOf(site, 'mbg')).toHaveLength(entered.length);
});

it('a destination that takes readings only costs no further request to the receiver', async () => {
  const { upload, device } = await world(1);
  await upload(new KeyedStore(), memoryJournal());
  const plain = device.codesSeen.length;
  await upload();
  expect(device.codesSeen.length - plain).toBeGreaterThan(plain);
});

it('a source of readings alone gives the same readings of the part of a receiver for pages', async () => {
  const { device, upload } = await world(1);
  const [all, readings] = [new KeyedStore(), new KeyedStore()];
  await upload(all, memoryJournal());
  const receiver = await ReceiverReader.open(memoryTransport(device));
  onTestFinished(() => receiver.close());
  const source = readingsSource(receiver);
  await runUpload({ source, destination: readings, journal: memoryJournal(), windowMs: DAY_MS });
  expect(readings.values().length).toBeGreaterThan(250);
  expect(readings.values()).toEqual(all.values());
  // Nightscout gets its readings of it as well, without what the source does not read.
  const site = nightscoutWorld({ version: 1, nowMs: Date.now, site: { nowMs: Date.now } });
  const destination = site.destination;
  const { calibrations, damage } = await runUpload({
    ...{ source: readingsSource(receiver), destination, journal: memoryJournal() },
    windowMs: DAY_MS,
  });
  expect([...calibrations, ...damage]).toEqual([]);
  expect(entriesOf(site.site).length).toBe(readings.values().length);
});

it('a meter value has an identifier of its own by version 3, at the time of a reading as well', async () => {
  const { destination, site } = nightscoutWorld({ version: 3 });
  const utcMs = NOW_MS - 60_000;
  await destination.calibrations!.post(
    [
      { kind: 'meter', key: '10:1@1', utcMs, mgDl: 120 },
      { kind: 'calibration', key: '5:1@1', utcMs, slope: 800, intercept: 30_000, scale: 1 },
    ],
    {},
  );
  const reading = {
    ...{
      utcMs,
      mgDl: 118,
      value: 118,
      status: 'inRange' as const,
      key: '4:1@1',
      source: 'receiver',
    },
    trend: { raw: 4, name: 'Flat' },
  } as const;
  expect(await destination.post([reading], { serialNumber: 'SM00000001' })).toBe('posted');
  expect(
    site
      .entries()
      .map(({ type }) => type)
      .sort(),
  ).toEqual(['cal', 'mbg', 'sgv']);
  const identifiers = site.entries().map(({ identifier }) => identifier);
  expect(new Set(identifiers).size).toBe(3);
  // As Python's uuid makes it of "dexcom_1777895940000_mbg" in the namespace "NightscoutRocks!".
  expect(identifiers).toContain('5b2fe995-cac9-5706-869b-e54ea17f562d');
});

describe('a meter value of a receiver whose clock lost time', () => {
  const HOUR_S = 3600;
  const clock = { systemSeconds: egv(0, 100, 0).systemSeconds, hostUnixMs: NOW_MS };

  function meter(agoSeconds: number, mgDl: number): CalibrationCandidate {
    const seconds = systemSeconds(clock.systemSeconds - agoSeconds);
    const key = `10:${mgDl}@${seconds}`;
    return { kind: 'meter', key, mgDl, systemSeconds: seconds, beforeTimeLoss: false };
  }

  /** Uploads what was stored within the last hour; the rest is at hand. */
  async function metersThere(
    stored: readonly Candidate[],
    meters: readonly CalibrationCandidate[],
    notes: readonly JournalMark[],
  ) {
    const { destination, site } = nightscoutWorld({ version: 1 });
    const journal = memoryJournal();
    const owner = { serialNumber: 'SM00000001', target: await destination.fingerprint() };
    const opened = await journal(owner);
    await opened.confirm(notes);
    await opened[Symbol.asyncDispose]();
    const recent = stored.filter(
      ({ systemSeconds: seconds }) => seconds > clock.systemSeconds - HOUR_S,
    );
    const source = {
      serialNumber: async () => owner.serialNumber,
      clock: async () => clock,
      read: async () =>
        Object.assign(() => recent, { calibrationsAt: () => meters, atHand: stored }),
    };
    await runUpload({ source, destination, journal, windowMs: DAY_MS, ...STILL });
    return entriesOf(site, 'mbg').map(({ mbg }) => mbg);
  }

  it('is not there if it is from before a loss that the journal alone shows, whatever was looked at', async () => {
    const before = candidateOf(egv(3 * HOUR_S, 100, 1));
    const since = candidateOf(egv(300, 110, 40));
    const notes = [
      // By the clock as it was: it has stood still for two hours.
      { key: before.key, utcMs: NOW_MS - 5 * HOUR_S * 1000 },
      { key: since.key, utcMs: NOW_MS - 300_000 },
    ];
    const meters = [meter(3 * HOUR_S + 60, 131), meter(HOUR_S, 132)];
    expect(await metersThere([before, since], meters, notes)).toEqual([132]);
  });

  it('is there if it is from after the clock ran back, though readings from before have later times', async () => {
    const before = { ...candidateOf(egv(-20 * HOUR_S, 100, 1)), beforeTimeLoss: true };
    const since = candidateOf(egv(300, 110, 40));
    const notes = [{ key: since.key, utcMs: NOW_MS - 300_000 }];
    expect(await metersThere([before, since], [meter(600, 132)], notes)).toEqual([132]);
  });

  it('is from before if readings show that the clock ran back since, and from after in 2009', () => {
    const record = (agoSeconds: number, index: number): MeterRecord => {
      const { displaySeconds, systemSeconds: seconds } = egv(agoSeconds, 100, index);
      const at = { systemSeconds: seconds, displaySeconds, meterSystemSeconds: seconds };
      return { kind: 'meter', recordType: 10, revision: 1, index, meterMgDl: 130 + index, ...at };
    };
    const YEARS_S = clock.systemSeconds - 40_000;
    const egvs = [
      egv(0, 100, 1),
      egv(300, 100, 2),
      egv(YEARS_S, 100, 3),
      egv(YEARS_S - 300, 100, 4),
    ];
    const now = { losses: [], nowSeconds: systemSeconds(41_000) };
    const told = calibrationCandidatesOf(
      { meters: [record(100, 1), record(YEARS_S - 100, 2)], sets: [], egvs: egvs.slice(1) },
      now,
    );
    expect(told.map(({ beforeTimeLoss }) => beforeTimeLoss)).toEqual([true, false]);
    // Of one type alone nothing shows.
    const alone = { meters: [record(100, 1)], sets: [], egvs: [] };
    expect(calibrationCandidatesOf(alone, now).map(({ beforeTimeLoss }) => beforeTimeLoss)).toEqual(
      [false],
    );
  });
});
