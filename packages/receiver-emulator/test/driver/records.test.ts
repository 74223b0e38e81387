import { systemSeconds } from '@egvkit/protocol';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { bench, g4, g5, g6, tamper } from '../support/bench.ts';
import { all, failure, NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';
import { database, egv, RECORDS_PER_PAGE, readings } from '../support/records.ts';

useFakeClock();

const PROFILES = [g4, g5, g6];
const PAGE_REQUEST = /^01 0C 00 11/;
const ONE_BY_ONE = { pagesPerRequest: 1 };

/** The numbers of the pages that were asked for, one request each. */
function pagesAsked(requests: readonly string[]): number[] {
  return requests
    .filter((request) => PAGE_REQUEST.test(request))
    .map((request) => Number.parseInt(request.split(' ').slice(5, 9).reverse().join(''), 16));
}

describe('pageRange', () => {
  it.each(PROFILES)('names the first and the last page of a $name', async (profile) => {
    const perPage = RECORDS_PER_PAGE[profile.egvRevision];
    const records = readings(profile.egvRevision, 2 * perPage + 1);
    const { receiver } = await bench({
      profile,
      database: database(profile, { egv: records, egvFirstPage: 250 }),
    });
    expect(await settle(receiver.pageRange('egv'))).toEqual({ first: 250, last: 252 });
    expect(await settle(receiver.pageRange('manufacturing'))).toEqual({ first: 0, last: 0 });
  });

  it('is undefined for an empty partition', async () => {
    const { receiver } = await bench({ profile: g6 });
    expect(await settle(receiver.pageRange('egv'))).toBeUndefined();
    expect(await settle(receiver.pageRange('backfilledEgv'))).toBeUndefined();
  });

  it('is undefined for backfilled readings of a receiver that has no such partition', async () => {
    const { receiver } = await bench({ profile: g4 });
    expect(await settle(receiver.pageRange('backfilledEgv'))).toBeUndefined();
    expect(await all(receiver.records('backfilledEgv'))).toEqual([]);
  });

  it('does not take a refusal for "no readings"', async () => {
    const deliver = tamper('readDatabasePageRange', () => [encodePacket(4)]);
    const { receiver } = await bench({ deliver });
    expect(await failure(receiver.pageRange('egv'))).toMatchObject({
      code: 'refused',
      data: { command: 'readDatabasePageRange', responseCode: 4, responseName: 'INVALID_PARAM' },
    });
  });

  it('does not take a failing receiver for one without backfilled readings', async () => {
    const deliver = tamper('readDatabasePageRange', () => [encodePacket(6)]);
    const { receiver } = await bench({ deliver });
    expect(await failure(receiver.pageRange('backfilledEgv'))).toMatchObject({ code: 'refused' });
  });

  it('fails if the first page comes after the last', async () => {
    const reversed = Uint8Array.of(5, 0, 0, 0, 4, 0, 0, 0);
    const deliver = tamper('readDatabasePageRange', () => [encodePacket(1, reversed)]);
    const { receiver } = await bench({ deliver });
    expect(await failure(receiver.pageRange('egv'))).toMatchObject({
      code: 'badPageRange',
      data: { recordType: 4, first: 5, last: 4 },
    });
  });
});

describe('pages', () => {
  const records = readings(2, 100);
  const content = database(g4, { egv: records, egvFirstPage: 7 });

  it('come newest first, with the bytes the receiver holds', async () => {
    const { receiver } = await bench({ database: content });
    const pages = await all(receiver.pages('egv'));
    expect(pages.map((page) => page.pageNumber)).toEqual([9, 8, 7]);
    for (const page of pages) expect(page.bytes).toEqual(content.page(4, page.pageNumber));
    expect(pages.map((page) => page.records.length)).toEqual([24, 38, 38]);
    expect(pages.flatMap((page) => page.problems)).toEqual([]);
  });

  it('come oldest first if told so, and only those of the range', async () => {
    const { receiver, requests } = await bench({ database: content }, ONE_BY_ONE);
    const range = { first: 8, last: 9 };
    const pages = await all(receiver.pages('egv', { order: 'oldestFirst', range }));
    expect(pages.map((page) => page.pageNumber)).toEqual([8, 9]);
    expect(pagesAsked(requests)).toEqual([8, 9]);
    expect(requests).toHaveLength(2);
  });

  it('are refused outside of what the receiver holds', async () => {
    const { receiver } = await bench({ database: content });
    const pages = receiver.pages('egv', { range: { first: 10, last: 10 } });
    expect(await failure(pages.next())).toMatchObject({ code: 'refused' });
  });

  it('are read one by one, as they are asked for', async () => {
    const { receiver, requests } = await bench({ database: content }, ONE_BY_ONE);
    const pages = receiver.pages('egv');
    await settle(pages.next());
    expect(pagesAsked(requests)).toEqual([9]);
    await settle(pages.return());
    expect(pagesAsked(requests)).toEqual([9]);
  });
});

describe('records', () => {
  it.each(PROFILES)('are those of the $name, newest first, none altered', async (profile) => {
    const { egvRevision } = profile;
    const content = database(profile, { egv: readings(egvRevision, 90), egvFirstPage: 12 });
    const { receiver } = await bench({ profile, database: content });
    expect(await all(receiver.records('egv'))).toEqual(content.records(4).toReversed());
  });

  it('of an empty partition are none, without asking for a page', async () => {
    const { receiver, device } = await bench();
    expect(await all(receiver.records('egv'))).toEqual([]);
    expect(device.codesSeen).not.toContain(17);
  });

  it('hold what is no reading too, as it was stored', async () => {
    const words = [5, 0, 19, 12 | 0x8000, 39, 401, 112 | 0x8000, 97 | 0x6000, 0xffff];
    const content = database(g4, {
      egv: words.map((word, i) => egv(2, { word, systemSeconds: NOW_SECONDS + i, trend: i * 29 })),
    });
    const { receiver } = await bench({ database: content });
    const read = await all(receiver.records('egv'));
    expect(read.map((record) => record.glucose.raw)).toEqual(words.toReversed());
    expect(read.map((record) => record.trend.raw).toReversed()).toEqual(
      words.map((_, i) => i * 29),
    );
  });

  it('of the backfill partition come with the time they were measured at', async () => {
    const backfilled = readings(5, 25, 18);
    const content = database(g6, { backfilled });
    const { receiver } = await bench({ profile: g6, database: content });
    const read = await all(receiver.records('backfilledEgv'));
    expect(read).toEqual(content.records(18).toReversed());
    expect(read[0]?.transmitter?.measuredSystemSeconds).toBe(NOW_SECONDS - 2);
  });

  it('of the manufacturing partition come with their XML', async () => {
    const content = database(g4, { serialNumbers: ['SM1', 'SM2'] });
    const { receiver } = await bench({ database: content });
    const read = await all(receiver.records('manufacturing'));
    expect(read.map((record) => record.element?.attributes.SerialNumber)).toEqual(['SM2', 'SM1']);
    expect(read).toEqual(content.records(0).toReversed());
  });
});

describe('since', () => {
  const content = database(g4, { egv: readings(2, 100) });
  /** The tenth newest reading. */
  const TENTH = NOW_SECONDS - 9 * 300;

  it.each([
    ['at a reading, includes it', 0, 10],
    ['a second after it, leaves it out', 1, 9],
    ['a second before it, includes no more', -1, 10],
  ])('as system seconds %s', async (_, plus, count) => {
    const { receiver } = await bench({ database: content });
    const read = await all(receiver.records('egv', { since: systemSeconds(TENTH + plus) }));
    expect(read).toEqual(content.records(4).toReversed().slice(0, count));
  });

  it.each([
    ['at a reading, includes it', 0, 10],
    ['a second after it, leaves it out', 1000, 9],
    ['a second before it, includes no more', -1000, 10],
  ])('as a moment in true time %s', async (_, plusMs, count) => {
    const errorSeconds = 6_643_551;
    // Records and clock are that far ahead; the moment is not.
    const { receiver } = await bench(
      { database: content, clockErrorSeconds: errorSeconds, nowMs: () => NOW_MS },
      { nowMs: () => NOW_MS },
    );
    const since = new Date(NOW_MS - errorSeconds * 1000 - 9 * 300_000 + plusMs);
    const read = await all(receiver.records('egv', { since }));
    expect(read).toEqual(content.records(4).toReversed().slice(0, count));
  });

  it('asks for no page beyond the one that holds an older record', async () => {
    const { receiver, requests } = await bench({ database: content }, ONE_BY_ONE);
    // 100 records: pages 0 and 1 hold 38 each, page 2 holds 24.
    await all(receiver.records('egv', { since: systemSeconds(NOW_SECONDS - 22 * 300) }));
    expect(pagesAsked(requests)).toEqual([2]);
    requests.length = 0;
    await all(receiver.records('egv', { since: systemSeconds(NOW_SECONDS - 23 * 300) }));
    expect(pagesAsked(requests)).toEqual([2, 1]);
  });

  it('asks for no page that the caller does not want any more', async () => {
    const { receiver, requests } = await bench({ database: content }, ONE_BY_ONE);
    const read = receiver.records('egv');
    for (let i = 0; i < 24; i++) await settle(read.next());
    expect(pagesAsked(requests)).toEqual([2]);
    await settle(read.return());
    expect(pagesAsked(requests)).toEqual([2]);
  });

  it('in the future gives nothing', async () => {
    const { receiver } = await bench({ database: content });
    const since = new Date(NOW_MS + 86_400_000);
    expect(await all(receiver.records('egv', { since }))).toEqual([]);
  });

  it('before the receiver was made gives everything', async () => {
    const { receiver } = await bench({ database: content });
    expect(await all(receiver.records('egv', { since: new Date(0) }))).toHaveLength(100);
  });

  it('that is no date is refused instead of read as "everything"', async () => {
    const { receiver, requests } = await bench({ database: content });
    const read = receiver.records('egv', { since: new Date('yesterday') });
    expect(await failure(read.next())).toMatchObject({
      code: 'outOfRange',
      data: { what: 'since' },
    });
    expect(requests).toEqual([]);
  });
});
