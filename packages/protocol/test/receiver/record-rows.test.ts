import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePage, encodePage, recordsPerPage } from '../../src/receiver/page.ts';
import { RECORD_FORMATS, recordFormat } from '../../src/receiver/records/index.ts';
import { hex } from '../support/bytes.ts';
import { pageByHand, ROW_REVISIONS, sealed } from '../support/records.ts';

/** Type, lowest and highest revision, size, records a page, filling of a full page: §4.2. */
const TABLE = [
  [0, 1, 1, 500, 1, 0],
  [1, 1, 1, 500, 1, 0],
  [2, 1, 1, 500, 1, 0],
  [3, 1, 1, 20, 25, 0],
  [4, 1, 3, 13, 38, 6],
  [4, 4, 4, 23, 21, 17],
  [4, 5, 5, 25, 20, 0],
  [18, 5, 5, 25, 20, 0],
  [5, 0, 2, 148, 3, 56],
  [5, 3, 255, 249, 2, 2],
  [6, 1, 1, 15, 33, 5],
  [7, 1, 1, 15, 33, 5],
  [7, 2, 255, 25, 20, 0],
  [8, 1, 1, 20, 25, 0],
  [9, 1, 1, 500, 1, 0],
  [10, 0, 2, 16, 31, 4],
  [10, 3, 3, 21, 23, 17],
  [11, 0, 255, 20, 25, 0],
  [12, 0, 4, 48, 10, 20],
  [12, 5, 5, 50, 10, 0],
  [12, 6, 6, 60, 8, 20],
  [12, 7, 255, 48, 10, 20],
] as const;

describe('the record rows', () => {
  it('are exactly those of §4.2', () => {
    const expected = new Map<string, number>();
    for (const [recordType, from, to, size] of TABLE) {
      for (let revision = from; revision <= to; revision++) {
        expected.set(`${recordType}/${revision}`, size);
      }
    }
    for (let recordType = 0; recordType < 256; recordType++) {
      for (let revision = 0; revision < 256; revision++) {
        const size = recordFormat(recordType, revision)?.size;
        expect(size).toBe(expected.get(`${recordType}/${revision}`));
      }
    }
  });

  it.each(TABLE)('type %i revisions %i to %i: %i bytes, %i a page, %i left over', (...row) => {
    const [, , , size, fit, left] = row;
    expect(recordsPerPage(size)).toBe(fit);
    expect(500 - fit * size).toBe(left);
  });

  it('lay their fields end to end, leave room for the CRC, and say what each is', () => {
    for (const { fields, size, name, doc, source } of RECORD_FORMATS) {
      let offset = 0;
      for (const field of fields) {
        expect(field.offset, name).toBe(offset);
        expect(field.doc, name).not.toBe('');
        offset += field.size;
      }
      expect(offset + 2, name).toBe(size);
      expect(doc).toMatch(/^[A-Z].*[.]$/);
      expect(source).toMatch(/^§5/);
    }
  });
});

describe.each(ROW_REVISIONS)('$name, type $recordType revision $revision', (row) => {
  const { recordType, revision, size } = row;
  const fit = recordsPerPage(size);
  const anyRecord = fc.uint8Array({ minLength: size, maxLength: size });
  // Mostly zero and small numbers: counts, flags and enumerations that mean something.
  const likelyRecord = fc
    .array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 7, 9, 16, 18, 22, 0x7f, 0xf0, 0xff), {
      minLength: size,
      maxLength: size,
    })
    .map((bytes) => Uint8Array.from(bytes));
  const records = fc.array(fc.oneof(anyRecord, likelyRecord).map(sealed), {
    maxLength: Math.min(fit, 4),
  });

  it('of any bytes comes back byte for byte', () => {
    fc.assert(
      fc.property(records, fc.nat(0xffff), (stored, pageNumber) => {
        const header = { recordType, revision, pageNumber, firstRecordIndex: pageNumber * fit };
        const bytes = pageByHand(header, stored);
        const page = decodePage(bytes);
        expect(page.problems).toEqual([]);
        expect(page.records).toHaveLength(stored.length);
        const again = encodePage({ ...page.header, records: page.records });
        expect(hex(again)).toBe(hex(bytes));
        expect(decodePage(again)).toEqual(page);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps nothing of the bytes it was read from', () => {
    const stored = sealed(Uint8Array.from({ length: size }, (_, i) => (37 * i) % 251));
    const bytes = pageByHand({ recordType, revision, pageNumber: 0, firstRecordIndex: 0 }, [
      stored,
    ]);
    const page = decodePage(bytes);
    const before = JSON.stringify(page);
    bytes.fill(0);
    expect(JSON.stringify(page)).toBe(before);
  });

  it('says which field is missing from a record of another kind', () => {
    const content = { recordType, revision, pageNumber: 0, firstRecordIndex: 0 };
    const empty = { kind: 'other' } as never;
    expect(() => encodePage({ ...content, records: [empty] })).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'outOfRange' }),
    );
  });
});
