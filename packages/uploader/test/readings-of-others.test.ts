import { RECEIVER_EPOCH_UNIX_SECONDS, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import {
  type Journal,
  memoryJournal,
  type PlannedReading,
  type ReadingSource,
  runUpload,
  type UploadEvent,
  type UploadOptions,
  verifyUpload,
} from '../src/index.ts';
import { nightscoutWorld, storedIn } from './support/nightscout-world.ts';
import { egv, NOW_MS, planned, readings, STILL, sourceOf } from './support/world.ts';

const OWNER_SERIAL = 'SM00000001';

const keyOf = ({ index, systemSeconds: seconds }: EgvRecord) => `4:${index}@${seconds}`;

/** A record as an upload notes it before it posts it. */
function plannedAs(record: EgvRecord): PlannedReading {
  const utcMs = (record.systemSeconds + RECEIVER_EPOCH_UNIX_SECONDS) * 1000;
  return { ...planned(record.index, utcMs, record.glucose.value), key: keyOf(record) };
}

/** A site, and a journal with what a crash left open. */
async function leftOpen(records: readonly EgvRecord[] = [], note?: (journal: Journal) => unknown) {
  const world = nightscoutWorld();
  const { destination, site } = world;
  const journal = memoryJournal();
  await note?.(
    await journal({ serialNumber: OWNER_SERIAL, target: await destination.fingerprint() }),
  );
  const upload = (source: ReadingSource, options: Partial<UploadOptions> = {}) =>
    runUpload({ ...STILL, journal, source, destination, ...options });
  if (records.length > 0) {
    site.failNext({ kind: 'drop', when: 'before', call: 'v1 create', times: 9 });
    await upload(sourceOf(records)).catch(() => {});
    site.clearFailures();
  }
  const values = () => storedIn(site).map(({ value }) => value);
  const addOther = (agoMs: number, sgv: number) =>
    site.addEntries([{ type: 'sgv', device: 'share2', sgv, date: NOW_MS - agoMs }]);
  return { ...world, upload, values, addOther };
}

describe('a reading that a crash left open', () => {
  it('is not sent beside another uploader’s, though its record is there twice', async () => {
    const live = egv(60, 100, 1);
    const { upload, values, addOther } = await leftOpen([live]);
    addOther(40_000, 83);
    const late: EgvRecord = {
      ...live,
      ...{ recordType: 18, revision: 5, systemSeconds: systemSeconds(live.systemSeconds + 30) },
      transmitter: {
        ...{ transmitterSeconds: 0, filteredRate: 0, algorithmState: 6 },
        measuredSystemSeconds: systemSeconds(live.systemSeconds + 2),
      },
    };
    await upload(sourceOf([live, late]));
    expect(values()).toEqual([83]);
  });

  it('is not sent beside another uploader’s, though a reading of a lost time seems nearer to it', async () => {
    const [lost, open] = [egv(130, 90, 1), egv(60, 100, 2)];
    const { upload, values, addOther } = await leftOpen([], async (journal) => {
      await journal.confirm([{ key: keyOf(lost), utcMs: NOW_MS - 36_000_000 }]);
      await journal.plan([plannedAs(open)]);
    });
    addOther(100_000, 83);
    const { plan } = await upload(sourceOf([lost, open]));
    expect(plan.refused.map(({ timeProblem }) => timeProblem)).toEqual(['timeLost']);
    expect(values()).toEqual([83]);
  });

  it('is sent beside another one of the same source that was left open and goes out just before', async () => {
    let nowMs = NOW_MS;
    const left = [plannedAs(egv(180, 100, 1)), plannedAs(egv(60, 200, 2))];
    const { upload, values } = await leftOpen([], (journal) => journal.plan(left));
    // Slowly, so that the service is asked again before each post. Their records are not read any more.
    const onEvent = ({ kind }: UploadEvent) => {
      if (kind === 'progress') nowMs += 5000;
    };
    const clocks = { nowMs: () => nowMs, monotonicMs: () => nowMs };
    await upload(sourceOf([]), { ...clocks, onEvent, batchSize: 1 });
    expect(values()).toEqual([100, 200]);
  });

  it.each([
    ['just older than the window', undefined],
    ['older than what is looked at', 600_000],
  ])('is sent beside one of the same source that is %s', async (_, atHandMs) => {
    const [older, open] = [egv(3605, 100, 1), egv(3500, 200, 2)];
    const { upload, values, site } = await leftOpen();
    await upload(sourceOf([older]));
    site.failNext({ kind: 'drop', when: 'before', call: 'v1 create', times: 9 });
    await upload(sourceOf([older, open])).catch(() => {});
    site.clearFailures();
    const all = sourceOf([older, open]);
    const source: ReadingSource = {
      ...all,
      async read(options) {
        if (atHandMs === undefined) return await all.read(options);
        const clock = await all.clock({});
        const atHand = (await all.read({ ...options, windowMs: 86_400_000 }))(clock);
        return Object.assign(() => atHand.slice(0, 1), { atHand });
      },
    };
    await upload(source, { windowMs: 3_600_000 });
    expect(values()).toEqual([100, 200]);
  });
});

describe('a new reading', () => {
  it('is sent beside one of the same source that is there and just older than the window', async () => {
    const [older, fresh] = [egv(3605, 100, 1), egv(3500, 200, 2)];
    const { upload, values } = await leftOpen();
    await upload(sourceOf([older]));
    await upload(sourceOf([older, fresh]), { windowMs: 3_600_000 });
    expect(values()).toEqual([100, 200]);
  });
});

describe('a reading whose post got no answer', () => {
  it('counts as found, not as brought, where only another uploader’s is there', async () => {
    const { destination, site, upload, values, addOther } = await leftOpen();
    const [before, last] = readings(2);
    await upload(sourceOf([before!]));
    const onEvent = ({ kind }: UploadEvent) => {
      if (kind !== 'planned') return;
      addOther(40_000, 70);
      site.failNext({ kind: 'drop', when: 'before', call: 'v1 create', times: 1 });
    };
    const result = await upload(sourceOf([before!, last!]), { onEvent });
    expect(result.posted).toEqual([]);
    expect(result.foundMeanwhile.map(({ value }) => value)).toEqual([81]);
    expect(await verifyUpload(result, destination)).toMatchObject({ byOthers: 1, missing: [] });
    expect(values()).toEqual([80, 70]);
  });
});
