import { describePageProblem, type ReceiverRecord } from '@egvkit/protocol/receiver';
import { PAGE_HEADER, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { type DamageReport, Receiver } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { EmulatedReceiver } from '../../src/device.ts';
import { applyFault, type Fault } from '../../src/faults.ts';
import { generateDatabase } from '../../src/history.ts';
import { memoryTransport } from '../../src/memory.ts';
import type { Deliver } from '../../src/options.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { seededRandom } from '../../src/random.ts';
import { all, NOW_MS, settle, useFakeClock } from '../support/clock.ts';

useFakeClock();

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

/** Damages one page every time it is read, as if it were so in the receiver's memory. */
function damaged(recordType: number, pageNumber: number, fault: Fault): Deliver {
  return ({ command, bytes }) => {
    if (command !== 'readDatabasePages') return undefined;
    for (let page = 0; 4 + page * PAGE_SIZE < bytes.length - 2; page++) {
      const header = PAGE_HEADER.read(bytes, 4 + page * PAGE_SIZE);
      if (header.recordType !== recordType || header.pageNumber !== pageNumber) continue;
      return applyFault({ ...fault, page } as Fault, bytes);
    }
    return undefined;
  };
}

/** A page of a generated receiver, the same for the same seed. */
function anyPage(seed: number) {
  const random = seededRandom(seed);
  const profiles = Object.values(RECEIVER_PROFILES);
  const profile = profiles[random.integer(0, profiles.length - 1)]!;
  const content = generateDatabase({ profile, seed, days: 1, nowMs: NOW_MS });
  const types = content.partitions().filter((one) => content.records(one.recordType).length > 0);
  const { recordType, recordLength } = types[random.integer(0, types.length - 1)]!;
  const { first, last } = content.pageRange(recordType)!;
  const pageNumber = random.integer(first, last);
  const { recordCount, firstRecordIndex } = PAGE_HEADER.read(
    content.page(recordType, pageNumber)!,
    0,
  );
  return {
    random,
    profile,
    content,
    recordType,
    recordLength,
    pageNumber,
    recordCount,
    firstRecordIndex,
  };
}

async function readAll(
  { profile, content, recordType }: ReturnType<typeof anyPage>,
  deliver: Deliver,
): Promise<{ read: ReceiverRecord[]; reports: DamageReport[] }> {
  const device = new EmulatedReceiver({ profile, database: content, deliver });
  const receiver = await settle(Receiver.open(memoryTransport(device)));
  const reports: DamageReport[] = [];
  const options = { onDamage: (report: DamageReport) => void reports.push(report) };
  const read = await all(receiver.records(recordType, { ...options, order: 'oldestFirst' }));
  await settle(receiver.close());
  return { read: read as ReceiverRecord[], reports };
}

describe('damage that stays', () => {
  it.each(SEEDS)(
    'of a record costs that record, and is told with page, record and reason: seed %i',
    async (seed) => {
      const found = anyPage(seed);
      const { random, content, recordType, recordLength, pageNumber, recordCount } = found;
      const victim = random.integer(0, recordCount - 1);
      const at = victim * recordLength + random.integer(0, recordLength - 1);
      const deliver = damaged(recordType, pageNumber, { kind: 'recordCrc', at });
      const { read, reports } = await readAll(found, deliver);
      const index = found.firstRecordIndex + victim;
      expect(read).toEqual(content.records(recordType).filter((record) => record.index !== index));
      expect(reports).toEqual([
        {
          recordType,
          page: pageNumber,
          problem: expect.objectContaining({ kind: 'recordCrc', index }),
        },
      ]);
      expect(describePageProblem(reports[0]!.problem)).toMatch(
        new RegExp(`^record ${index} has CRC 0x[0-9a-f]{4} and should have 0x[0-9a-f]{4}$`),
      );
    },
  );

  it.each(SEEDS)(
    'of a header costs that page, and is told with page and reason: seed %i',
    async (seed) => {
      const found = anyPage(seed);
      const { content, recordType, pageNumber, recordCount, firstRecordIndex } = found;
      const faults = [
        { fault: { kind: 'headerCrc' }, kind: 'headerCrc', says: /its header has CRC/ },
        { fault: { kind: 'recordCount', count: 60 }, kind: 'recordCount', says: /60 records/ },
      ] as const;
      const { fault, kind, says } = faults[seed % 2]!;
      const { read, reports } = await readAll(found, damaged(recordType, pageNumber, fault));
      const onPage = (index: number) =>
        index >= firstRecordIndex && index < firstRecordIndex + recordCount;
      expect(read).toEqual(content.records(recordType).filter(({ index }) => !onPage(index)));
      expect(reports).toEqual([
        { recordType, page: pageNumber, problem: expect.objectContaining({ kind }) },
      ]);
      expect(describePageProblem(reports[0]!.problem)).toMatch(says);
    },
  );
});
