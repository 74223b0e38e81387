import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UploadError } from '@egvkit/protocol';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  memoryJournal,
  type OpenJournal,
  previewUpload,
  runUpload,
  type UploadEvent,
  type UploadOptions,
} from '../src/index.ts';
import { fileJournal } from '../src/node.ts';
import { FakeService, NOW_MS, type PostFault, readings, sourceOf } from './support/world.ts';

function options(service: FakeService, overrides: Partial<UploadOptions> = {}): UploadOptions {
  return {
    source: sourceOf(readings(5)),
    target: service,
    journal: memoryJournal(),
    nowMs: () => NOW_MS,
    ...overrides,
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function values(service: FakeService): number[] {
  return service.stored.toSorted((a, b) => a.utcMs - b.utcMs).map(({ value }) => value);
}

describe('runUpload', () => {
  it('uploads everything once, oldest first, in batches, and tells of it', async () => {
    const service = new FakeService();
    const events: UploadEvent['kind'][] = [];
    const result = await runUpload(
      options(service, { batchSize: 2, onEvent: (event) => events.push(event.kind) }),
    );
    expect(values(service)).toEqual([80, 81, 82, 83, 84]);
    expect(service.posts.map(({ Egvs }) => Egvs.map(({ Value }) => Value))).toEqual([
      [80, 81],
      [82, 83],
      [84],
    ]);
    expect(service.posts[0]).toMatchObject({ SN: 'SM00000001', TA: 0 });
    expect(result.posted).toHaveLength(5);
    expect(service.prepared).toEqual({ serialNumber: 'SM00000001', assign: false });
    expect(events.filter((kind) => kind === 'progress')).toHaveLength(4);
  });

  it('uploads nothing twice when run again, though the clock is read a second differently', async () => {
    const service = new FakeService();
    const journal = memoryJournal();
    await runUpload(options(service, { journal }));
    const again = await runUpload(
      options(service, { journal, source: sourceOf(readings(5), 1000) }),
    );
    expect(again.posted).toEqual([]);
    expect(again.plan.known).toHaveLength(5);
    expect(values(service)).toEqual([80, 81, 82, 83, 84]);
  });

  it('uploads nothing twice when the journal is lost: the service is asked', async () => {
    const service = new FakeService();
    await runUpload(options(service));
    const again = await runUpload(options(service, { source: sourceOf(readings(5), -1000) }));
    expect(again.posted).toEqual([]);
    expect(again.plan.found).toHaveLength(5);
    expect(service.posts).toHaveLength(1);
  });

  it('reads back after a post without an answer, and sends only what is missing', async () => {
    for (const fault of ['lostBefore', 'lostAfter'] satisfies PostFault[]) {
      const service = new FakeService();
      service.faults = [fault];
      const result = await runUpload(options(service));
      expect(values(service)).toEqual([80, 81, 82, 83, 84]);
      expect(result.posted).toHaveLength(5);
    }
  });

  it('finds out what is missing when one of a batch is there already', async () => {
    for (const storeRest of [false, true]) {
      const service = new FakeService();
      service.storeRestOfDuplicateBatch = storeRest;
      // Another uploader posts one of the readings after the service was asked.
      service.checkpoint = (where) => {
        if (where !== 'post') return;
        service.checkpoint = () => {};
        service.stored.push({ utcMs: NOW_MS - 660_000, value: 82, trend: 4 });
      };
      await runUpload(options(service));
      expect(values(service)).toEqual([80, 81, 82, 83, 84]);
    }
  });

  it('fails when a post is refused, keeps what was done, and goes on next time', async () => {
    const service = new FakeService();
    const journal = memoryJournal();
    service.faults = [undefined, 'refused'];
    await expect(runUpload(options(service, { journal, batchSize: 2 }))).rejects.toThrow('refused');
    expect(values(service)).toEqual([80, 81]);
    const again = await runUpload(options(service, { journal, batchSize: 2 }));
    expect(again.posted).toHaveLength(3);
    expect(values(service)).toEqual([80, 81, 82, 83, 84]);
  });

  it('gives up what an interrupted run left open once it is too old to be asked about', async () => {
    const service = new FakeService();
    const journal = memoryJournal();
    service.faults = ['refused'];
    await expect(runUpload(options(service, { journal }))).rejects.toThrow();
    const nextDay = () => NOW_MS + 86_400_000;
    const later = await runUpload(options(service, { journal, nowMs: nextDay }));
    expect(later.abandoned).toHaveLength(5);
    expect(service.stored).toEqual([]);
  });

  it('refuses a receiver without a serial number before anything is asked of the service', async () => {
    const service = new FakeService();
    const source = { ...sourceOf([]), serialNumber: async () => undefined };
    const failed = runUpload(options(service, { source }));
    await expect(failed).rejects.toMatchObject({ code: 'noSerialNumber' });
    await expect(failed).rejects.toBeInstanceOf(UploadError);
    expect(service.prepared).toBeUndefined();
  });

  it('does nothing with a receiver that has no readings', async () => {
    const service = new FakeService();
    const result = await runUpload(options(service, { source: sourceOf([]) }));
    expect(result.posted).toEqual([]);
    expect(service.posts).toEqual([]);
  });

  it('sends the raw clocks and their TA when asked to', async () => {
    const service = new FakeService();
    await runUpload(
      options(service, { encoding: 'receiverClock', source: sourceOf(readings(1), -14_365_000) }),
    );
    expect(service.posts[0]?.TA).toBe(-14_365);
    expect(service.posts[0]?.Egvs[0]?.ST).toBe(`/Date(${NOW_MS - 60_000})/`);
  });

  it('brings every reading to the service once, wherever it dies and whatever gets lost', async () => {
    const folder = await temporaryFolder();
    let run = 0;
    const fault = fc.constantFrom<PostFault | undefined>(undefined, 'lostBefore', 'lostAfter');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(12), { maxLength: 4 }),
        fc.array(fault, { maxLength: 8 }),
        fc.boolean(),
        async (deaths, faults, storeRest) => {
          const service = new FakeService();
          service.storeRestOfDuplicateBatch = storeRest;
          const journal: OpenJournal = fileJournal(join(folder, `${run++}.ndjson`));
          for (const [i, steps] of deaths.entries()) {
            let left = steps;
            service.faults = [...faults];
            service.checkpoint = () => {
              if (left-- === 0) throw new Error('dead');
            };
            const source = sourceOf(readings(5), (i % 3) * 1000 - 1000);
            await runUpload(options(service, { journal, source, batchSize: 2 })).catch(() => {});
          }
          service.checkpoint = () => {};
          service.faults = [];
          await runUpload(options(service, { journal, batchSize: 2 }));
          expect(values(service)).toEqual([80, 81, 82, 83, 84]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('previewUpload', () => {
  it('says what would be uploaded, without a service', async () => {
    const source = sourceOf(readings(5));
    const preview = await previewUpload({ source, nowMs: () => NOW_MS });
    expect(preview.plan.post).toHaveLength(5);
    const known = preview.plan.post[0]?.key;
    const journal = { has: (key: string) => key === known };
    const rest = await previewUpload({ source, journal, nowMs: () => NOW_MS });
    expect(rest.plan.post).toHaveLength(4);
  });
});
