import { describe, expect, it } from 'vitest';
import { decodePage, encodePage, type Page } from '../../src/receiver/page.ts';
import { recordFormat } from '../../src/receiver/records/index.ts';
import { hex, unhex } from '../support/bytes.ts';
import { pageByHand } from '../support/records.ts';
import { inVectorWords } from '../support/vector-words.ts';
import { type RecordVector, VECTORS } from '../support/vectors.ts';

function pageOf(vector: RecordVector): Uint8Array {
  const { recordType, revision } = vector;
  return pageByHand({ recordType, revision, pageNumber: 7, firstRecordIndex: 500 }, [
    unhex(vector.hex),
  ]);
}

it('the vectors hold every record type and every size', () => {
  expect(VECTORS.records).toHaveLength(68);
  const sizes = VECTORS.records.map(({ recordType, size }) => `${recordType}:${size}`);
  expect([...new Set(sizes)].sort()).toEqual(
    [
      ...['0:500', '2:500', '3:20', '4:13', '4:23', '4:25', '18:25', '5:148', '5:249', '6:15'],
      ...['7:15', '7:25', '8:20', '9:500', '10:16', '10:21', '11:20', '12:48', '12:50', '12:60'],
    ].sort(),
  );
});

describe.each(VECTORS.records)('$name', (vector) => {
  const page = decodePage(pageOf(vector));

  it('decodes to the documented values', () => {
    expect(page.problems).toEqual([]);
    expect(page.records).toHaveLength(1);
    const record = page.records[0]!;
    const { recordType, revision } = vector;
    expect(record).toMatchObject({ recordType, revision, index: 500 });
    expect(inVectorWords(record, vector.decoded)).toEqual(vector.decoded);
  });

  it('encodes back to the same bytes', () => {
    const { header, records } = page;
    expect(hex(encodePage({ ...header, records }))).toBe(hex(pageOf(vector)));
    expect(recordFormat(vector.recordType, vector.revision)?.size).toBe(vector.size);
  });
});

describe.each(VECTORS.pages)('page $name', (vector) => {
  const bytes = unhex(vector.hex);
  const page: Page = decodePage(bytes);
  const { recordType, revision, pageNumber, recordCount } = vector;

  it('has the documented header', () => {
    const firstRecordIndex = pageNumber * vector.recordsPerPage;
    const expected = { recordType, revision, pageNumber, recordCount, firstRecordIndex };
    expect(page.header).toMatchObject(expected);
  });

  it('gives every record, numbered, in the order of the page', () => {
    expect(page.problems).toEqual([]);
    const first = page.header.firstRecordIndex;
    const expected = Array.from({ length: recordCount }, (_, i) => first + i);
    expect(page.records.map((record) => record.index)).toEqual(expected);
    const times = page.records.map((record) => record.systemSeconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('encodes back to the same 528 bytes', () => {
    const { header, records } = page;
    expect(hex(encodePage({ ...header, records }))).toBe(vector.hex);
  });
});
