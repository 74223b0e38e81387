import { encodePacket } from '@egvkit/protocol/receiver/wire';
import type { Bookmark, DamageReport, NewRecords } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { ReceiverDatabase } from '../../src/database.ts';
import { bench, tamper } from '../support/bench.ts';
import { corrupted } from '../support/bytes.ts';
import { all, failure, NOW_SECONDS, useFakeClock } from '../support/clock.ts';
import { egv, readings } from '../support/records.ts';
import { takeRequests } from '../support/requests.ts';

useFakeClock();

const PER_PAGE = 38;
const FIRST = 10;

function stored(count: number, ringPages?: number): ReceiverDatabase {
  return new ReceiverDatabase([
    {
      recordType: 4,
      revision: 2,
      firstPage: FIRST,
      records: readings(2, count),
      ...(ringPages && { ringPages }),
    },
  ]);
}

function grow(content: ReceiverDatabase, count: number): void {
  const more = Array.from({ length: count }, (_, i) =>
    egv(2, { systemSeconds: NOW_SECONDS + 300 * (i + 1), word: 200 + (i % 100) }),
  );
  content.append(more);
}

function recordsOf(batches: readonly NewRecords<'egv'>[]) {
  return batches.flatMap(({ records }) => records);
}

/** As it comes back from where it was kept. */
function kept(batches: readonly NewRecords<'egv'>[]): Bookmark | undefined {
  const bookmark = batches.at(-1)?.bookmark;
  return bookmark && (JSON.parse(JSON.stringify(bookmark)) as Bookmark);
}

describe('newRecords', () => {
  it('are all of them the first time, page by page, each with its bookmark', async () => {
    const content = stored(3 * PER_PAGE + 7);
    const { receiver, requests } = await bench({ database: content });
    const batches = await all(receiver.newRecords('egv', undefined));
    expect(batches.map(({ records, bookmark }) => [records.length, bookmark])).toEqual([
      [PER_PAGE, { page: 10, recordCount: PER_PAGE }],
      [PER_PAGE, { page: 11, recordCount: PER_PAGE }],
      [PER_PAGE, { page: 12, recordCount: PER_PAGE }],
      [7, { page: 13, recordCount: 7 }],
    ]);
    expect(recordsOf(batches)).toEqual(content.records(4));
    expect(takeRequests(requests)).toEqual([
      ...['range 4', 'pages 4 10+4'],
      ...['range 4', 'header 4 13', 'header 4 13'],
    ]);
  });

  it('are none, by one header, if nothing is new', async () => {
    const content = stored(50);
    const { receiver, requests } = await bench({ database: content });
    const bookmark = kept(await all(receiver.newRecords('egv', undefined)));
    requests.length = 0;
    expect(await all(receiver.newRecords('egv', bookmark))).toEqual([]);
    expect(takeRequests(requests)).toEqual([
      ...['range 4', 'header 4 10', 'range 4', 'header 4 11'],
    ]);
  });

  it.each([1, 10, 26, 27, 200])('are the %i that have come since', async (count) => {
    const content = stored(50);
    const { receiver } = await bench({ database: content });
    const first = await all(receiver.newRecords('egv', undefined));
    grow(content, count);
    const second = await all(receiver.newRecords('egv', kept(first)));
    expect(recordsOf(second)).toEqual(content.records(4).slice(50));
    expect([...recordsOf(first), ...recordsOf(second)]).toEqual(content.records(4));
  });

  it('go on from any bookmark on the way', async () => {
    const content = stored(5 * PER_PAGE);
    const { receiver } = await bench({ database: content });
    const batches = await all(receiver.newRecords('egv', undefined));
    for (const [i, { bookmark }] of batches.entries()) {
      const rest = await all(receiver.newRecords('egv', bookmark));
      expect(recordsOf(rest)).toEqual(recordsOf(batches.slice(i + 1)));
    }
  });

  it('are everything that is left, without a header, if the page is gone', async () => {
    const content = stored(100, 3);
    const { receiver, requests } = await bench({ database: content });
    const first = await all(receiver.newRecords('egv', undefined));
    grow(content, 5 * PER_PAGE);
    requests.length = 0;
    const second = await all(receiver.newRecords('egv', kept(first)));
    expect(recordsOf(second)).toEqual(content.records(4));
    expect(takeRequests(requests).slice(0, 2)).toEqual(['range 4', 'header 4 17']);
  });

  it.each([
    ['a page that is not there yet', { page: 40, recordCount: 3 }],
    ['more records than its page has', { page: 11, recordCount: 30 }],
    ['more records than its page has, on the first', { page: 10, recordCount: 39 }],
  ])('are everything if the bookmark is of another receiver: %s', async (_, bookmark) => {
    const content = stored(50);
    const { receiver } = await bench({ database: content });
    expect(recordsOf(await all(receiver.newRecords('egv', bookmark)))).toEqual(content.records(4));
  });

  it('are found where headers are not answered on their own', async () => {
    const content = stored(50);
    const deliver = tamper('readDatabasePageHeader', () => [encodePacket(3)]);
    const { receiver } = await bench({ database: content, deliver });
    const bookmark = kept(await all(receiver.newRecords('egv', undefined)));
    grow(content, 3);
    const second = await all(receiver.newRecords('egv', bookmark));
    expect(recordsOf(second)).toEqual(content.records(4).slice(50));
  });

  it('hold what is stored while they are read', async () => {
    const content = stored(50);
    const { receiver } = await bench({
      database: content,
      deliver: tamper('readDatabasePages', (reply, number) => {
        if (number === 1) grow(content, 30);
        return [reply];
      }),
    });
    const batches = await all(receiver.newRecords('egv', undefined));
    expect(recordsOf(batches)).toEqual(content.records(4));
    expect(batches.at(-1)?.bookmark).toEqual({ page: 12, recordCount: 80 - 2 * PER_PAGE });
  });

  it('of an empty partition are none, and there is no bookmark', async () => {
    const { receiver } = await bench({ database: stored(0) });
    expect(await all(receiver.newRecords('egv', undefined))).toEqual([]);
  });

  it.each([
    { page: -1, recordCount: 0 },
    { page: 1.5, recordCount: 0 },
    { page: 1, recordCount: Number.NaN },
    {} as Bookmark,
  ])('need a bookmark that is one: %j', async (bookmark) => {
    const { receiver, requests } = await bench({ database: stored(1) });
    expect(await failure(receiver.newRecords('egv', bookmark).next())).toMatchObject({
      code: 'outOfRange',
    });
    expect(requests).toEqual([]);
  });
});

describe('damage on the way', () => {
  it('leaves the bookmark where the damaged newest page will be read again', async () => {
    const content = stored(50);
    let damaged = true;
    const { receiver } = await bench({
      database: content,
      deliver: tamper('readDatabasePages', (reply) => {
        const pages = reply.slice(4, -2);
        const last = pages.length - 528;
        return [
          encodePacket(1, damaged && pages[last + 10] === 11 ? corrupted(pages, last) : pages),
        ];
      }),
    });
    const reports: DamageReport[] = [];
    const onDamage = (report: DamageReport) => void reports.push(report);
    const first = await all(receiver.newRecords('egv', undefined, { onDamage }));
    expect(recordsOf(first)).toEqual(content.records(4).slice(0, PER_PAGE));
    expect(reports).toMatchObject([{ recordType: 4, page: 11, problem: { kind: 'headerCrc' } }]);
    expect(kept(first)).toEqual({ page: 11, recordCount: 0 });
    damaged = false;
    const second = await all(receiver.newRecords('egv', kept(first)));
    expect(recordsOf(second)).toEqual(content.records(4).slice(PER_PAGE));
  });

  it('ends the reading if nobody wants to know of it, after the pages before', async () => {
    const content = stored(2 * PER_PAGE);
    const { receiver } = await bench({
      database: content,
      deliver: tamper('readDatabasePages', (reply) => {
        const pages = reply.slice(4, -2);
        return [encodePacket(1, corrupted(pages, pages.length - 528))];
      }),
    });
    const batches = receiver.newRecords('egv', undefined);
    expect((await all(first(batches, 1)))[0]?.bookmark).toEqual({
      page: 10,
      recordCount: PER_PAGE,
    });
    expect(await failure(batches.next())).toMatchObject({ code: 'badPage', data: { page: 11 } });
  });
});

/** So many of a generator, which can be gone on with afterwards. */
async function* first<T>(items: AsyncGenerator<T>, count: number): AsyncGenerator<T> {
  for (let i = 0; i < count; i++) {
    const { value, done } = await items.next();
    if (done) return;
    yield value;
  }
}
