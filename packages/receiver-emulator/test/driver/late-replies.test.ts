import { displaySeconds } from '@egvkit/protocol';
import type { CommandName } from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { Receiver, ReceiverError } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { EmulatedReceiver } from '../../src/device.ts';
import { generateDatabase } from '../../src/history.ts';
import { memoryTransport } from '../../src/memory.ts';
import type { Deliver } from '../../src/options.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { type Random, seededRandom } from '../../src/random.ts';
import { NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';

useFakeClock();

/** More than the default for who has the time: `LATE_REPLY_RUNS=3000`. */
const RUNS = Number(process.env.LATE_REPLY_RUNS ?? 100);

const PATTERNS: Readonly<Record<string, (random: Random) => Deliver>> = {
  '6 % of the replies 1.5 to 9 s late':
    (random) =>
    ({ bytes }) =>
      random.chance(0.06) ? [{ afterMs: random.integer(1500, 9000) }, bytes] : undefined,
  'every reply 2 to 4.5 s late':
    (random) =>
    ({ bytes }) => [{ afterMs: random.integer(2000, 4500) }, bytes],
  '10 % of the replies twice':
    (random) =>
    ({ bytes }) =>
      random.chance(0.1) ? [bytes, { afterMs: random.integer(0, 100) }, bytes] : undefined,
  '10 % of the replies twice, the second up to 3 s later':
    (random) =>
    ({ bytes }) =>
      random.chance(0.1) ? [bytes, { afterMs: random.integer(0, 3000) }, bytes] : undefined,
};

const CONTENT = generateDatabase({
  profile: RECEIVER_PROFILES.g4,
  seed: 7,
  days: 2,
  nowMs: NOW_MS,
});
const EGVS = CONTENT.records(4);
const TYPES = CONTENT.partitions().map(({ recordType }) => recordType);
const OFFSET = -25_200;

/** Commands that a receiver may not know, with what follows from their replies. */
const OPTIONAL = [
  'readFirmwareHeader',
  'readTransmitterId',
  'readBatteryLevel',
  'readGlucoseUnit',
  'readLanguage',
] as const satisfies readonly CommandName[];
const REFUSAL = encodePacket(3);

interface Run {
  /** Commands that the receiver refuses. */
  readonly refused: Set<string | undefined>;
  readonly random: Random;
  readonly device: EmulatedReceiver;
  readonly receiver: Receiver;
}

type Work = (run: Run) => Promise<void>;

/** Each checks all that it is told; what it is not told, because of an error, is not wrong. */
const WORK: Readonly<Record<string, Work>> = {
  async displayClock({ receiver, random }) {
    await receiver.battery();
    const wanted = NOW_SECONDS + random.integer(-50_000, 50_000);
    const change = await receiver.setDisplayClock(displaySeconds(wanted));
    expect(change.oldOffsetSeconds).toBe(OFFSET);
    // The receiver's clock stands still here, so the new offset is known to the second.
    expect(change.newOffsetSeconds).toBe(wanted - NOW_SECONDS);
    expect((await receiver.clock()).displayOffsetSeconds).toBe(wanted - NOW_SECONDS);
  },
  async history({ receiver, random }) {
    const order = random.chance(0.5) ? 'oldestFirst' : 'newestFirst';
    const read: unknown[] = [];
    for await (const record of receiver.records('egv', { order })) read.push(record);
    expect(read).toEqual(order === 'oldestFirst' ? EGVS : EGVS.toReversed());
  },
  async newRecords({ receiver, random }) {
    const { first, last } = CONTENT.pageRange(4)!;
    const page = random.integer(first, last);
    const { recordCount } = await receiver.pageHeader('egv', page);
    const read: unknown[] = [];
    for await (const { records } of receiver.newRecords('egv', { page, recordCount })) {
      read.push(...records);
    }
    expect(read).toEqual(EGVS.slice((page - first) * 38 + recordCount));
  },
  async ranges({ receiver }) {
    for (const type of TYPES)
      expect(await receiver.pageRange(type)).toEqual(CONTENT.pageRange(type));
  },
  async facts({ receiver }) {
    const identity = await receiver.identify();
    expect(identity.firmware?.productId).toBe('G4Receiver');
    expect(identity.serialNumber).toMatch(/^SM/);
    expect(identity.transmitterId).toBe(RECEIVER_PROFILES.g4.transmitterId);
    const clock = await receiver.clock();
    expect(clock.displayOffsetSeconds).toBe(OFFSET);
    expect(clock.systemSeconds).toBe(NOW_SECONDS);
    expect((await receiver.battery()).percent).toBe(77);
    expect((await receiver.hardwareClock()).rtcSeconds).toBeLessThan(NOW_SECONDS);
  },
  async refusals({ receiver, random, refused }) {
    for (const command of OPTIONAL) if (random.chance(0.6)) refused.add(command);
    const told = <T>(command: (typeof OPTIONAL)[number], value: T) =>
      refused.has(command) ? undefined : value;
    const { firmware, transmitterId } = await receiver.identify();
    expect(firmware?.productId).toBe(told('readFirmwareHeader', 'G4Receiver'));
    const { transmitterId: wanted } = RECEIVER_PROFILES.g4;
    expect(transmitterId).toBe(told('readTransmitterId', wanted));
    expect((await receiver.battery()).percent).toBe(told('readBatteryLevel', 77));
    const { unit, language } = await receiver.display();
    expect(unit === undefined).toBe(refused.has('readGlucoseUnit'));
    expect(language === undefined).toBe(refused.has('readLanguage'));
    expect(await receiver.pageRange('egv')).toEqual(CONTENT.pageRange(4));
  },
};

async function run(
  seed: number,
  pattern: (random: Random) => Deliver,
  work: Work,
): Promise<string> {
  const random = seededRandom(seed);
  const refused = new Set<string | undefined>();
  const tampered = pattern(random);
  const deliver: Deliver = (reply) => {
    const bytes = refused.has(reply.command) ? REFUSAL : reply.bytes;
    return tampered({ ...reply, bytes }) ?? [bytes];
  };
  const device = new EmulatedReceiver({
    profile: RECEIVER_PROFILES.g4,
    database: CONTENT,
    nowMs: () => NOW_MS,
    clockPhaseMs: 0,
    displayOffsetSeconds: OFFSET,
    batteryPercent: 77,
    replyDelayMs: 15,
    deliver,
  });
  try {
    const receiver = await Receiver.open(memoryTransport(device), { allowWrites: true });
    try {
      await work({ random, device, receiver, refused });
    } finally {
      await receiver.close();
    }
    return 'right';
  } catch (error) {
    if (error instanceof ReceiverError) return error.code;
    throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
  }
}

describe.each(Object.entries(PATTERNS))('with %s', (_, pattern) => {
  it.each(Object.entries(WORK))(
    '%s: nothing that is told is wrong',
    { timeout: 600_000 },
    async (_name, work) => {
      const ends: Record<string, number> = {};
      const runs = Math.ceil(RUNS / Object.keys(WORK).length);
      for (let seed = 1; seed <= runs; seed++) {
        const end = await settle(run(seed, pattern, work));
        ends[end] = (ends[end] ?? 0) + 1;
      }
      if (process.env.LATE_REPLY_RUNS)
        process.stderr.write(`${_} ${_name} ${JSON.stringify(ends)}\n`);
      // Every reply being too late, giving up with a timeout is fair; but not always.
      expect(ends.right ?? 0).toBeGreaterThan(runs * 0.1);
    },
  );
});
