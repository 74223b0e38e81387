import { describe, expect, it } from 'vitest';
import {
  memoryJournal,
  previewUpload,
  runUpload,
  SHARE_LIMITS,
  UploadError,
  type UploadEvent,
  type UploadOptions,
} from '../src/index.ts';
import {
  FakeService,
  NOW_MS,
  type PostFault,
  readings,
  STILL,
  served,
  sourceOf,
} from './support/world.ts';

function options(service: FakeService, overrides: Partial<UploadOptions> = {}): UploadOptions {
  return {
    source: sourceOf(readings(5)),
    destination: service,
    journal: memoryJournal(),
    ...STILL,
    ...overrides,
  };
}

describe('runUpload', () => {
  it('notes readings once that a service neither takes nor shows, however often it asks about them', async () => {
    const service = new FakeService();
    service.post = async () => 'duplicate';
    const plans: number[] = [];
    const open = memoryJournal();
    const journal: typeof open = async (owner) => {
      const opened = await open(owner);
      const plan: typeof opened.plan = async (batch) => {
        if (batch.length > 0) plans.push(batch.length);
        await opened.plan(batch);
      };
      return { ...opened, plan };
    };
    const first = await runUpload(options(service, { journal }));
    expect(first.open).toHaveLength(5);
    const noted = [...plans];
    const second = await runUpload(options(service, { journal }));
    expect(second.open).toHaveLength(5);
    expect(plans).toEqual(noted);
  });

  it('uploads everything once, oldest first, one alone and then in batches, and tells of it', async () => {
    const service = new FakeService();
    const events: UploadEvent['kind'][] = [];
    const result = await runUpload(
      options(service, { batchSize: 2, onEvent: (event) => events.push(event.kind) }),
    );
    expect(service.values()).toEqual([80, 81, 82, 83, 84]);
    expect(service.posts.map((batch) => batch.map(({ value }) => value))).toEqual([
      [80],
      [81, 82],
      [83, 84],
    ]);
    expect(result.posted).toHaveLength(5);
    expect(service.prepared).toEqual({ serialNumber: 'SM00000001', assign: false });
    expect(events.filter((kind) => kind === 'progress')).toHaveLength(4);
  });

  it('uploads nothing twice when the journal is lost: the service is asked', async () => {
    const service = new FakeService();
    await runUpload(options(service));
    const again = await runUpload(options(service, { source: sourceOf(readings(5), -1000) }));
    expect(again.posted).toEqual([]);
    expect(again.plan.found).toHaveLength(5);
    expect(service.posts).toHaveLength(2);
  });

  it('reads back after a post without an answer, and sends only what is missing', async () => {
    for (const fault of ['lostBefore', 'lostAfter'] satisfies PostFault[]) {
      const service = new FakeService();
      service.faults = [fault];
      const result = await runUpload(options(service));
      expect(service.values()).toEqual([80, 81, 82, 83, 84]);
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
        service.stored.push(served(NOW_MS - 660_000, 82));
      };
      await runUpload(options(service));
      expect(service.values()).toEqual([80, 81, 82, 83, 84]);
    }
  });

  it('gives up what an interrupted run left open once it is too old to be asked about', async () => {
    const service = new FakeService();
    const journal = memoryJournal();
    service.faults = [undefined, 'refused'];
    await expect(runUpload(options(service, { journal }))).rejects.toThrow();
    const nextDay = NOW_MS + 90_000_000;
    const source = sourceOf(readings(5), 0, nextDay);
    const later = await runUpload(options(service, { journal, source, nowMs: () => nextDay }));
    expect(later.abandoned).toHaveLength(4);
    expect(service.values()).toEqual([80]);
  });

  it('refuses a receiver without a serial number before anything is asked of the service', async () => {
    const service = new FakeService();
    const source = { ...sourceOf([]), serialNumber: async () => undefined };
    const failed = runUpload(options(service, { source }));
    await expect(failed).rejects.toMatchObject({ code: 'noSerialNumber' });
    await expect(failed).rejects.toBeInstanceOf(UploadError);
    expect(service.prepared).toBeUndefined();
  });

  it('tells why it failed, also if the journal cannot be closed after that', async () => {
    const service = new FakeService();
    service.faults = ['refused'];
    const open = memoryJournal();
    const journal: typeof open = async (owner) => ({
      ...(await open(owner)),
      [Symbol.asyncDispose]: () => Promise.reject(new Error('no room')),
    });
    await expect(runUpload(options(service, { journal }))).rejects.toThrow('refused');
    await expect(runUpload(options(service, { journal }))).rejects.toThrow('no room');
  });

  it('does nothing with a receiver that has no readings', async () => {
    const service = new FakeService();
    const result = await runUpload(options(service, { source: sourceOf([]) }));
    expect(result.posted).toEqual([]);
    expect(service.posts).toEqual([]);
  });
});

describe('previewUpload', () => {
  it('says what would be uploaded, without a service', async () => {
    const source = sourceOf(readings(5));
    const preview = await previewUpload({ source, limits: SHARE_LIMITS, nowMs: () => NOW_MS });
    expect(preview.plan.post).toHaveLength(5);
    const known = preview.plan.post[0]?.key;
    const journal = {
      ...{ has: (key: string) => key === known, note: () => undefined, newestDay: () => [] },
    };
    const rest = await previewUpload({
      ...{ source, journal, limits: SHARE_LIMITS },
      nowMs: () => NOW_MS,
    });
    expect(rest.plan.post).toHaveLength(4);
  });
});
