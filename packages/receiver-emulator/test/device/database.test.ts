import { decodePage, type EgvRecord, parsePartitionInfo } from '@egvkit/protocol/receiver';
import { PAGE_HEADER_SIZE, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { ReceiverDatabase } from '../../src/database.ts';
import { partitionInfoText } from '../../src/profiles.ts';
import { g4, g5, g6 } from '../support/bench.ts';
import { bitwiseCrc16 } from '../support/bytes.ts';
import { database, RECORDS_PER_PAGE, readings } from '../support/records.ts';

const PROFILES = [g4, g5, g6];
const SIZES = { 2: 13, 4: 23, 5: 25 } as const;

describe('pageRange', () => {
  it.each([
    [1, 0],
    [37, 0],
    [38, 0],
    [39, 1],
    [76, 1],
    [77, 2],
  ])('of %i G4 readings ends %i pages after the first', (count, more) => {
    const content = database(g4, { egv: readings(2, count), egvFirstPage: 100 });
    expect(content.pageRange(4)).toEqual({ first: 100, last: 100 + more });
  });

  it('is undefined for an empty partition and for one that is not there', () => {
    const content = database(g4);
    expect(content.pageRange(4)).toBeUndefined();
    expect(content.pageRange(18)).toBeUndefined();
    expect([content.has(4), content.has(18)]).toEqual([true, false]);
    expect([content.records(4), content.records(18)]).toEqual([[], []]);
  });
});

describe('pages', () => {
  it.each(PROFILES)('of a $name hold exactly the records, in order', (profile) => {
    const { egvRevision } = profile;
    const perPage = RECORDS_PER_PAGE[egvRevision];
    const records = readings(egvRevision, 3 * perPage + 2);
    const content = database(profile, { egv: records, egvFirstPage: 20 });
    const decoded = [20, 21, 22, 23].map((number) => decodePage(content.page(4, number)!));
    expect(decoded.flatMap((page) => page.problems)).toEqual([]);
    expect(decoded.map((page) => page.records.length)).toEqual([perPage, perPage, perPage, 2]);
    expect(decoded.flatMap((page) => page.records)).toEqual(content.records(4));
    const unnumbered = (record: object): object => ({ ...record, index: 0 });
    expect(content.records(4).map(unnumbered)).toEqual(records.map(unnumbered));
  });

  it.each(PROFILES)('of a $name are laid out as a receiver does', (profile) => {
    // receiver §4
    const { egvRevision } = profile;
    const size = SIZES[egvRevision];
    const perPage = RECORDS_PER_PAGE[egvRevision];
    const content = database(profile, {
      egv: readings(egvRevision, perPage + 2),
      egvFirstPage: 299,
    });
    const page = content.page(4, 300)!;
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    expect(page).toHaveLength(PAGE_SIZE);
    expect(view.getUint32(0, true)).toBe(300 * perPage);
    expect(view.getUint32(4, true)).toBe(2);
    expect([page[8], page[9]]).toEqual([4, egvRevision]);
    expect(view.getUint32(10, true)).toBe(300);
    expect([...page.subarray(14, 26)]).toEqual(new Array(12).fill(0));
    expect(view.getUint16(26, true)).toBe(bitwiseCrc16(page.subarray(0, 26)));
    for (const i of [0, 1]) {
      const start = PAGE_HEADER_SIZE + i * size;
      const crcAt = start + size - 2;
      expect(view.getUint16(crcAt, true)).toBe(bitwiseCrc16(page.subarray(start, crcAt)));
    }
    const rest = page.subarray(PAGE_HEADER_SIZE + 2 * size);
    expect(rest.every((byte) => byte === 0xff)).toBe(true);
  });

  it('of XML records hold one each, filled up with NUL', () => {
    const content = database(g4, { serialNumbers: ['SM1', 'SM2'] });
    expect(content.pageRange(0)).toEqual({ first: 0, last: 1 });
    const page = content.page(0, 1)!;
    const text = String.fromCharCode(...page.subarray(36, 526));
    expect(text).toMatch(/^<ManufacturingParameters SerialNumber="SM2" \/>\0+$/);
    expect(decodePage(page)).toMatchObject({ problems: [], header: { firstRecordIndex: 1 } });
  });

  it('exist inside the range only', () => {
    const content = database(g4, { egv: readings(2, 39), egvFirstPage: 5 });
    const found = [4, 5, 6, 7, -1].map((number) => content.page(4, number) !== undefined);
    expect(found).toEqual([false, true, true, false, false]);
    expect(content.page(18, 5)).toBeUndefined();
  });
});

describe('records', () => {
  it('are numbered from the first page on, whatever number they came with', () => {
    const egv = readings(2, 3).map((record): EgvRecord => ({ ...record, index: 99 }));
    const content = database(g4, { egv, egvFirstPage: 10 });
    expect(content.records(4).map((record) => record.index)).toEqual([380, 381, 382]);
    expect(egv.map((record) => record.index)).toEqual([99, 99, 99]);
  });

  it('behind one of them are told by its index, those that are stored later too', () => {
    const content = database(g4, { egv: readings(2, 3), egvFirstPage: 10 });
    const after = (index: number) => content.recordsAfter(4, index).map((record) => record.index);
    expect([after(-1), after(380), after(382)]).toEqual([[380, 381, 382], [381, 382], []]);
    content.append(readings(2, 1));
    expect(after(382)).toEqual([383]);
    expect(content.recordsAfter(18, 0)).toEqual([]);
  });
});

describe('partitions', () => {
  it.each(PROFILES)('of a $name are listed as the driver reads them', (profile) => {
    const content = database(profile);
    const { egvRevision } = profile;
    const expected = [
      { recordType: 0, name: 'ManufacturingData', recordRevision: 1, recordLength: 500 },
      {
        recordType: 4,
        name: 'EGVData',
        recordRevision: egvRevision,
        recordLength: SIZES[egvRevision],
      },
      ...(profile.backfill
        ? [{ recordType: 18, name: 'BackfilledEGVData', recordRevision: 5, recordLength: 25 }]
        : []),
    ];
    expect(content.partitions()).toEqual(expected);
    expect(parsePartitionInfo(partitionInfoText(content.partitions()))).toEqual(expected);
  });

  it('are listed ascending, however they were given, and unknown ones too', () => {
    const content = new ReceiverDatabase([
      { recordType: 99, revision: 3, firstPage: 0, records: [] },
      { recordType: 4, revision: 2, firstPage: 0, records: [] },
    ]);
    expect(content.partitions()).toEqual([
      { recordType: 4, name: 'EGVData', recordRevision: 2, recordLength: 13 },
      { recordType: 99, name: 'Unknown', recordRevision: 3, recordLength: 500 },
    ]);
  });
});
