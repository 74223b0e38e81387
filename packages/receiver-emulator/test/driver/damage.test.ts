import { encodePacket, PAGE_HEADER_SIZE, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import type { DamageReport } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { bench, g4 } from '../support/bench.ts';
import { bitwiseCrc16, concat, corrupted } from '../support/bytes.ts';
import { all, failure, settle, useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';

useFakeClock();

const RECORD_SIZE = 13;
const content = database(g4, { egv: readings(2, 100), egvFirstPage: 10 });
const stored = content.records(4);

/** A page with bytes of its header changed, and the header's CRC right again. */
function withHeader(page: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array {
  const copy = page.slice();
  for (const [at, byte] of Object.entries(changes)) copy[Number(at)] = byte;
  const crc = bitwiseCrc16(copy.subarray(0, 26));
  copy[26] = crc;
  copy[27] = crc >> 8;
  return copy;
}

/** A G4 whose pages are damaged in its memory: packets around them are whole. */
async function withPages(
  change: (page: Uint8Array, pageNumber: number, time: number) => Uint8Array,
) {
  const times = new Map<number, number>();
  return await bench({
    database: content,
    deliver({ command, bytes }) {
      if (command !== 'readDatabasePages') return undefined;
      const pages: Uint8Array[] = [];
      for (let at = 4; at + PAGE_SIZE < bytes.length; at += PAGE_SIZE) {
        const page = bytes.slice(at, at + PAGE_SIZE);
        const pageNumber = page[10]!;
        const time = (times.get(pageNumber) ?? 0) + 1;
        times.set(pageNumber, time);
        pages.push(change(page, pageNumber, time));
      }
      return [encodePacket(1, concat(...pages))];
    },
  });
}

/** The byte of a page at which a record begins. */
function recordAt(index: number): number {
  return PAGE_HEADER_SIZE + index * RECORD_SIZE;
}

describe('a page with a damaged header', () => {
  const damage = (page: Uint8Array) => corrupted(page, 0);

  it('is read again, and used if it is whole then', async () => {
    const { receiver, requests } = await withPages((page, _, time) =>
      time === 1 ? damage(page) : page,
    );
    expect(await all(receiver.records('egv'))).toEqual(stored.toReversed());
    expect(requests.filter((request) => request.startsWith('01 0C'))).toHaveLength(1 + 3);
  });

  it.each([
    ['running index', 1],
    ['record count', 4],
    ['record type', 8],
    ['revision', 9],
    ['page number', 10],
    ['reserved words', 20],
    ['CRC', 27],
  ])('ends the reading as a bad page after the second time, also in its %s', async (_, at) => {
    const { receiver, requests } = await withPages((page) => corrupted(page, at));
    expect(await failure(receiver.records('egv').next())).toMatchObject({
      code: 'badPage',
      data: { recordType: 4, page: 12, problem: { kind: 'headerCrc' } },
    });
    expect(requests.filter((request) => request.startsWith('01 0C'))).toHaveLength(1 + 3);
  });

  it('is reported and left out if the caller wants to know of damage', async () => {
    const { receiver } = await withPages((page, number) => (number === 11 ? damage(page) : page));
    const reports: DamageReport[] = [];
    const read = await all(receiver.records('egv', { onDamage: (report) => reports.push(report) }));
    expect(read).toEqual([...stored.slice(0, 38), ...stored.slice(76)].toReversed());
    expect(reports).toEqual([
      { recordType: 4, page: 11, problem: expect.objectContaining({ kind: 'headerCrc' }) },
    ]);
  });

  it('is given by pages() with what is wrong with it', async () => {
    const { receiver } = await withPages(damage);
    const [first] = await all(receiver.pages('egv', { range: { first: 12, last: 12 } }));
    expect(first).toMatchObject({ pageNumber: 12, records: [], problems: [{ kind: 'headerCrc' }] });
    expect(first?.bytes).toEqual(damage(content.page(4, 12)!));
  });
});

describe('a page that cannot be read', () => {
  it.each([
    ['has more records than fit', { 4: 39 }, { kind: 'recordCount', count: 39, fit: 38 }],
    [
      'has records of an unknown revision',
      { 9: 77 },
      { kind: 'unknownLayout', recordType: 4, revision: 77 },
    ],
  ])('because it %s, ends the reading', async (_, changes, problem) => {
    const { receiver } = await withPages((page) => withHeader(page, changes));
    expect(await failure(receiver.records('egv').next())).toMatchObject({
      code: 'badPage',
      data: { page: 12, problem },
    });
  });

  it.each([
    ['number', { 10: 11 }],
    ['record type', { 8: 18 }],
  ])('because it has the %s of another, is asked for again and then corrupt', async (_, header) => {
    const { receiver } = await withPages((page) => withHeader(page, header));
    expect(await failure(receiver.records('egv').next())).toMatchObject({
      code: 'corrupt',
      data: { command: 'readDatabasePages', attempts: 2 },
    });
  });

  it('is never passed off as the page that was asked for', async () => {
    // The reply to the request before, once more.
    const { receiver } = await withPages((page, number, time) =>
      number === 11 && time === 1 ? content.page(4, 12)! : page,
    );
    expect(await all(receiver.records('egv'))).toEqual(stored.toReversed());
  });
});

describe('a damaged record', () => {
  const damage = (page: Uint8Array) => corrupted(page, recordAt(5) + 8);
  const without = stored.filter((record) => record.index !== 12 * 38 + 5).toReversed();

  it('is read again, and used if it is whole then', async () => {
    const { receiver } = await withPages((page, _, time) => (time === 1 ? damage(page) : page));
    const reports: DamageReport[] = [];
    const read = await all(receiver.records('egv', { onDamage: (report) => reports.push(report) }));
    expect(read).toEqual(stored.toReversed());
    expect(reports).toEqual([]);
  });

  it('is left out and reported, and the rest kept', async () => {
    const { receiver } = await withPages((page, number) => (number === 12 ? damage(page) : page));
    const reports: DamageReport[] = [];
    const read = await all(receiver.records('egv', { onDamage: (report) => reports.push(report) }));
    expect(read).toEqual(without);
    expect(reports).toEqual([
      {
        recordType: 4,
        page: 12,
        problem: expect.objectContaining({ kind: 'recordCrc', index: 12 * 38 + 5 }),
      },
    ]);
  });

  it('is left out in silence if nobody asked', async () => {
    const { receiver } = await withPages((page, number) => (number === 12 ? damage(page) : page));
    expect(await all(receiver.records('egv'))).toEqual(without);
  });

  it('is left out whichever of its bytes is wrong', async () => {
    for (let at = 0; at < RECORD_SIZE; at++) {
      const { receiver } = await withPages((page) => corrupted(page, recordAt(0) + at));
      const [page] = await all(receiver.pages('egv', { range: { first: 12, last: 12 } }));
      expect(page?.records.map((record) => record.index)).toEqual(
        Array.from({ length: 23 }, (_, i) => 12 * 38 + 1 + i),
      );
    }
  });

  it('twenty times over never stops the reading: the packets are whole', async () => {
    const { receiver } = await withPages((page) => corrupted(page, recordAt(0)));
    const reports: DamageReport[] = [];
    const options = { onDamage: (report: DamageReport) => void reports.push(report) };
    for (let i = 0; i < 7; i++) {
      expect(await all(receiver.records('egv', options))).toHaveLength(97);
    }
    expect(reports).toHaveLength(21);
    await settle(receiver.clock());
  });
});

describe('a cable that is pulled while reading', () => {
  it('ends the reading as unplugged, after the records that came before', async () => {
    let pages = 0;
    const { receiver } = await bench(
      {
        database: content,
        deliver: ({ command }) =>
          command === 'readDatabasePages' && ++pages === 2 ? 'unplug' : undefined,
      },
      { pagesPerRequest: 1 },
    );
    const records = receiver.records('egv');
    for (let i = 0; i < 24; i++) {
      expect((await settle(records.next())).value).toEqual(stored.at(-1 - i));
    }
    expect(await failure(records.next())).toMatchObject({ code: 'unplugged' });
    expect(await settle(records.next())).toEqual({ done: true, value: undefined });
  });
});
