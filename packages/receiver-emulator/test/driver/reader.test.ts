import type { ClockSettings, SettingsRecord } from '@egvkit/protocol/receiver';
import { type ReadingRecordName, Receiver, ReceiverReader } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { generateDatabase } from '../../src/history.ts';
import { memoryTransport } from '../../src/memory.ts';
import { emulated, g4, g5, g6 } from '../support/bench.ts';
import { all, failure, NOW_MS, settle, useFakeClock } from '../support/clock.ts';

useFakeClock();

const KNOWN: readonly ReadingRecordName[] = ['backfilledEgv', 'egv', 'insertion', 'manufacturing'];

/** The part of a record of settings that concerns the clocks. */
function clocksOf(record: SettingsRecord): ClockSettings {
  const { kind, recordType, revision, index, systemSeconds, displaySeconds } = record;
  const { systemOffsetSeconds, displayOffsetSeconds, transmitter, flags } = record;
  const clocks = { systemOffsetSeconds, displayOffsetSeconds, transmitter, flags };
  return { kind, recordType, revision, index, systemSeconds, displaySeconds, ...clocks };
}

/** A receiver with a history, and a fresh cable to it. */
function receiverOf(profile: typeof g4) {
  const database = generateDatabase({ profile, seed: 5, days: 2, nowMs: NOW_MS });
  const device = emulated({ profile, database });
  return { device, plug: () => memoryTransport(device) };
}

describe('a reader of a receiver', () => {
  it.each([g4, g5, g6])('reads of a $name what the whole driver reads', async (profile) => {
    const { device, plug } = receiverOf(profile);
    const receiver = await settle(Receiver.open(plug()));
    const identity = await settle(receiver.identify());
    const expected = [];
    for (const name of KNOWN) expected.push(await all(receiver.records(name)));
    const settings = await all(receiver.records('settings'));
    expect(settings).not.toEqual([]);
    await settle(receiver.close());

    const reader = await settle(ReceiverReader.open(plug()));
    expect(await settle(reader.identify())).toEqual(identity);
    const read = [];
    for (const name of KNOWN) read.push(await all(reader.records(name)));
    expect(read).toEqual(expected);
    // Of the settings, what concerns the clocks, and nothing else.
    expect(await all(reader.records('settings'))).toEqual(settings.map(clocksOf));
    expect(read.flat().length).toBeGreaterThan(500);
    expect((await settle(reader.systemClock())).hostUnixMs).toBe(Date.now());
    await settle(reader.close());
    expect(device.codesSeen).not.toContain(30);
  });

  it('does not take records that it does not know for none', async () => {
    const { plug } = receiverOf(g4);
    const reader = await settle(ReceiverReader.open(plug()));
    for (const [name, recordType] of Object.entries({ log: 8, sensor: 3, meter: 10 })) {
      const read = all(reader.records(name as 'egv'));
      expect(await failure(read)).toMatchObject({
        code: 'badPage',
        data: { problem: { kind: 'unknownLayout', recordType } },
      });
    }
  });

  it('closes a transport on which no receiver answers', async () => {
    const transport = memoryTransport({
      attach: () => ({ receive: () => {}, detach: () => {} }),
    });
    expect(await failure(ReceiverReader.open(transport))).toMatchObject({ code: 'timeout' });
    expect(await failure(transport.read(0))).toMatchObject({ code: 'closed' });
  });
});
