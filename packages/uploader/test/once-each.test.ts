import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryJournal, type OpenJournal, runUpload, type UploadOptions } from '../src/index.ts';
import { fileJournal } from '../src/node.ts';
import { KeyedStore } from './support/keyed-store.ts';
import { FailingNightscout } from './support/nightscout-world.ts';
import {
  type FakeDestination,
  FakeService,
  type PostFault,
  readings,
  STILL,
  sourceOf,
} from './support/world.ts';

const ALL = [80, 81, 82, 83, 84];

function options(
  destination: FakeDestination,
  overrides: Partial<UploadOptions> = {},
): UploadOptions {
  return {
    source: sourceOf(readings(5)),
    destination,
    journal: memoryJournal(),
    ...STILL,
    ...overrides,
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function serviceThatStoresTheRest(): FakeService {
  const service = new FakeService();
  service.storeRestOfDuplicateBatch = true;
  return service;
}

// The guarantees of an upload, for every kind of destination.
describe.each<[string, () => FakeDestination]>([
  ['that refuses a batch with a duplicate', () => new FakeService()],
  ['that stores the rest of a batch with a duplicate', serviceThatStoresTheRest],
  ['with identifiers of its own that cannot be read back', () => new KeyedStore()],
  ['that is a Nightscout site by version 1 of its API', () => new FailingNightscout(1)],
  ['that is a Nightscout site by version 3 of its API', () => new FailingNightscout(3)],
])('a destination %s', (_, make) => {
  it('has everything once, and nothing twice when run again, though the clock is read a second differently', async () => {
    const destination = make();
    const journal = memoryJournal();
    const first = await runUpload(options(destination, { journal }));
    expect(first.posted).toHaveLength(5);
    const source = sourceOf(readings(5), 1000);
    const again = await runUpload(options(destination, { journal, source }));
    expect(again.posted).toEqual([]);
    expect(again.plan.known).toHaveLength(5);
    expect(destination.values()).toEqual(ALL);
  });

  it('has everything once though the journal is lost', async () => {
    const destination = make();
    await runUpload(options(destination));
    await runUpload(options(destination, { source: sourceOf(readings(5), -1000) }));
    expect(destination.values()).toEqual(ALL);
  });

  it.each<PostFault>(['lostBefore', 'lostAfter'])(
    'has everything once after a post without an answer (%s)',
    async (fault) => {
      const destination = make();
      destination.faults = [fault];
      const result = await runUpload(options(destination));
      expect(destination.values()).toEqual(ALL);
      expect(result.posted).toHaveLength(5);
      expect(result.open).toEqual([]);
    },
  );

  it('fails when a post is refused, keeps what was done, and goes on next time', async () => {
    const destination = make();
    const journal = memoryJournal();
    destination.faults = [undefined, 'refused'];
    const inTwos = options(destination, { journal, batchSize: 2 });
    await expect(runUpload(inTwos)).rejects.toThrow('refused');
    const done = destination.values().length;
    expect(done).toBeGreaterThan(0);
    const again = await runUpload(inTwos);
    expect(again.posted).toHaveLength(5 - done);
    expect(destination.values()).toEqual(ALL);
  });

  it('gets what an interrupted run left open again as it was, whatever the clock says now', async () => {
    const destination = make();
    const journal = memoryJournal();
    destination.faults = [undefined, 'refused'];
    await runUpload(options(destination, { journal, batchSize: 2 })).catch(() => {});
    const [pending] = await pendingOf(journal);
    const source = sourceOf(readings(5), 1000);
    await runUpload(options(destination, { journal, source, batchSize: 2 }));
    expect(destination.posts.flat().find(({ key }) => key === pending?.key)).toEqual(pending);
    expect(await pendingOf(journal)).toEqual([]);
  });

  it('has every reading once, wherever an upload dies and whatever gets lost', async () => {
    const folder = await temporaryFolder();
    let run = 0;
    const fault = fc.constantFrom<PostFault | undefined>(undefined, 'lostBefore', 'lostAfter');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(12), { maxLength: 4 }),
        fc.array(fault, { maxLength: 8 }),
        async (deaths, faults) => {
          const destination = make();
          const journal: OpenJournal = fileJournal(join(folder, `${run++}.ndjson`));
          for (const [i, steps] of deaths.entries()) {
            let left = steps;
            destination.faults = [...faults];
            destination.checkpoint = () => {
              if (left-- === 0) throw new Error('dead');
            };
            const source = sourceOf(readings(5), (i % 3) * 1000 - 1000);
            const dying = options(destination, { journal, source, batchSize: 2 });
            await runUpload(dying).catch(() => {});
          }
          destination.checkpoint = () => {};
          destination.faults = [];
          await runUpload(options(destination, { journal, batchSize: 2 }));
          expect(destination.values()).toEqual(ALL);
          expect(await pendingOf(journal)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

async function pendingOf(open: OpenJournal) {
  await using journal = await open({ serialNumber: 'SM00000001', target: 'test-service' });
  return journal.pending();
}
