import { Receiver } from '@egvkit/receiver';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmulatedReceiver } from '../../src/receiver/device.ts';
import { memoryTransport } from '../../src/receiver/memory.ts';
import type { Delivery } from '../../src/receiver/options.ts';
import { g4, g5, g6 } from '../support/bench.ts';
import { concat, corrupted, cutAt } from '../support/bytes.ts';
import { all, settle, useFakeClock } from '../support/clock.ts';
import { database, egv } from '../support/records.ts';

useFakeClock();

/** What can befall a reply; `lost` and `corrupt` cost the request, the others must not. */
const fault = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'none' } as const) },
  fc.record({
    kind: fc.constant('corrupt' as const),
    at: fc.nat(),
    change: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant('split' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('short' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('noise' as const), noise: fc.uint8Array({ maxLength: 20 }) }),
  fc.constant({ kind: 'twice' } as const),
  fc.constant({ kind: 'lost' } as const),
);
type Fault = typeof fault extends fc.Arbitrary<infer Value> ? Value : never;

function befall(fault: Fault, bytes: Uint8Array): Delivery {
  switch (fault.kind) {
    case 'none':
      return [bytes];
    case 'corrupt':
      return [corrupted(bytes, fault.at % bytes.length, fault.change)];
    case 'split':
      return cutAt(bytes, fault.at % bytes.length);
    case 'short':
      return [bytes.slice(0, fault.at % bytes.length)];
    case 'noise':
      return [concat(fault.noise, bytes)];
    case 'twice':
      return [bytes, bytes];
    case 'lost':
      return 'nothing';
  }
}

/** Lets a fault befall the first reply to a request; the next to the same is left alone. */
function onceAtMost(faults: readonly Fault[]) {
  let next = 0;
  let spared = false;
  return (bytes: Uint8Array): Delivery => {
    if (spared) {
      spared = false;
      return [bytes];
    }
    const fault = faults[next++ % faults.length]!;
    spared = fault.kind === 'corrupt' || fault.kind === 'short' || fault.kind === 'lost';
    return befall(fault, bytes);
  };
}

/** A database with any values in it; only time is ascending, as in a receiver. */
const anyDatabase = fc
  .record({
    profile: fc.constantFrom(g4, g5, g6),
    egvFirstPage: fc.nat(100_000),
    values: fc.array(fc.tuple(fc.nat(0xffff), fc.nat(0xff), fc.integer({ min: 0, max: 3000 })), {
      maxLength: 130,
      size: 'max',
    }),
    backfilled: fc.nat(45),
  })
  .map(({ profile, egvFirstPage, values, backfilled }) => {
    let systemSeconds = 300_000_000;
    const records = values.map(([word, trend, later]) => {
      systemSeconds += later;
      return egv(profile.egvRevision, { word, trend, systemSeconds });
    });
    const late = records.slice(0, backfilled).map((record) => ({ ...record, recordType: 18 }));
    return {
      profile,
      content: database(profile, { egv: records, egvFirstPage, backfilled: late }),
    };
  });

describe('a line on which a reply may be lost, damaged, cut, doubled or preceded by noise', () => {
  it('gives every record that is in the receiver, once, as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDatabase,
        fc.array(fault, { minLength: 1, maxLength: 12, size: 'max' }),
        fc.constantFrom(0, 15, 180),
        async ({ profile, content }, faults, replyDelayMs) => {
          const befalls = onceAtMost(faults);
          const device = new EmulatedReceiver({
            profile,
            database: content,
            replyDelayMs,
            deliver: ({ number, bytes }) => (number === 0 ? undefined : befalls(bytes)),
          });
          const receiver = await settle(Receiver.open(memoryTransport(device)));
          for (const [name, recordType] of [
            ['egv', 4],
            ['backfilledEgv', 18],
            ['manufacturing', 0],
          ] as const) {
            const read = await all(receiver.records(name));
            expect(read).toEqual(content.records(recordType).toReversed());
          }
          await receiver.close();
        },
      ),
      { numRuns: 150, seed: 20_090_101 },
    );
  }, 30_000);
});
