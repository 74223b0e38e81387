import type { EgvRecord } from '@egvkit/protocol/receiver';
import { expect, it } from 'vitest';
import { type JournalMark, memoryJournal, runUpload } from '../../src/index.ts';
import { sourceOfSnapshot, takeSnapshot } from '../../src/keep/snapshot.ts';
import { egv, FakeService, NOW_MS, STILL, sourceOf } from '../support/world.ts';

const HOUR_MS = 3_600_000;

const keyOf = ({ recordType, index, systemSeconds }: EgvRecord) =>
  `${recordType}:${index}@${systemSeconds}`;
const noted = (record: EgvRecord, utcMs: number): JournalMark => ({ key: keyOf(record), utcMs });

it('lets an upload of the newest hour go by older records too when it looks for lost time', async () => {
  const late = (agoSeconds: number, value: number, index: number): EgvRecord => ({
    ...egv(agoSeconds, value, index),
    recordType: 18,
  });
  // Stored before the clock ran back by 23 hours; the next two showed it, and were given up.
  const before = late(2400, 100, 6);
  const first = [late(6900, 101, 7), late(6600, 102, 8)];
  const fresh = [late(900, 103, 9), late(600, 104, 10)];
  const service = new FakeService();
  const journal = memoryJournal();
  const owner = { serialNumber: 'SM00000001', target: await service.fingerprint() };
  const notes = await journal(owner);
  await notes.confirm([noted(before, NOW_MS - 2_400_000 - 23 * HOUR_MS)]);
  await notes.abandon([noted(first[0]!, NOW_MS - 6_900_000), noted(first[1]!, NOW_MS - 6_600_000)]);
  const records = [before, ...first, ...fresh, egv(300, 105, 30)];
  const opened = { ...sourceOf(records), [Symbol.asyncDispose]: async () => {} };
  const snapshot = await takeSnapshot(opened, { number: 1, windowMs: 24 * HOUR_MS, clock: STILL });
  const source = sourceOfSnapshot(snapshot, STILL);
  await runUpload({ ...STILL, source, destination: service, journal, windowMs: HOUR_MS });
  expect(service.values()).toEqual([103, 104, 105]);
});
