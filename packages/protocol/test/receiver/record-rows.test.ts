import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePage, encodePage, recordsPerPage } from '../../src/receiver/page.ts';
import { RECORD_FORMATS, recordFormat } from '../../src/receiver/records/index.ts';
import { hex } from '../support/bytes.ts';
import { pageByHand, ROW_REVISIONS, sealed } from '../support/records.ts';
import { specTable } from '../support/spec.ts';

/** Reads a cell like `1–3 (2 [V])`, `≤ 2`, `≥ 3`, `any` or `other than 5, 6` of the specification. */
function holdsRevision(cell: string): (revision: number) => boolean {
  const [words = ''] = cell.split(/ ?[([]/);
  const numbers = (words.match(/\d+/g) ?? []).map(Number);
  const [from = Number.NaN, to = from] = numbers;
  if (words === 'any') return () => true;
  if (words.startsWith('other than')) return (revision) => !numbers.includes(revision);
  if (words.startsWith('≤')) return (revision) => revision <= from;
  if (words.startsWith('≥')) return (revision) => revision >= from;
  return (revision) => revision >= from && revision <= to;
}

/** The table of record sizes in the specification. */
const TABLE = specTable('4.2').map(([types = '', revisions = '', size, fit, left]) => ({
  types: types.match(/\d+/g)?.map(Number) ?? [],
  has: holdsRevision(revisions),
  revisions,
  size: Number.parseInt(size ?? '', 10),
  fit: Number(fit),
  left: Number(left),
}));

describe('the record rows', () => {
  it('are exactly those of the specification', () => {
    expect(TABLE.length).toBeGreaterThan(15);
    for (let recordType = 0; recordType < 256; recordType++) {
      for (let revision = 0; revision < 256; revision++) {
        const row = TABLE.find(({ types, has }) => types.includes(recordType) && has(revision));
        const size = recordFormat(recordType, revision)?.size;
        expect(size, `type ${recordType} revision ${revision}`).toBe(
          recordType === 18 && revision !== 5 ? undefined : row?.size,
        );
      }
    }
  });

  it.each(TABLE)('$types, $revisions: $size bytes, $fit a page, $left left over', (row) => {
    expect(recordsPerPage(row.size)).toBe(row.fit);
    expect(500 - row.fit * row.size).toBe(row.left);
  });

  it('have a name and facts each, which are theirs', () => {
    const rows = RECORD_FORMATS.map(({ name, recordTypes, revisions: { from, to } }) => [
      name,
      `types ${recordTypes.join(' and ')}, revisions ${from} to ${to}`,
    ]);
    expect(Object.fromEntries(rows)).toEqual({
      'Manufacturing parameters': 'types 0, revisions 1 to 1',
      'Firmware parameters': 'types 1, revisions 1 to 1',
      'PC software parameters': 'types 2, revisions 1 to 1',
      Sensor: 'types 3, revisions 1 to 1',
      'EGV (G4)': 'types 4, revisions 1 to 3',
      'EGV (G5)': 'types 4, revisions 4 to 4',
      'EGV (G5 touchscreen, G6)': 'types 4 and 18, revisions 5 to 5',
      'Calibration set, short': 'types 5, revisions 0 to 2',
      'Calibration set, long': 'types 5, revisions 3 to 255',
      Aberration: 'types 6, revisions 1 to 1',
      'Insertion (G4)': 'types 7, revisions 1 to 1',
      'Insertion (G5, G6)': 'types 7, revisions 2 to 255',
      'Receiver log': 'types 8, revisions 1 to 1',
      'Receiver error': 'types 9, revisions 1 to 1',
      'Meter (G4)': 'types 10, revisions 0 to 2',
      'Meter (G5, G6)': 'types 10, revisions 3 to 3',
      'User event': 'types 11, revisions 0 to 255',
      'User settings (G4), revisions 0 to 4': 'types 12, revisions 0 to 4',
      'User settings (G5)': 'types 12, revisions 5 to 5',
      'User settings (G6)': 'types 12, revisions 6 to 6',
      'User settings (G4), revisions 7 to 255': 'types 12, revisions 7 to 255',
    });
    for (const { recordTypes, revisions, read } of RECORD_FORMATS) {
      expect(recordFormat(recordTypes[0]!, revisions.from)?.read).toBe(read);
    }
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
        // A system time of 0 is damage.
        fc.pre(stored.every((bytes) => bytes.subarray(0, 4).some((byte) => byte !== 0)));
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
