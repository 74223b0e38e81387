import type { TimeLoss } from '@egvkit/analysis';
import { systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { glucoseOf } from '@egvkit/protocol/receiver/wire';
import { generateDatabase, RECEIVER_PROFILES } from '@egvkit/receiver-emulator';
import { candidateOf, planUpload, SHARE_LIMITS } from '@egvkit/uploader';
import { describe, expect, it } from 'vitest';
import { byDay } from '../src/readings/days.ts';
import { GrowingHistory, type ReceiverTime } from '../src/readings/history.ts';
import { EMPTY_HISTORY, type History } from '../src/readings/reading.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 12);

function stored(days = 2) {
  const profile = RECEIVER_PROFILES.g4;
  const database = generateDatabase({ profile, seed: 1, days, nowMs: NOW_MS });
  const egvs = database.records(4) as readonly EgvRecord[];
  const newest = egvs.at(-1)?.systemSeconds ?? systemSeconds(0);
  const clock = { systemSeconds: systemSeconds(newest + 60), hostUnixMs: NOW_MS };
  return { egvs, losses: [] as TimeLoss[], clock };
}

function lossUntil(record: EgvRecord | undefined): TimeLoss {
  const untilSystemSeconds = record?.systemSeconds ?? systemSeconds(0);
  const confidence = { level: 'likely', reason: 'it is a test' } as const;
  return { untilSystemSeconds, jumpSeconds: null, sign: 'settingsFlag', confidence };
}

interface Stored extends ReceiverTime {
  readonly egvs: readonly EgvRecord[];
}

/** The history after records were read, beside what was known before. */
function historyOf({ egvs, ...time }: Stored, known: History = EMPTY_HISTORY): History {
  const growing = new GrowingHistory(known, time);
  for (const egv of egvs) growing.addEgv(egv);
  return growing.soFar();
}

describe('the history', () => {
  it('has no reading from before the receiver lost its time', () => {
    const records = stored();
    const loss = lossUntil(records.egvs[200]);
    const { readings, leftOut } = historyOf({ ...records, losses: [loss] });
    expect(readings.every((one) => one.stored.systemSeconds > loss.untilSystemSeconds)).toBe(true);
    expect(readings.length).toBeGreaterThan(200);
    const lost = Object.values(leftOut).filter((reason) => reason === 'timeLost');
    expect(lost.length).toBeGreaterThan(150);
  });

  it('drops what was known before when a loss of time undates it', () => {
    const records = stored();
    const known = historyOf(records);
    const loss = lossUntil(records.egvs.at(-10));
    const { readings } = historyOf({ ...records, egvs: [], losses: [loss] }, known);
    expect(readings.length).toBeLessThan(10);
    expect(readings.every((one) => one.stored.systemSeconds > loss.untilSystemSeconds)).toBe(true);
  });

  it('drops what was known before the clock ran back, which only both readings together show', () => {
    const { egvs, clock, losses } = stored();
    const known = historyOf({ egvs, clock, losses });
    const index = (egvs.at(-1)?.index ?? 0) + 1;
    const again = egvs.slice(0, 20).map((egv, i) => ({ ...egv, index: index + i }));
    const nowSeconds = systemSeconds((again.at(-1)?.systemSeconds ?? 0) + 60);
    const after = { egvs: again, losses, clock: { ...clock, systemSeconds: nowSeconds } };
    expect(known.readings.length).toBeGreaterThan(500);
    expect(historyOf(after, known).readings).toEqual(historyOf(after).readings);
  });

  it('has nothing from the future', () => {
    const { egvs, clock, losses } = stored();
    const early = { ...clock, systemSeconds: systemSeconds(clock.systemSeconds - 7200) };
    const { readings, leftOut } = historyOf({ egvs, clock: early, losses });
    expect(readings.every(({ utcMs }) => utcMs <= NOW_MS + 120_000)).toBe(true);
    expect(Object.values(leftOut)).toContain('future');
  });

  it.each([
    ['two measurements live, 20 s apart, of different values', 20, 90, 0, 2],
    ['one measurement live twice, 20 s apart, of the same value', 20, 80, 0, 1],
    ['one measurement live and as delivered late, of different values', 20, 90, 0x2000, 1],
    ['two measurements 31 s apart, of the same value', 31, 80, 0, 2],
  ])('has of %s as many as an upload', (_, apartSeconds, value, bits, count) => {
    const { egvs, clock, losses } = stored();
    const [live] = egvs.slice(-1).map((egv) => ({ ...egv, glucose: glucoseOf(80) }));
    if (live === undefined) throw new TypeError('no record');
    const other = {
      ...live,
      recordType: bits === 0 ? live.recordType : 18,
      index: live.index + 1,
      systemSeconds: systemSeconds(live.systemSeconds + apartSeconds),
      glucose: glucoseOf(bits | value),
    };
    const records = { egvs: [live, other], clock, losses };
    const { readings, leftOut } = historyOf(records);
    const plan = planUpload({
      candidates: records.egvs.map((egv) => candidateOf(egv)),
      clock,
      nowMs: NOW_MS,
      windowMs: SHARE_LIMITS.windowMs,
      limits: SHARE_LIMITS,
      isKnown: () => false,
    });
    expect(readings).toHaveLength(count);
    expect(readings.map(({ key, mgDl }) => [key, mgDl])).toEqual(
      plan.post.map((one) => [one.key, one.value]),
    );
    expect(Object.keys(leftOut)).toEqual(plan.repeated.map(({ record }) => record.key));
  });

  it('is the same when the same is read again a second apart', () => {
    const records = stored();
    const known = historyOf(records);
    const clock = { ...records.clock, hostUnixMs: NOW_MS + 1000 };
    const again = historyOf({ ...records, clock }, known);
    expect(again.readings).toHaveLength(known.readings.length);
    expect(historyOf({ ...records, egvs: [] }, known)).toEqual(known);
  });
});

describe('days', () => {
  it('begin at midnight of the wall clock and hold every reading once', () => {
    const { readings } = historyOf(stored(5));
    const days = byDay(readings);
    expect(days.flatMap((day) => day.readings)).toEqual(readings);
    for (const { fromMs, toMs, readings: own } of days) {
      expect(new Date(fromMs).getHours()).toBe(0);
      expect(own.every(({ utcMs }) => utcMs >= fromMs && utcMs < toMs)).toBe(true);
    }
  });
});
