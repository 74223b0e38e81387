import { describe, expect, it } from 'vitest';
import { SURVIVABLE_FAULTS } from '../../src/fault-schedule.ts';
import { memoryTransport } from '../../src/memory.ts';
import { settle, useFakeClock } from '../support/clock.ts';
import { everything, type Plug, readAll, readOn } from './reading.ts';
import { type Scenario, scenario } from './scenario.ts';

useFakeClock();

const plug: Plug = async (device) => memoryTransport(device);

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
    const faults = one.injected.join('; ');
    throw new Error(`seed ${one.seed}: ${String(error)}\n${faults}`, { cause: error });
  }
}

// A batch takes a second; this leaves room for a machine that does much else.
describe('what is read from an emulated receiver', { timeout: 30_000 }, () => {
  it.each(seeds(1, 700))(
    'is what is in it, whatever faults are injected: seed %i and more',
    async (...batch) => {
      let read = 0;
      const injected = new Set<string>();
      for (const seed of batch) {
        const one = scenario(seed);
        await holds(one, async () => {
          for (const { read: records, stored } of await readAll(one, plug)) {
            expect(records).toEqual(stored);
            read += records.length;
          }
          expect(one.device.forbiddenSeen).toEqual([]);
        });
        for (const fault of one.injected) injected.add(fault.split(': ')[1]!);
      }
      // A batch is worth something only if it reads much, through every fault.
      expect(read).toBeGreaterThan(10_000);
      expect([...injected].sort()).toEqual([...SURVIVABLE_FAULTS].sort());
    },
  );

  it.each(seeds(1001, 150))(
    'is complete also when the cable was pulled: seed %i and more',
    async (...batch) => {
      for (const seed of batch) {
        const one = scenario(seed, { unplugs: true });
        await holds(one, async () => {
          for (const { recordType } of one.content.partitions()) {
            expect((await readOn(one, recordType, plug)).read).toEqual(everything(one, recordType));
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
            const { read, atLeast } = await readOn(one, recordType, plug, 2);
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
