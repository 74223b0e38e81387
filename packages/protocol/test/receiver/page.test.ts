import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePage,
  describePageProblem,
  encodePage,
  encodePageHeader,
  recordsPerPage,
} from '../../src/receiver/page.ts';
import {
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
  pageHeaderCrc,
} from '../../src/receiver/page-header.ts';
import { recordFormat } from '../../src/receiver/records/index.ts';
import { hex, unhex } from '../support/bytes.ts';
import {
  EGV_KINDS,
  egvPage,
  fullPage,
  pageByHand,
  sealed,
  withHeader,
} from '../support/records.ts';
import { VECTORS } from '../support/vectors.ts';

const G4 = EGV_KINDS[1];

describe('page headers', () => {
  it.each(VECTORS.pageHeaders)('$hex reads and writes', ({ hex: literal, decoded }) => {
    const { reserved, crcHex, ...fields } = decoded;
    const [reserved1, reserved2, reserved3] = reserved;
    const crc = Number.parseInt(crcHex, 16);
    const header = PAGE_HEADER.decode(unhex(literal));
    expect(header).toEqual({ ...fields, reserved1, reserved2, reserved3, crc });
    expect(hex(PAGE_HEADER.encode(header))).toBe(literal);
    expect(hex(encodePageHeader(fields))).toBe(literal);
    expect(pageHeaderCrc(unhex(literal))).toBe(crc);
  });

  it('the literal header of the specification is EGV page 42 with 38 records', () => {
    const bytes = unhex(
      '3C 06 00 00 26 00 00 00 04 02 2A 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 DB 56',
    );
    expect(PAGE_HEADER.decode(bytes)).toMatchObject({
      firstRecordIndex: 1596,
      recordCount: 38,
      recordType: 4,
      revision: 2,
      pageNumber: 42,
    });
    expect(pageHeaderCrc(bytes)).toBe(0x56db);
    expect(PAGE_HEADER_SIZE).toBe(bytes.length);
  });
});

describe('record sizes', () => {
  it.each(EGV_KINDS)('type $recordType revision $revision: $size bytes, $fit a page', (kind) => {
    expect(recordFormat(kind.recordType, kind.revision)?.size).toBe(kind.size);
    expect(recordsPerPage(kind.size)).toBe(kind.fit);
  });

  it('match the G4 partition table for every type that is read', () => {
    const rows = VECTORS.partitionsG4.rows.filter((row) => recordFormat(row.id, row.revision));
    expect(rows.map((row) => row.name)).toEqual(
      expect.arrayContaining(['ManufacturingData', 'EGVData']),
    );
    for (const row of rows) {
      expect(recordFormat(row.id, row.revision)?.size).toBe(row.recordLength);
      expect(recordsPerPage(row.recordLength)).toBe(row.recordsPerPage);
    }
  });

  it.each([
    [4, 0],
    [4, 6],
    [4, 255],
    [18, 4],
    [18, 6],
    [0, 0],
    [0, 2],
    [13, 1],
    [17, 5],
    [19, 5],
    [255, 1],
  ])('type %i revision %i has no known layout', (recordType, revision) => {
    expect(recordFormat(recordType, revision)).toBeUndefined();
  });

  it('fields of every layout lie end to end and leave room for the CRC', () => {
    for (const kind of EGV_KINDS) {
      const { fields = [], size } = recordFormat(kind.recordType, kind.revision) ?? {};
      let offset = 0;
      for (const field of fields) {
        expect(field.offset).toBe(offset);
        offset += field.size;
      }
      expect(offset + 2).toBe(size);
    }
  });
});

describe.each(EGV_KINDS)('pages of type $recordType revision $revision', (kind) => {
  it('with any records decode to what was encoded, and encode to the same bytes again', () => {
    fc.assert(
      fc.property(egvPage(kind), (content) => {
        const bytes = encodePage(content);
        const page = decodePage(bytes);
        expect(page.problems).toEqual([]);
        expect(page.records).toEqual(content.records);
        expect(page.header).toMatchObject({
          recordType: kind.recordType,
          revision: kind.revision,
          pageNumber: content.pageNumber,
          firstRecordIndex: content.firstRecordIndex,
          recordCount: content.records.length,
        });
        expect(hex(encodePage({ ...page.header, records: page.records }))).toBe(hex(bytes));
      }),
      { numRuns: 25 },
    );
  });

  it('of any bytes with good CRCs encode back to the same bytes: no bit is lost', () => {
    const record = fc.uint8Array({ minLength: kind.size, maxLength: kind.size }).map(sealed);
    fc.assert(
      fc.property(fc.array(record, { maxLength: kind.fit }), fc.nat(0xffff_ffff), (records, n) => {
        const { recordType, revision } = kind;
        const bytes = pageByHand(
          { recordType, revision, pageNumber: n, firstRecordIndex: n },
          records,
        );
        const page = decodePage(bytes);
        expect(page.problems).toEqual([]);
        expect(hex(encodePage({ ...page.header, records: page.records }))).toBe(hex(bytes));
      }),
      { numRuns: 25 },
    );
  });
});

describe('decodePage', () => {
  it.each([0, 28, 527, 529, 1056])('asks for exactly one page, not %i bytes', (length) => {
    expect(() => decodePage(new Uint8Array(length))).toThrow(
      expect.objectContaining({
        code: 'tooShort',
        data: { what: 'a page', length, needed: PAGE_SIZE },
      }),
    );
  });

  it('never throws on 528 bytes, and gives no record without a good header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 528, maxLength: 528 }), (bytes) => {
        const { records, problems } = decodePage(bytes);
        expect(records).toEqual([]);
        expect(problems).toEqual([
          {
            kind: 'headerCrc',
            stored: bytes[26]! + 256 * bytes[27]!,
            computed: pageHeaderCrc(bytes),
          },
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it('reads a page that is a view into a longer reply', () => {
    const page = fullPage(G4);
    const reply = new Uint8Array(3 * PAGE_SIZE);
    reply.set(page, PAGE_SIZE);
    expect(decodePage(reply.subarray(PAGE_SIZE, 2 * PAGE_SIZE))).toEqual(decodePage(page));
  });

  it('keeps nothing of the bytes it was given', () => {
    const bytes = fullPage(G4);
    const page = decodePage(bytes);
    const before = JSON.stringify(page);
    bytes.fill(0);
    expect(JSON.stringify(page)).toBe(before);
  });

  it('gives an empty page of known and of unknown layout without a problem', () => {
    for (const type of [4, 200]) {
      const empty = withHeader(fullPage(G4), { 4: 0, 8: type });
      expect(decodePage(empty)).toMatchObject({ records: [], problems: [] });
    }
  });
});

describe('describePageProblem', () => {
  it('says each problem in words, without a full stop', () => {
    expect(describePageProblem({ kind: 'headerCrc', stored: 0xab, computed: 0xffff })).toBe(
      'its header has CRC 0x00ab and should have 0xffff',
    );
    expect(describePageProblem({ kind: 'unknownLayout', recordType: 3, revision: 9 })).toBe(
      'no layout is known for record type 3, revision 9',
    );
    expect(describePageProblem({ kind: 'recordCount', count: 39, fit: 38 })).toBe(
      'it claims 39 records where 38 fit',
    );
    expect(describePageProblem({ kind: 'recordCrc', index: 7, stored: 1, computed: 0x1234 })).toBe(
      'record 7 has CRC 0x0001 and should have 0x1234',
    );
  });
});
