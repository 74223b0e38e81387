import { Receiver } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  type FaultKind,
  generateDatabase,
  RECEIVER_PROFILES,
  seededFaults,
} from '@egvkit/receiver-emulator';
import { openPty } from '@egvkit/receiver-emulator/pty';
import { openSerial } from '@egvkit/receiver-serial';
import { describe, expect, it } from 'vitest';

/** Faults that make no driver wait for seconds: this runs in real time. */
const QUICK_FAULTS: readonly FaultKind[] = [
  'stale',
  'split',
  'byteByByte',
  'chunks',
  'twice',
  'packetCrc',
  'flip',
  'short',
  'headerCrc',
  'recordCrc',
  'recordCount',
  'pageNumber',
];

// The same check with thousands of scenarios in memory: packages/emulators/test/differential.
describe.skipIf(process.platform === 'win32')('a receiver on a serial port', () => {
  it.concurrent.each(Object.values(RECEIVER_PROFILES))(
    'gives every record of a $name once, as it is, whatever faults are injected',
    async (profile) => {
      const database = generateDatabase({ profile, seed: 11, days: 1.5, nowMs: Date.now() });
      const injected: string[] = [];
      const deliver = seededFaults({
        seed: profile.name.length,
        rate: 0.2,
        kinds: QUICK_FAULTS,
        onFault: ({ kind }) => injected.push(kind),
      });
      const device = new EmulatedReceiver({ profile, database, deliver });
      await using port = await openPty(device);
      await using receiver = await Receiver.open(await openSerial(port.path), { quietMs: 100 });
      let count = 0;
      for (const { recordType } of database.partitions()) {
        const read: object[] = [];
        for await (const record of receiver.records(recordType, { order: 'oldestFirst' })) {
          read.push(record);
        }
        expect(read, injected.join(', ')).toEqual(database.records(recordType));
        count += read.length;
      }
      expect(count).toBeGreaterThan(1000);
      expect(injected.length).toBeGreaterThan(3);
      expect(device.forbiddenSeen).toEqual([]);
    },
    20_000,
  );
});
