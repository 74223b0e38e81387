import { Receiver } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
  seededRandom,
} from '@egvkit/receiver-emulator';
import {
  EmulatedSerial,
  SERIAL_FAILURES,
  type SerialFailure,
} from '@egvkit/receiver-emulator/webserial';
import { describe, expect, it } from 'vitest';
import {
  everything,
  failuresFrom,
  type Plug,
  readAll,
  readOn,
} from '../../receiver-emulator/test/differential/reading.ts';
import { scenario } from '../../receiver-emulator/test/differential/scenario.ts';
import { NOW_MS, settle, useFakeClock } from '../../receiver-emulator/test/support/clock.ts';
import { openSerial } from '../src/index.ts';
import { freeLocks } from './support.ts';

useFakeClock();

const seeds = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

const SURVIVABLE = (Object.keys(SERIAL_FAILURES) as SerialFailure[]).filter(
  (failure) => !SERIAL_FAILURES[failure].isFatal,
);

/** Plugs the receiver into a computer, chooses it and opens it. */
function plugInto(
  failTransfer: () => SerialFailure | undefined,
  chunkBytes = Number.POSITIVE_INFINITY,
): Plug {
  const serial = new EmulatedSerial();
  return async (device) => {
    const { port } = serial.plug(device, { failTransfer, chunkBytes });
    return openSerial(port, { serial, locks: freeLocks });
  };
}

describe('what is read over Web Serial', () => {
  it.each(seeds(1, 40))('is every record once, with faults in replies: seed %i', async (seed) => {
    const one = scenario(seed);
    const plug = plugInto(() => undefined, [1, 64, 255, 4096][seed % 4]);
    for (const { read, stored } of await settle(readAll(one, plug))) expect(read).toEqual(stored);
    expect(one.device.forbiddenSeen).toEqual([]);
  });

  it('is every record once, with failures of the port', async () => {
    const happened = new Set<string>();
    let records = 0;
    for (const seed of seeds(101, 40)) {
      const random = seededRandom(seed);
      const failTransfer = failuresFrom(
        () => random.next(),
        SURVIVABLE,
        (kind) => happened.add(kind),
      );
      const one = scenario(seed, { quiet: true });
      for (const { read, stored } of await settle(readAll(one, plugInto(failTransfer)))) {
        expect(read).toEqual(stored);
        records += read.length;
      }
    }
    expect(records).toBeGreaterThan(5000);
    expect([...happened].sort()).toEqual([...SURVIVABLE].sort());
  });

  it.each(seeds(201, 25))('is complete also when the cable was pulled: seed %i', async (seed) => {
    const one = scenario(seed, { unplugs: true });
    for (const { recordType } of one.content.partitions()) {
      const { read } = await settle(
        readOn(
          one,
          recordType,
          plugInto(() => undefined),
        ),
      );
      expect(read).toEqual(everything(one, recordType));
    }
  });
});

it('takes no longer than the replies themselves, by four pages at once (browser §13)', async () => {
  const profile = RECEIVER_PROFILES.g4;
  const database = generateDatabase({ profile, seed: 1, days: 30, nowMs: NOW_MS });
  const device = new EmulatedReceiver({
    profile,
    database,
    timing: { seed: 1 },
    nowMs: () => NOW_MS,
  });
  const transport = await settle(plugInto(() => undefined)(device));
  const receiver = await settle(Receiver.open(transport));
  await settle(receiver.ping());
  const [begunMs, before] = [performance.now(), device.repliesTookMs];
  const requests = device.codesSeen.length;
  let read = 0;
  await settle(
    (async () => {
      for await (const _ of receiver.records('egv')) read++;
    })(),
  );
  const pages = database.pageRange(4)!;
  expect(read).toBe(database.records(4).length);
  expect(device.codesSeen.slice(requests).filter((code) => code === 17)).toHaveLength(
    Math.ceil((pages.last - pages.first + 1) / 4),
  );
  expect(performance.now() - begunMs).toBeLessThan(1.1 * (device.repliesTookMs - before));
  await settle(receiver.close());
});
