import { type Bookmark, Receiver } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { SURVIVABLE_FAULTS } from '../../src/receiver/fault-schedule.ts';
import { memoryTransport } from '../../src/receiver/memory.ts';
import { settle, useFakeClock } from '../support/clock.ts';
import { type Scenario, scenario } from './scenario.ts';

useFakeClock();

const BATCH = 100;

function seeds(first: number, count: number): number[][] {
  const batches: number[][] = [];
  for (let at = first; at < first + count; at += BATCH) {
    batches.push(Array.from({ length: Math.min(BATCH, first + count - at) }, (_, i) => at + i));
  }
  return batches;
}

/** Says which number to try again, and what happened there, if it does not hold. */
async function holds(one: Scenario, check: () => Promise<void>): Promise<void> {
  try {
    await settle(check());
  } catch (error) {
    const story = one.befell.join('; ');
    throw new Error(`seed ${one.seed}: ${String(error)}\n${story}`, { cause: error });
  }
}

function everything({ content }: Scenario, recordType: number): readonly object[] {
  return [...content.records(recordType), ...content.rawRecords(recordType)];
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

// A batch takes a second; this leaves room for a machine that does much else.
describe('what is read from an emulated receiver', { timeout: 30_000 }, () => {
  const read = { records: 0, faults: new Set<string>() };

  it.each(seeds(1, 700))(
    'is what is in it, whatever befalls on the way: seed %i and more',
    async (...batch) => {
      for (const seed of batch) {
        const one = scenario(seed);
        await holds(one, async () => {
          const { device, content, pagesPerRequest, order } = one;
          const receiver = await Receiver.open(memoryTransport(device), { pagesPerRequest });
          for (const { recordType } of content.partitions()) {
            const records = await collect(receiver.records(recordType, { order }));
            const stored = everything(one, recordType);
            expect(records).toEqual(order === 'newestFirst' ? stored.toReversed() : stored);
            read.records += records.length;
          }
          await receiver.close();
          expect(device.forbiddenSeen).toEqual([]);
        });
        for (const fault of one.befell) read.faults.add(fault.split(': ')[1]!);
      }
    },
  );

  it('was a lot, and through every fault that can be survived', () => {
    expect(read.records).toBeGreaterThan(100_000);
    expect([...read.faults].sort()).toEqual([...SURVIVABLE_FAULTS].sort());
  });

  it.each(seeds(1001, 150))(
    'is complete also when the cable was pulled: seed %i and more',
    async (...batch) => {
      for (const seed of batch) {
        const one = scenario(seed, { unplugs: true });
        await holds(one, async () => {
          for (const { recordType } of one.content.partitions()) {
            expect((await readOn(one, recordType)).read).toEqual(everything(one, recordType));
          }
        });
      }
    },
  );

  it.each(seeds(2001, 150))(
    'has no gap and nothing twice while more is stored: seed %i and more',
    async (...batch) => {
      for (const seed of batch) {
        const one = scenario(seed, { grows: true });
        await holds(one, async () => {
          const before = one.content.records(4).length;
          for (const { recordType } of one.content.partitions()) {
            const { read, atLeast } = await readOn(one, recordType, 2);
            const stored = everything(one, recordType);
            expect(read).toEqual(stored.slice(0, read.length));
            expect(read.length).toBeGreaterThanOrEqual(atLeast);
          }
          expect(one.content.records(4).length).toBeGreaterThan(before);
        });
      }
    },
  );
});

const MOST_PLUGS = 60;

/** Reads what is new, so many times over, plugging the cable in again as often as it is pulled. */
async function readOn(
  one: Scenario,
  recordType: number,
  times = 1,
): Promise<{
  readonly read: readonly object[];
  /** How many there were before the last reading began. */
  readonly atLeast: number;
}> {
  const read: object[] = [];
  let atLeast = 0;
  let bookmark: Bookmark | undefined;
  let finished = 0;
  for (let plugs = 0; finished < times; plugs++) {
    if (plugs === MOST_PLUGS) throw new Error('the cable was pulled too often');
    atLeast = everything(one, recordType).length;
    try {
      const { device, pagesPerRequest } = one;
      const receiver = await Receiver.open(memoryTransport(device), { pagesPerRequest });
      for await (const news of receiver.newRecords(recordType, bookmark)) {
        read.push(...news.records);
        bookmark = news.bookmark;
      }
      await receiver.close();
      finished++;
    } catch (error) {
      if ((error as { code?: string }).code !== 'unplugged') throw error;
    }
  }
  return { read, atLeast };
}
