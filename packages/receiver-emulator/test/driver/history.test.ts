import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { RawRecord } from '@egvkit/protocol/receiver';
import { encodePacket, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { type DamageReport, type ReadProgress, recordNameOf } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { ReceiverDatabase } from '../../src/database.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { bench, g4, tamper } from '../support/bench.ts';
import { corrupted } from '../support/bytes.ts';
import { all, failure, NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';
import { history } from '../support/history.ts';
import { database, egv, readings } from '../support/records.ts';
import { takeRequests } from '../support/requests.ts';

useFakeClock();

const PER_PAGE = 38;

/** So many readings in a ring of so many pages that goes on at page 7. */
function ring(count: number, ringPages = 6): ReceiverDatabase {
  return new ReceiverDatabase([
    { recordType: 0, revision: 1, firstPage: 0, records: [] },
    { recordType: 4, revision: 2, firstPage: 7, records: readings(2, count), ringPages },
  ]);
}

function later(minutes: number) {
  return egv(2, { systemSeconds: NOW_SECONDS + 60 * minutes });
}

describe('every record type', () => {
  it.each(Object.values(RECEIVER_PROFILES))(
    'of a $name comes as it was put in, in both orders',
    async (profile) => {
      const content = history({ profile, days: 8 });
      const { receiver } = await bench({ profile, database: content });
      for (const { recordType } of content.partitions()) {
        const stored = content.records(recordType);
        const name = recordNameOf(recordType);
        if (name === undefined) throw new Error(`record type ${recordType} has no name`);
        expect(await all(receiver.records(name))).toEqual(stored.toReversed());
        expect(await all(receiver.records(name, { order: 'oldestFirst' }))).toEqual(stored);
        expect(await all(receiver.records(recordType))).toEqual(stored.toReversed());
      }
    },
  );

  it('that is not there is none, if INVALID_PARAM says so', async () => {
    const { receiver } = await bench();
    expect(await all(receiver.records('log'))).toEqual([]);
    expect(await all(receiver.records(13))).toEqual([]);
  });

  it('has to be one', async () => {
    const { receiver, requests } = await bench();
    const records = receiver.records as (name: string) => AsyncGenerator;
    for (const name of ['gluten', 'toString', '']) {
      expect(await failure(records.call(receiver, name).next())).toMatchObject({
        code: 'outOfRange',
      });
    }
    expect(await failure(receiver.records(256).next())).toMatchObject({ code: 'outOfRange' });
    expect(requests).toEqual([]);
  });
});

describe('records of an unknown layout', () => {
  const raw = Array.from({ length: 30 }, (_, i): RawRecord => {
    const bytes = new Uint8Array(31).fill(i + 1);
    new DataView(bytes.buffer).setUint32(0, NOW_SECONDS + 300 * i, true);
    return { kind: 'raw', recordType: 14, revision: 1, index: i, bytes };
  });
  const content = new ReceiverDatabase([
    { recordType: 14, revision: 1, firstPage: 0, records: [], rawRecords: raw },
    { recordType: 4, revision: 77, firstPage: 0, records: [], rawRecords: raw },
  ]);

  it('come with their bytes, by the number of their type', async () => {
    const { receiver } = await bench({ database: content });
    expect(await all(receiver.records(14))).toEqual(raw.toReversed());
    const since = systemSeconds(NOW_SECONDS + 300 * 20);
    expect(await all(receiver.records(14, { since, order: 'oldestFirst' }))).toEqual(raw.slice(20));
  });

  it('are damage where records of a kind were asked for', async () => {
    const { receiver } = await bench({ database: content });
    expect(await failure(receiver.records('egv').next())).toMatchObject({
      code: 'badPage',
      data: { recordType: 4, page: 1, problem: { kind: 'unknownLayout', revision: 77 } },
    });
    const reports: DamageReport[] = [];
    const onDamage = (report: DamageReport) => void reports.push(report);
    expect(await all(receiver.records('egv', { onDamage }))).toEqual([]);
    expect(reports.map(({ page, problem }) => [page, problem.kind])).toEqual([
      [1, 'unknownLayout'],
      [0, 'unknownLayout'],
    ]);
  });
});

describe('what is asked for of them', () => {
  const content = database(g4, { egv: readings(2, 300), egvFirstPage: 3 });
  const stored = content.records(4);
  const at = (i: number) => stored[i]!.systemSeconds;

  it.each([
    ['since', { since: at(250) }, 250, 300],
    ['until', { until: at(250) }, 0, 250],
    ['since and until', { since: at(100), until: at(200) }, 100, 200],
    ['afterIndex', { afterIndex: stored[123]!.index }, 124, 300],
    ['afterIndex and since', { afterIndex: stored[123]!.index, since: at(200) }, 200, 300],
    ['since before all', { since: systemSeconds(0) }, 0, 300],
    ['until before all', { until: at(0) }, 0, 0],
    ['afterIndex of the last', { afterIndex: stored[299]!.index }, 300, 300],
  ])('is the same in both orders: %s', async (_, options, from, to) => {
    const { receiver } = await bench({ database: content });
    const wanted = stored.slice(from, to);
    expect(await all(receiver.records('egv', options))).toEqual(wanted.toReversed());
    expect(await all(receiver.records('egv', { ...options, order: 'oldestFirst' }))).toEqual(
      wanted,
    );
  });

  it('neighbouring spans of time hold each record once', async () => {
    const { receiver } = await bench(
      { database: content, nowMs: () => NOW_MS },
      { nowMs: () => NOW_MS },
    );
    const moment = new Date(NOW_MS - 3_600_500);
    const before = await all(receiver.records('egv', { until: moment, order: 'oldestFirst' }));
    const after = await all(receiver.records('egv', { since: moment, order: 'oldestFirst' }));
    expect([...before, ...after]).toEqual(stored);
  });

  it('no page is read that is not needed', async () => {
    const { receiver, requests } = await bench({ database: content });
    const options = { since: at(290), order: 'oldestFirst' } as const;
    await all(receiver.records('egv', options));
    expect(takeRequests(requests)).toEqual([
      ...['range 4', 'pages 4 7+4'],
      ...['range 4', 'header 4 10', 'header 4 10'],
    ]);
    await all(receiver.records('egv', { until: at(10), order: 'oldestFirst' }));
    expect(takeRequests(requests).at(-1)).toBe('pages 4 3+4');
  });

  it('a moment that is none is refused before anything is sent', async () => {
    const { receiver, requests } = await bench({ database: content });
    const records = receiver.records('egv', { until: new Date('noon') });
    expect(await failure(records.next())).toMatchObject({ data: { what: 'until' } });
    expect(requests).toEqual([]);
  });
});

describe('progress', () => {
  it('is told after every request, with pages, bytes and the rate', async () => {
    const { receiver } = await bench({ database: ring(5 * PER_PAGE), replyDelayMs: 40 });
    const told: ReadProgress[] = [];
    const onProgress = (progress: ReadProgress) => void told.push(progress);
    await all(receiver.pages('egv', { onProgress }));
    expect(told).toEqual([
      { pagesDone: 4, pagesTotal: 5, bytes: 4 * PAGE_SIZE, bytesPerSecond: (4 * PAGE_SIZE) / 0.04 },
      { pagesDone: 5, pagesTotal: 5, bytes: 5 * PAGE_SIZE, bytesPerSecond: (5 * PAGE_SIZE) / 0.08 },
    ]);
  });

  it('has no rate before time has passed', async () => {
    const { receiver } = await bench({ database: ring(1) });
    const told: ReadProgress[] = [];
    await all(receiver.records('egv', { onProgress: (progress) => told.push(progress) }));
    expect(told).toMatchObject([{ pagesDone: 1, bytesPerSecond: 0 }]);
  });
});

describe('a receiver that stores records while it is read', () => {
  /** Stores something behind the reply to a read of pages. */
  async function storing(count: number, store: (content: ReceiverDatabase) => void, ringPages = 6) {
    const content = ring(count, ringPages);
    let stored = false;
    const opened = await bench({
      database: content,
      deliver({ command, bytes }) {
        if (command !== 'readDatabasePages' || stored) return undefined;
        stored = true;
        store(content);
        return [bytes];
      },
    });
    return { ...opened, content };
  }

  it('has its newest page read again, and gives each record once', async () => {
    const { receiver, requests, content } = await storing(100, (db) => db.append([later(5)]));
    expect(await all(receiver.records('egv', { order: 'oldestFirst' }))).toEqual(
      content.records(4),
    );
    expect(content.records(4)).toHaveLength(101);
    expect(takeRequests(requests)).toEqual([
      ...['range 4', 'pages 4 7+3'],
      // A range that may be the first one, come twice, is held against the header it names.
      ...['range 4', 'header 4 9', 'header 4 9', 'pages 4 9+1'],
      // That header was just asked for: another one stands between two of the same.
      ...['range 4', 'header 4 8', 'range 4', 'header 4 9'],
    ]);
  });

  it('has the pages read that are new', async () => {
    const more = Array.from({ length: 60 }, (_, i) => later(5 * i + 5));
    const { receiver, content } = await storing(2 * PER_PAGE, (db) => db.append(more));
    const told: ReadProgress[] = [];
    const read = await all(
      receiver.records('egv', { order: 'oldestFirst', onProgress: (now) => told.push(now) }),
    );
    expect(read).toEqual(content.records(4));
    expect(told.at(-1)).toMatchObject({ pagesDone: 5, pagesTotal: 5 });
  });

  it('gives the page again to who reads pages', async () => {
    const { receiver, content } = await storing(50, (db) => db.append([later(5)]));
    const pages = await all(receiver.pages('egv', { order: 'oldestFirst' }));
    expect(pages.map(({ pageNumber }) => pageNumber)).toEqual([7, 8, 8]);
    expect(pages.at(-1)?.bytes).toEqual(content.page(4, 8));
  });

  it('tells of a damaged record of that page once', async () => {
    const content = ring(5);
    let reads = 0;
    const { receiver } = await bench({
      database: content,
      deliver: tamper('readDatabasePages', (reply) => {
        if (++reads === 2) content.append([later(5)]);
        return [encodePacket(1, corrupted(reply.slice(4, -2), 30))];
      }),
    });
    const reports: DamageReport[] = [];
    const onDamage = (report: DamageReport) => void reports.push(report);
    const read = await all(receiver.records('egv', { order: 'oldestFirst', onDamage }));
    expect(read.map(({ index }) => index - 7 * PER_PAGE)).toEqual([1, 2, 3, 4, 5]);
    expect(reports).toHaveLength(1);
  });

  it('may have dropped its oldest page, which is then not missed', async () => {
    const more = Array.from({ length: PER_PAGE }, (_, i) => later(5 * i + 5));
    const { receiver, requests, content } = await storing(5 * PER_PAGE, (db) => db.append(more), 5);
    const read = await all(receiver.records('egv'));
    expect(read).toEqual(
      content
        .records(4)
        .slice(0, 4 * PER_PAGE)
        .toReversed(),
    );
    expect(takeRequests(requests)).toEqual([
      ...['range 4', 'pages 4 8+4'],
      ...['pages 4 7+1', 'range 4', 'header 4 12'],
    ]);
  });

  it('is not excused for a page that is there and refused', async () => {
    const content = ring(PER_PAGE);
    const deliver = tamper('readDatabasePages', () => [encodePacket(4)]);
    const { receiver } = await bench({ database: content, deliver });
    expect(await failure(receiver.records('egv').next())).toMatchObject({ code: 'refused' });
  });
});

describe('a record whose layout is known by another size', () => {
  it('is not read as if it were what it is not', async () => {
    // An EGV of revision 2 with four bytes more: what the receiver's own list says of it counts.
    const raw = [0, 1].map((i): RawRecord => {
      const bytes = new Uint8Array(15).fill(7);
      new DataView(bytes.buffer).setUint32(0, NOW_SECONDS + i, true);
      new DataView(bytes.buffer).setUint32(4, displaySeconds(NOW_SECONDS), true);
      return { kind: 'raw', recordType: 4, revision: 2, index: i, bytes };
    });
    const content = new ReceiverDatabase([
      { recordType: 4, revision: 2, firstPage: 0, records: [], rawRecords: raw },
    ]);
    const { receiver, requests } = await bench({ database: content });
    expect(await all(receiver.records(4))).toEqual(raw.toReversed());
    expect(takeRequests(requests).filter((request) => request === 'command 15')).toHaveLength(1);
    await settle(receiver.partitions());
    expect(requests).toEqual([]);
  });
});
