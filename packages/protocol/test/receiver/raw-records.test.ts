import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePage, encodePage } from '../../src/receiver/page.ts';
import { hex } from '../support/bytes.ts';
import { pageByHand, ROW_REVISIONS, sealed } from '../support/records.ts';

const UNKNOWN = { recordType: 13, revision: 1, pageNumber: 3, firstRecordIndex: 60 };

function recordsOf(size: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    sealed(Uint8Array.from({ length: size }, (__, at) => (i * 31 + at * 7 + 1) & 0xff)),
  );
}

describe('records of a type or revision that nobody knows', () => {
  it('come out as bytes, their size found by their CRCs', () => {
    for (const size of [11, 13, 20, 33, 60, 125, 166, 250, 499, 500]) {
      const count = Math.min(3, Math.floor(500 / size));
      const stored = recordsOf(size, count);
      const bytes = pageByHand(UNKNOWN, stored);
      const page = decodePage(bytes);
      expect(page.problems, `size ${size}`).toEqual([]);
      expect(page.records).toEqual([]);
      expect(page.rawRecords).toEqual(
        stored.map((record, i) => ({
          kind: 'raw',
          recordType: 13,
          revision: 1,
          index: 60 + i,
          bytes: record.slice(0, -2),
        })),
      );
      expect(hex(encodePage({ ...page.header, ...page }))).toBe(hex(bytes));
    }
  });

  it('of any content come back byte for byte', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 11, max: 250 }).chain((size) =>
          fc.array(fc.uint8Array({ minLength: size, maxLength: size }).map(sealed), {
            minLength: 2,
            maxLength: Math.floor(500 / size),
          }),
        ),
        (stored) => {
          const bytes = pageByHand(UNKNOWN, stored);
          const page = decodePage(bytes);
          expect(page.problems).toEqual([]);
          expect(page.rawRecords.map((record) => hex(record.bytes))).toEqual(
            stored.map((record) => hex(record.slice(0, -2))),
          );
          expect(hex(encodePage({ ...page.header, ...page }))).toBe(hex(bytes));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are found in every layout that is known, too: the probe is right about all of them', () => {
    for (const { size } of ROW_REVISIONS) {
      const page = decodePage(pageByHand(UNKNOWN, recordsOf(size, Math.floor(500 / size))));
      expect(page.rawRecords[0]?.bytes.length).toBe(size - 2);
    }
  });

  it('are not guessed at: with one CRC wrong, nothing comes out and the problem is named', () => {
    const stored = recordsOf(20, 5);
    stored[2]![7] = stored[2]![7]! ^ 1;
    expect(decodePage(pageByHand(UNKNOWN, stored))).toMatchObject({
      records: [],
      rawRecords: [],
      problems: [{ kind: 'unknownLayout', recordType: 13, revision: 1 }],
    });
  });

  it('are not guessed at where two sizes would do', () => {
    // Of zeros every size has the right CRC.
    const zeros = pageByHand(UNKNOWN, [new Uint8Array(20)]);
    zeros.fill(0, 28);
    expect(decodePage(zeros).problems).toMatchObject([{ kind: 'unknownLayout' }]);
  });

  it('are not looked for behind a count that no size allows', () => {
    const page = pageByHand(UNKNOWN, recordsOf(10, 50));
    expect(decodePage(page).problems).toMatchObject([{ kind: 'unknownLayout' }]);
  });

  it.each([
    [4, 0],
    [4, 6],
    [4, 255],
    [18, 4],
    [0, 2],
    [10, 4],
  ])('also of type %i revision %i', (recordType, revision) => {
    const page = decodePage(pageByHand({ ...UNKNOWN, recordType, revision }, recordsOf(13, 38)));
    expect(page.records).toEqual([]);
    expect(page.rawRecords).toHaveLength(38);
  });
});

describe('the partition list of the receiver', () => {
  const told = (recordLength: number, recordRevision = 1, recordType = 13) => ({
    partitions: [{ recordType, name: 'New', recordRevision, recordLength }],
  });

  it('gives the size, so that a damaged record costs only itself', () => {
    const stored = recordsOf(20, 5);
    stored[2]![7] = stored[2]![7]! ^ 1;
    const page = decodePage(pageByHand(UNKNOWN, stored), told(20));
    expect(page.rawRecords.map((record) => record.index)).toEqual([60, 61, 63, 64]);
    expect(page.problems).toMatchObject([{ kind: 'recordCrc', index: 62 }]);
  });

  it('is not believed about another revision', () => {
    const page = decodePage(pageByHand(UNKNOWN, recordsOf(20, 5)), told(25, 2));
    expect(page.rawRecords).toHaveLength(5);
    expect(page.problems).toEqual([]);
  });

  it('bounds the count', () => {
    const page = decodePage(pageByHand(UNKNOWN, recordsOf(20, 5)), told(250));
    expect(page.problems).toEqual([{ kind: 'recordCount', count: 5, fit: 2 }]);
  });

  it('with a size that contradicts a known layout means another firmware: bytes only', () => {
    // receiver §3.5
    const egv = { ...UNKNOWN, recordType: 4, revision: 2 };
    const page = decodePage(pageByHand(egv, recordsOf(15, 3)), told(15, 2, 4));
    expect(page.records).toEqual([]);
    expect(page.rawRecords).toHaveLength(3);
    const same = decodePage(pageByHand(egv, recordsOf(13, 3)), told(13, 2, 4));
    expect(same.records).toHaveLength(3);
    expect(same.rawRecords).toEqual([]);
  });

  it.each([0, 1, 2])('with %i bytes a record says nothing', (size) => {
    const page = decodePage(pageByHand(UNKNOWN, recordsOf(20, 5)), told(size));
    expect(page.rawRecords).toHaveLength(5);
  });
});

describe('encodePage, given raw records', () => {
  const raw = (length: number) => ({
    kind: 'raw' as const,
    recordType: 13,
    revision: 1,
    index: 0,
    bytes: new Uint8Array(length),
  });

  it('refuses ones of different lengths, and more than fit', () => {
    const content = { ...UNKNOWN, records: [] };
    expect(() => encodePage({ ...content, rawRecords: [raw(10), raw(11)] })).toThrow(
      expect.objectContaining({ code: 'outOfRange' }),
    );
    expect(() => encodePage({ ...content, rawRecords: [raw(248), raw(248), raw(248)] })).toThrow(
      expect.objectContaining({ code: 'tooManyRecords' }),
    );
    expect(() => encodePage({ ...content, rawRecords: [] })).toThrow(
      expect.objectContaining({ code: 'unknownLayout' }),
    );
  });
});
