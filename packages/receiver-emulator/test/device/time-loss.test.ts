import { timeLosses } from '@egvkit/analysis';
import { RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import {
  decodePage,
  type InsertionRecord,
  type RecordBase,
  type SettingsRecord,
} from '@egvkit/protocol/receiver';
import { Receiver } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { EmulatedReceiver } from '../../src/device.ts';
import { LOSS_SIGNS, type LossSign, type LostTime } from '../../src/history/internal-clock.ts';
import { memoryTransport } from '../../src/memory.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g4 } from '../support/bench.ts';
import { NOW_MS } from '../support/clock.ts';
import { bytesOf, egvs, history, of, SEEDS } from '../support/history.ts';

const HOUR_MS = 3_600_000;
const HOURS_3 = 3 * 3600;
const AT_MS = NOW_MS - 8 * HOUR_MS;
const trueMs = ({ systemSeconds }: RecordBase): number =>
  (RECEIVER_EPOCH_UNIX_SECONDS + systemSeconds) * 1000;

const LOSSES: readonly LostTime[] = [
  { how: 'stoodStill', seconds: HOURS_3, atMs: AT_MS },
  { how: 'ranBack', seconds: HOURS_3, atMs: AT_MS },
  { how: 'restarted', atMs: AT_MS },
];
const KINDS = LOSSES.flatMap((loss) =>
  Object.values(RECEIVER_PROFILES).flatMap((profile) =>
    [LOSS_SIGNS, []].map((signs) => ({
      ...{ loss, profile, signs, how: loss.how, name: profile.name, count: signs.length },
    })),
  ),
);

/** All signs that a history shows of a loss within the last day of true time. */
function signsOf(signs: readonly LossSign[], loss = LOSSES[0]!): string[] {
  const content = history({ timeLoss: { ...loss, signs } });
  const settings = of<SettingsRecord>(content, 12);
  const insertions = of<InsertionRecord>(content, 7);
  return timeLosses({ settings, insertions, records: content.records(4) })
    .filter((found) => found.untilSystemSeconds > egvs(content)[0]!.systemSeconds)
    .map(({ sign }) => sign)
    .sort();
}

describe('a history in which the clock lost time', () => {
  it.each(KINDS)('is whole: $how, $name, $count signs', ({ loss, profile, signs }) => {
    for (const seed of SEEDS.slice(0, 3)) {
      const content = history({ profile, seed, timeLoss: { ...loss, signs } });
      expect(bytesOf(content).flatMap((bytes) => decodePage(bytes).problems)).toEqual([]);
    }
  });

  it('has no readings of the hours in which the clock stood still, and no step in its times', () => {
    const records = egvs(history({ timeLoss: { ...LOSSES[0]!, signs: [] } }));
    const normal = egvs(history());
    expect(normal.length - records.length).toBeGreaterThan(25);
    const steps = records.slice(1).map((one, i) => one.systemSeconds - records[i]!.systemSeconds);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    // By the clock as it is now, the newest is three hours old and more.
    expect((NOW_MS - trueMs(records.at(-1)!)) / 1000 - HOURS_3).toBeGreaterThan(0);
    expect((NOW_MS - trueMs(records.at(-1)!)) / 1000 - HOURS_3).toBeLessThan(300);
  });

  it('runs back once, by as much as was lost', () => {
    const records = egvs(history({ timeLoss: { ...LOSSES[1]!, signs: [] } }));
    const back = records.flatMap((one, i) => {
      const before = records[i - 1] ?? one;
      return one.systemSeconds < before.systemSeconds ? [{ before, one }] : [];
    });
    expect(back).toHaveLength(1);
    const step = back[0]!.before.systemSeconds - back[0]!.one.systemSeconds;
    expect(Math.abs(step - HOURS_3)).toBeLessThan(600);
  });

  it('begins again in 2009', () => {
    const { systemSeconds } = egvs(history({ timeLoss: LOSSES[2]! })).at(-1)!;
    expect(Math.abs(systemSeconds - 8 * 3600)).toBeLessThan(300);
  });

  it.each([[[]], [['settingsFlag']], [['sessionEnd']], [['systemOffset']]] as LossSign[][][])(
    'leaves the signs that are wanted and no others: %j',
    (signs) => {
      expect(signsOf(signs)).toEqual(signs);
    },
  );

  it.each(LOSSES)(
    'shows the signs from the moment on in which the clock runs on: $how',
    (timeLoss) => {
      const options = { timeLoss, grows: true, nowMs: AT_MS - HOURS_3 * 1000 - 60_000 };
      const content = history(options);
      const isTold = () =>
        of<SettingsRecord>(content, 12).some(({ flags }) => flags.timeLossOccurred) &&
        of<InsertionRecord>(content, 7).some(({ state }) => state.name === 'offTimeLoss');
      content.advance(AT_MS - 1);
      expect(isTold()).toBe(false);
      content.advance(AT_MS);
      expect(isTold()).toBe(true);
      content.advance(NOW_MS);
      const atOnce = history(options);
      atOnce.advance(NOW_MS);
      expect(bytesOf(content)).toEqual(bytesOf(atOnce));
    },
  );

  it('tells in the settings by how much the offset of the clock moved', () => {
    for (const loss of LOSSES.slice(0, 2)) {
      const content = history({ timeLoss: { ...loss, signs: ['systemOffset'] } });
      const found = timeLosses({ settings: of<SettingsRecord>(content, 12) });
      expect(found.at(-1)).toMatchObject({ sign: 'systemOffset', jumpSeconds: -HOURS_3 });
    }
    const content = history({ timeLoss: { ...LOSSES[2]!, signs: ['systemOffset'] } });
    const sinceThen = 126_000_000 + 60 - (AT_MS / 1000 - RECEIVER_EPOCH_UNIX_SECONDS);
    expect(of<SettingsRecord>(content, 12).at(-1)?.systemOffsetSeconds).toBe(sinceThen >>> 0);
  });
});

describe('the clock of a device that lost time', () => {
  it.each(LOSSES)('is the one of its history, with RTC and offset: $how', async (timeLoss) => {
    for (const signs of [LOSS_SIGNS, []]) {
      const options = { profile: g4, timeLoss: { ...timeLoss, signs } };
      const device = new EmulatedReceiver({
        ...options,
        database: history(options),
        nowMs: () => NOW_MS,
      });
      await using receiver = await Receiver.open(memoryTransport(device));
      const clock = await receiver.clock();
      const { rtcSeconds, systemOffsetSeconds } = await receiver.hardwareClock();
      expect((rtcSeconds! + systemOffsetSeconds!) >>> 0).toBe(clock.systemSeconds);
      const newest = egvs(device.database).at(-1)!;
      expect(clock.systemSeconds - newest.systemSeconds).toBeLessThan(300);
      expect(clock.systemSeconds - newest.systemSeconds).toBeGreaterThan(0);
      expect(systemOffsetSeconds === 126_000_000).toBe(signs.length === 0);
    }
  });

  it('loses time while it is in use', async () => {
    let nowMs = NOW_MS;
    const timeLoss: LostTime = { how: 'ranBack', seconds: HOURS_3, atMs: NOW_MS + HOUR_MS };
    const options = { profile: g4, timeLoss };
    const database = history({ ...options, grows: true });
    const device = new EmulatedReceiver({ ...options, database, nowMs: () => nowMs });
    await using receiver = await Receiver.open(memoryTransport(device));
    const before = await receiver.clock();
    nowMs += 2 * HOUR_MS;
    const after = await receiver.clock();
    expect(after.systemSeconds - before.systemSeconds).toBe(2 * 3600 - HOURS_3);
    const found = timeLosses({ records: database.records(4) });
    expect(found.map(({ sign }) => sign)).toEqual(['ranBack']);
  });
});
