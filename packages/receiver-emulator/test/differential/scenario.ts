import type { RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import { RECORD_FORMATS } from '@egvkit/protocol/receiver/wire';
import { EmulatedReceiver } from '../../src/device.ts';
import { generateDatabase } from '../../src/history.ts';
import {
  type PartitionContent,
  type ProfileName,
  RECEIVER_PROFILES,
  ReceiverDatabase,
  type ReceiverProfile,
  SURVIVABLE_FAULTS,
  seededFaults,
} from '../../src/index.ts';
import { type Random, seededRandom } from '../../src/random.ts';
import { NOW_MS } from '../support/now.ts';

/** A receiver with something in it and a line on which things happen, all from one number. */
export interface Scenario {
  readonly seed: number;
  readonly device: EmulatedReceiver;
  readonly content: ReceiverDatabase;
  readonly pagesPerRequest: number;
  readonly order: 'newestFirst' | 'oldestFirst';
  /** Injected faults, for the message of a failed test. */
  readonly injected: readonly string[];
}

const PROFILES = Object.keys(RECEIVER_PROFILES) as ProfileName[];

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(0, values.length - 1)]!;
}

export interface ScenarioOptions {
  /** Also pulls the cable. */
  readonly unplugs?: boolean;
  /** Goes on storing; the device's clock runs by some minutes with every request. */
  readonly grows?: boolean;
  /** Injects no faults into replies: the carrier has failures of its own. */
  readonly quiet?: boolean;
}

export function scenario(seed: number, { unplugs, grows, quiet }: ScenarioOptions = {}): Scenario {
  const random = seededRandom(seed);
  const profile = RECEIVER_PROFILES[pick(random, PROFILES)];
  const content =
    grows || random.chance(0.3)
      ? generated(random, profile, grows === true)
      : anything(random, profile);
  const injected: string[] = [];
  let requests = 0;
  const device = new EmulatedReceiver({
    profile,
    database: content,
    nowMs: () => (grows ? NOW_MS + 70_000 * requests++ : NOW_MS),
    replyDelayMs: pick(random, [0, 0, 15, 180]),
    maxPagesPerRequest: pick(random, [1, 2, 4, 4, 4]),
    deliver: seededFaults({
      seed: random.integer(0, 2 ** 31),
      rate: quiet ? 0 : pick(random, [0, 0.05, 0.2, 0.5]),
      kinds: unplugs ? [...SURVIVABLE_FAULTS, 'unplug', 'unplug'] : SURVIVABLE_FAULTS,
      onFault: ({ kind }, { number, command }) => injected.push(`${number} ${command}: ${kind}`),
    }),
  });
  const order = pick(random, ['newestFirst', 'oldestFirst'] as const);
  return { seed, device, content, pagesPerRequest: random.integer(1, 4), order, injected };
}

/** A few hours of a receiver in use. */
function generated(random: Random, profile: ReceiverProfile, grows: boolean): ReceiverDatabase {
  return generateDatabase({
    profile,
    seed: random.integer(0, 2 ** 31),
    days: 0.05 + random.next() * 0.4,
    nowMs: NOW_MS,
    clockErrorSeconds: pick(random, [0, -98, 19_168_117, 6_643_551]),
    displayOffsetSeconds: pick(random, [0, -25_200, 36_000]),
    earlierSerialNumbers: pick(random, [[], ['sm00000009']]),
    grows,
  });
}

/** Any bytes as records, of a few of the types that there are, and of one that there is not. */
function anything(random: Random, profile: ReceiverProfile): ReceiverDatabase {
  const partitions = profile.partitions
    .filter(() => random.chance(0.4))
    .map(
      ({ recordType, revision }): PartitionContent => ({
        recordType,
        revision,
        firstPage: pick(random, [0, random.integer(0, 500), 100_000_000]),
        records: anyRecords(random, recordType, revision),
      }),
    );
  if (random.chance(0.3)) partitions.push(unknownPartition(random));
  return new ReceiverDatabase(partitions);
}

function anyRecords(random: Random, recordType: number, revision: number): ReceiverRecord[] {
  const format = RECORD_FORMATS.find(
    ({ recordTypes, revisions }) =>
      recordTypes.includes(recordType) && revisions.from <= revision && revision <= revisions.to,
  );
  if (format === undefined) throw new Error(`no layout for ${recordType}/${revision}`);
  const perPage = Math.floor(500 / format.size);
  const count = pick(random, [0, 1, perPage, perPage + 1, random.integer(0, 6 * perPage)]);
  let systemSeconds = 200_000_000;
  return Array.from({ length: count }, () => {
    const bytes = Uint8Array.from({ length: format.size }, () => random.integer(0, 255));
    // Only time is not anything: a receiver's records ascend in it.
    systemSeconds += random.integer(0, 3000);
    new DataView(bytes.buffer).setUint32(0, systemSeconds, true);
    return format.read(bytes, 0, { recordType, revision, index: 0 });
  });
}

/** Unknown record type: its records are bytes, with the size in the receiver's partition list. */
function unknownPartition(random: Random): PartitionContent {
  const [recordType, revision] = [pick(random, [13, 17, 42]), random.integer(0, 255)];
  const size = random.integer(9, 60);
  const records: RawRecord[] = Array.from({ length: random.integer(1, 40) }, () => ({
    kind: 'raw',
    recordType,
    revision,
    index: 0,
    bytes: Uint8Array.from({ length: size }, () => random.integer(0, 255)),
  }));
  return { recordType, revision, firstPage: 3, records: [], rawRecords: records };
}
