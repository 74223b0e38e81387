import type { TimeLoss } from '@egvkit/analysis';
import { type ClockObservation, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryJournal, runUpload } from '../src/index.ts';
import { candidatesOf } from '../src/sources/receiver/candidates.ts';
import { recordsBeforeTimeLoss } from '../src/sources/receiver/lost-time.ts';
import { egv, FakeService, NOW_MS, readings, sourceOf } from './support/world.ts';

const options = (service: FakeService, source = sourceOf(readings(6))) => ({
  source,
  destination: service,
  journal: memoryJournal(),
  nowMs: () => NOW_MS,
});

/** The same record, its internal clock moved. */
const moved = (record: EgvRecord, seconds: number): EgvRecord => ({
  ...record,
  systemSeconds: systemSeconds(record.systemSeconds + seconds),
});

const told = (record: EgvRecord): TimeLoss => ({
  untilSystemSeconds: record.systemSeconds,
  jumpSeconds: null,
  sign: 'sessionEnd',
  confidence: { level: 'likely', reason: 'a test says so' },
});

describe("this computer's clock", () => {
  it.each([-10_800_000, 7_200_000, 121_000])('off by %i ms stops everything', async (offsetMs) => {
    const service = new FakeService();
    service.clock = { offsetMs, uncertaintyMs: 20 };
    const run = runUpload(options(service));
    await expect(run).rejects.toMatchObject({
      code: 'hostClockWrong',
      data: { aheadSeconds: -offsetMs / 1000 },
    });
    expect(service.posts).toEqual([]);
    expect(service.prepared).toBeUndefined();
  });

  it('off by less gives way to the service’s', async () => {
    const exact = new FakeService();
    await runUpload(options(exact));
    const service = new FakeService();
    service.clock = { offsetMs: 90_000, uncertaintyMs: 20 };
    const { nowMs } = await runUpload(options(service));
    expect(nowMs()).toBe(NOW_MS + 90_000);
    expect(service.stored.map(({ utcMs }) => utcMs)).toEqual(
      exact.stored.map(({ utcMs }) => utcMs + 90_000),
    );
  });

  it('is believed where the service tells no time, but not in 1970', async () => {
    const service = new FakeService();
    service.clock = undefined;
    await runUpload(options(service));
    expect(service.stored).toHaveLength(6);
    const inThePast = { ...options(service), nowMs: () => 3_600_000 };
    await expect(runUpload(inThePast)).rejects.toMatchObject({ code: 'hostClockWrong' });
  });
});

describe('a receiver that lost time', () => {
  it('by standing still keeps back what it stored before, and uploads the rest', async () => {
    const records = readings(12);
    // Stood still for three hours after the sixth: what is older is dated three hours too late.
    const before = records.slice(0, 6);
    const source = sourceOf(records, 0, NOW_MS, [told(before.at(-1)!)]);
    const service = new FakeService();
    const { plan } = await runUpload(options(service, source));
    // The seventh too: of a reading within five minutes the sign leaves the side open.
    expect(service.stored.map(({ value }) => value)).toEqual([87, 88, 89, 90, 91]);
    expect(plan.refused.map(({ timeProblem }) => timeProblem)).toEqual(Array(7).fill('timeLost'));
  });

  it('by running back keeps back what it stored before, whatever the times say', async () => {
    const records = readings(12);
    const source = sourceOf([
      ...records.slice(0, 6).map((record) => moved(record, 3 * 3600)),
      ...records.slice(6),
    ]);
    const service = new FakeService();
    const { plan } = await runUpload(options(service, source));
    expect(service.stored.map(({ value }) => value)).toEqual([86, 87, 88, 89, 90, 91]);
    expect(plan.refused.map(({ timeProblem }) => timeProblem)).toEqual(Array(6).fill('timeLost'));
  });

  it('is told from a sign of before the clock ran back', () => {
    const records = readings(6);
    const later = moved(records.at(-1)!, 86_400);
    const now = records.at(-1)!.systemSeconds;
    expect(recordsBeforeTimeLoss(records, { losses: [told(later)], nowSeconds: now })).toEqual(
      new Set(),
    );
  });

  it('by running back while no reading was stored is told from what else ran back', () => {
    // Six from before, and a backfilled one; the clock ran back by an hour in a pause of two.
    const all = readings(12);
    const now = systemSeconds(all.at(-1)!.systemSeconds + 60);
    const old = all.slice(0, 6).map((record) => moved(record, -3600));
    const late = { ...moved(all[5]!, -3000), recordType: 18 };
    const records = [...old, ...all.slice(6), late];
    const back = {
      untilSystemSeconds: systemSeconds(late.systemSeconds),
      jumpSeconds: -3600,
      sign: 'ranBack',
      confidence: { level: 'certain', reason: 'settings say so' },
    } as const;
    const context = { losses: [back], nowSeconds: now, windowSeconds: 86_400 };
    expect(recordsBeforeTimeLoss(records, context)).toEqual(new Set([...old, late]));
    // Before the window of an upload, but not before what is read.
    const later = { ...context, nowSeconds: systemSeconds(now + 86_400) };
    expect(recordsBeforeTimeLoss(all.slice(6), later)).toEqual(new Set());
    const whole = { losses: [back], nowSeconds: later.nowSeconds };
    expect(recordsBeforeTimeLoss(records, whole)).toEqual(new Set([...old, late]));
    // The clock began again in 2009: what was stored before has no time of that year.
    const losses = [{ ...back, jumpSeconds: 3600 - back.untilSystemSeconds }];
    const young = all.map((record, i) => moved(record, i * 300 - record.systemSeconds));
    const nowYoung = { losses, nowSeconds: systemSeconds(12 * 300) };
    expect(recordsBeforeTimeLoss([...young, late], nowYoung)).toEqual(new Set([late]));
  });

  it('by running back is told of backfilled readings from the others', () => {
    const all = readings(12);
    const old = all.slice(0, 6).map((record) => moved(record, 3 * 3600));
    const late = { ...moved(all[4]!, 3 * 3600), recordType: 18, index: 7 };
    const now = systemSeconds(late.systemSeconds + 3600);
    const before = recordsBeforeTimeLoss([...old, ...all.slice(6), late], {
      losses: [],
      nowSeconds: now,
    });
    expect(before).toEqual(new Set([...old, late]));
  });

  it('never gives a reading a time that differs from the true one by more than a second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: -86_400, max: 86_400 }).filter((jump) => Math.abs(jump) > 2),
        fc.boolean(),
        (older, newer, jump, isTold) => {
          const all = readings(older + newer);
          // A clock that stood still or ran back is behind the true time since then.
          const records = all.map((record, i) => (i < older ? moved(record, jump) : record));
          const ranBack = records[older]!.systemSeconds < records[older - 1]!.systemSeconds - 1;
          const losses = isTold || !ranBack ? [told(records[older - 1]!)] : [];
          const now = systemSeconds(all.at(-1)!.systemSeconds + 60);
          const before = recordsBeforeTimeLoss(records, { losses, nowSeconds: now });
          for (const record of records.slice(0, older)) expect(before.has(record)).toBe(true);
          // What came after goes out, but for what a sign cannot tell from it.
          if (losses.length === 0) expect(before.size).toBe(older);
          else if (!ranBack) expect(before.size).toBeLessThanOrEqual(older + 2);
        },
      ),
    );
  });

  it('without a sign is found out by the times that the journal noted', async () => {
    const HOURS_3_MS = 3 * 3_600_000;
    const journal = memoryJournal();
    const service = new FakeService();
    // Six are uploaded. Three more are stored, then the clock stands still for three hours and goes
    // on where it stopped: no time that the receiver stores shows it.
    const all = readings(14);
    const trueAt = (i: number) =>
      (all[i]!.systemSeconds + 1_230_768_000) * 1000 + (i < 9 ? 0 : HOURS_3_MS);
    const run = async (count: number) => {
      const nowMs = trueAt(count - 1) + 60_000;
      const system = all[count - 1]!.systemSeconds + 60;
      const source = sourceOf(all.slice(0, count));
      const clock = { systemSeconds: systemSeconds(system), hostUnixMs: nowMs };
      return await runUpload({
        source: { ...source, clock: async () => clock },
        destination: service,
        journal,
        nowMs: () => nowMs,
      });
    };
    await run(6);
    expect(service.stored).toHaveLength(6);
    const { plan } = await run(12);
    expect(plan.refused.map(({ timeProblem }) => timeProblem)).toEqual(Array(12).fill('timeLost'));
    expect(service.stored).toHaveLength(6);
    const last = await run(14);
    expect(last.posted.map(({ value }) => value)).toEqual([92, 93]);
    expect(last.plan.known).toEqual([]);
    const times = service.stored.map(({ utcMs, value }) => [value, utcMs]);
    const right = [0, 1, 2, 3, 4, 5, 12, 13].map((i) => [all[i]!.glucose.value, trueAt(i)]);
    expect(times.sort()).toEqual(right.sort());
  });

  it('and began again in 2009 is uploaded by where its clock is now', async () => {
    const shift = egv(0, 100, 0).systemSeconds - 7200;
    const source = sourceOf(readings(6));
    const service = new FakeService();
    const young = {
      ...source,
      clock: async () => {
        const clock = await source.clock({});
        return { ...clock, systemSeconds: systemSeconds(clock.systemSeconds - shift) };
      },
      read: async () => (clock: ClockObservation) =>
        candidatesOf(
          readings(6).map((record) => moved(record, -shift)),
          { losses: [], nowSeconds: clock.systemSeconds, windowSeconds: 86_400 },
        ),
    };
    const normal = new FakeService();
    await runUpload(options(normal));
    await runUpload(options(service, young));
    const stored = (one: FakeService) => one.stored.map(({ utcMs, value }) => [utcMs, value]);
    expect(stored(service)).toEqual(stored(normal));
  });
});
