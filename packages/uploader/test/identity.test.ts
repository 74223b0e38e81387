import { type Reading, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { glucoseOf } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { expectedReadings, memoryJournal, runUpload } from '../src/index.ts';
import { egv, FakeService, NOW_MS, readings, STILL, served, sourceOf } from './support/world.ts';

const base = () => ({ journal: memoryJournal(), ...STILL });

/** The measurement of a record again, as the transmitter delivered it later. */
function backfilled(
  record: EgvRecord,
  laterSeconds: number,
  value = record.glucose.value,
): EgvRecord {
  const measuredSystemSeconds = systemSeconds(record.systemSeconds + laterSeconds);
  return {
    ...record,
    recordType: 18,
    revision: 5,
    glucose: glucoseOf(0x2000 | value),
    systemSeconds: systemSeconds(record.systemSeconds + 30),
    transmitter: {
      measuredSystemSeconds,
      transmitterSeconds: 0,
      filteredRate: 0,
      algorithmState: 6,
    },
  };
}

function copiesOf(records: readonly EgvRecord[], laterMs: number): Reading[] {
  return records.map(({ glucose, systemSeconds: seconds }) =>
    served((seconds + 1_230_768_000) * 1000 + laterMs, glucose.value, 3),
  );
}

describe('one measurement in two records', () => {
  it.each([0, 1, -1, 2])(
    '%i s apart: uploaded once, counted once, nothing missing',
    async (apart) => {
      const live = readings(5);
      const service = new FakeService();
      const records = [...live, ...live.map((record) => backfilled(record, apart))];
      const journal = memoryJournal();
      for (const uploaded of [5, 0]) {
        const result = await runUpload({
          ...base(),
          journal,
          destination: service,
          source: sourceOf(records),
        });
        expect(result.posted).toHaveLength(uploaded);
        expect(result.plan.repeated).toHaveLength(5);
        expect(expectedReadings(result.plan)).toHaveLength(5);
      }
      expect(service.stored).toHaveLength(5);
    },
  );

  it('knows what was uploaded from the other record, also without it and without a journal', async () => {
    const live = readings(5);
    const late = live.map((record) => backfilled(record, 1));
    const service = new FakeService();
    const journal = memoryJournal();
    await runUpload({ ...base(), journal, destination: service, source: sourceOf(live) });
    for (const records of [late, [...live, ...late]]) {
      for (const from of [journal, memoryJournal()]) {
        const again = await runUpload({
          ...base(),
          journal: from,
          destination: service,
          source: sourceOf(records),
        });
        expect(again.posted).toEqual([]);
      }
    }
    expect(service.stored).toHaveLength(5);
  });

  it('uploads what was shown, where the two say different things', async () => {
    const live = readings(1);
    const service = new FakeService();
    const records = [...live.map((record) => backfilled(record, 0, 90)), ...live];
    await runUpload({ ...base(), destination: service, source: sourceOf(records) });
    expect(service.stored.map(({ value }) => value)).toEqual([80]);
  });

  it('uploads glucose that does not change reading by reading', async () => {
    const flat = [660, 360, 60].map((ago, i) => egv(ago, 100, i));
    const service = new FakeService();
    await runUpload({ ...base(), destination: service, source: sourceOf(flat) });
    expect(service.stored).toHaveLength(3);
  });
});

describe('another publisher', () => {
  it.each([1, 9000, 10_000, 10_001, 15_000, 29_000])(
    'of the same sensor, %i ms later: nothing doubled, in every run',
    async (laterMs) => {
      const service = new FakeService();
      const records = readings(20);
      service.stored.push(...copiesOf(records.slice(0, 19), laterMs));
      const journal = memoryJournal();
      for (const uploaded of [1, 0]) {
        const result = await runUpload({
          ...base(),
          journal,
          destination: service,
          source: sourceOf(records),
        });
        expect(result.posted).toHaveLength(uploaded);
        if (laterMs > 2000) expect(result.others.copies).toHaveLength(19);
      }
      expect(service.stored).toHaveLength(20);
    },
  );

  it('with fresh readings of its own is told of, and nothing else', async () => {
    const service = new FakeService();
    service.stored.push(served(NOW_MS - 200_000, 250));
    service.stored.push(served(NOW_MS - 7_200_000, 240));
    const kinds: string[] = [];
    const result = await runUpload({
      ...base(),
      destination: service,
      source: sourceOf(readings(5)),
      onEvent: ({ kind }) => kinds.push(kind),
    });
    expect(result.others.fresh.map(({ value }) => value)).toEqual([250]);
    expect(result.posted).toHaveLength(5);
    expect(kinds).toContain('others');
  });
});

describe('the time that is sent', () => {
  it('is taken over from what is there already', async () => {
    const service = new FakeService();
    const records = readings(6);
    service.stored.push(...copiesOf(records.slice(0, 4), 1000));
    const { posted } = await runUpload({
      ...base(),
      destination: service,
      source: sourceOf(records),
    });
    expect(posted.map(({ utcMs }) => NOW_MS - utcMs)).toEqual([359_000, 59_000]);
  });
});

describe('what is not certain', () => {
  it('keeps a single reading pending that is called a duplicate and is not there', async () => {
    const service = new FakeService();
    const post = service.post.bind(service);
    service.post = async () => 'duplicate';
    const journal = memoryJournal();
    const source = sourceOf(readings(1));
    const first = await runUpload({ ...base(), journal, destination: service, source });
    expect(first.posted).toEqual([]);
    expect(first.open).toHaveLength(1);
    service.post = post;
    const next = await runUpload({ ...base(), journal, destination: service, source });
    expect(next.posted).toHaveLength(1);
    expect(next.open).toEqual([]);
    expect(service.stored).toHaveLength(1);
  });

  it('loses no planned reading to a run whose computer is a day ahead', async () => {
    const service = new FakeService();
    const journal = memoryJournal();
    const source = sourceOf(readings(5));
    service.faults = [undefined, 'refused'];
    await runUpload({ ...base(), journal, destination: service, source }).catch(() => {});
    const wrong = await runUpload({
      journal,
      destination: service,
      source: sourceOf([], 90_000_000),
      nowMs: () => NOW_MS + 90_000_000,
    });
    expect([wrong.abandoned, wrong.open.length]).toEqual([[], 4]);
    const right = await runUpload({ ...base(), journal, destination: service, source });
    expect(right.posted).toHaveLength(4);
    expect(service.stored).toHaveLength(5);
  });
});
