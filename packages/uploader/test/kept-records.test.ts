import { Receiver } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  memoryTransport,
  RECEIVER_PROFILES,
  scriptedFaults,
} from '@egvkit/receiver-emulator';
import { describe, expect, it } from 'vitest';
import { KeptRecords } from '../src/index.ts';
import { NOW_MS } from './support/world.ts';

const DAY_MS = 86_400_000;

/** A receiver with three days of readings, which grows. */
function world(seed: number) {
  const profile = RECEIVER_PROFILES.g4;
  let nowMs = NOW_MS;
  let isDamaged = false;
  const damaged = scriptedFaults([
    { fault: { kind: 'headerCrc' }, command: 'readDatabasePages', times: Number.POSITIVE_INFINITY },
  ]);
  const database = generateDatabase({ profile, seed, days: 3, nowMs, grows: true });
  const device = new EmulatedReceiver({
    ...{ profile, database, nowMs: () => nowMs },
    deliver: (reply) => (isDamaged ? damaged(reply) : undefined),
  });
  return {
    stored: () => database.records(4),
    pass(ms: number) {
      nowMs += ms;
    },
    damage(on: boolean) {
      isDamaged = on;
    },
    async read(kept: KeptRecords, serialNumber = 'SM00000001') {
      kept.keepOnly(serialNumber);
      await using receiver = await Receiver.open(memoryTransport(device), { nowMs: () => nowMs });
      const before = device.codesSeen.length;
      const options = { nowMs, windowMs: DAY_MS, onDamage() {} };
      const records = await kept.read(receiver, 'egv', options);
      return { records, requests: device.codesSeen.length - before };
    },
  };
}

describe('kept records', () => {
  it('are a day the first time, and then cost two requests', async () => {
    const { stored, pass, read } = world(1);
    const kept = new KeptRecords();
    const first = await read(kept);
    expect(first.records.length).toBeGreaterThan(200);
    expect(first.records).toEqual(stored().slice(-first.records.length).toReversed());
    pass(600_000);
    const second = await read(kept);
    const fresh = second.records.length - first.records.length;
    expect(fresh).toBeGreaterThan(0);
    expect(second.records.slice(fresh)).toEqual(first.records);
    expect(second.records[0]).toEqual(stored().at(-1));
    expect(second.requests).toBe(2);
  });

  it('are one request as long as the newest page has room, and miss nothing of the next page', async () => {
    const { stored, pass, read } = world(8);
    const kept = new KeptRecords();
    await read(kept);
    const requests: number[] = [];
    for (let i = 0; i < 36; i++) {
      pass([300_000, 600_000, 3_000_000][i % 3] ?? 0);
      const { records, requests: asked } = await read(kept);
      expect(records).toEqual(stored().slice(-records.length).toReversed());
      requests.push(asked);
    }
    expect(requests.filter((asked) => asked === 1).length).toBeGreaterThan(8);
  });

  it('are what was stored in between, however long that was', async () => {
    const { stored, pass, read } = world(2);
    const kept = new KeptRecords();
    await read(kept);
    pass(2 * DAY_MS);
    const { records } = await read(kept);
    expect(records).toEqual(stored().slice(-records.length).toReversed());
    const oldest = records.at(-1)?.systemSeconds ?? 0;
    const newest = records[0]?.systemSeconds ?? 0;
    // The window and an hour: memory does not grow with the months.
    expect(newest - oldest).toBeLessThanOrEqual((DAY_MS + 3_600_000) / 1000);
  });

  it('are read anew from another receiver, whatever the numbers of its records', async () => {
    const one = world(3);
    const kept = new KeptRecords();
    await one.read(kept);
    const other = world(4);
    const { records } = await other.read(kept, 'SM00000002');
    expect(records).toEqual(other.stored().slice(-records.length).toReversed());
  });

  it('are read anew from a receiver that began again', async () => {
    const kept = new KeptRecords();
    await world(5).read(kept);
    const again = world(6);
    const { records } = await again.read(kept);
    expect(records).toEqual(again.stored().slice(-records.length).toReversed());
  });

  it('are read again an hour after a page was damaged: a cable may have been at fault', async () => {
    const { stored, pass, read, damage } = world(7);
    const kept = new KeptRecords();
    damage(true);
    const damaged = await read(kept);
    damage(false);
    pass(300_000);
    const soon = await read(kept);
    pass(3_600_000);
    const later = await read(kept);
    expect(damaged.records.length).toBeLessThan(later.records.length - 20);
    expect(soon.requests).toBeLessThan(later.requests);
    expect(later.records).toEqual(stored().slice(-later.records.length).toReversed());
  });
});
