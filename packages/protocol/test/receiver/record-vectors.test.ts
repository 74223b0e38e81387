import { describe, expect, it } from 'vitest';
import { decodePage, encodePage, type Page } from '../../src/receiver/page.ts';
import type { EgvRecord } from '../../src/receiver/records/egv.ts';
import { recordFormat } from '../../src/receiver/records/index.ts';
import type { XmlRecord } from '../../src/receiver/records/xml.ts';
import { hex, unhex } from '../support/bytes.ts';
import { pageByHand } from '../support/records.ts';
import { type RecordVector, VECTORS } from '../support/vectors.ts';

/** Types and revisions that this code reads; all other vectors must be refused, not guessed. */
function isCovered({ recordType, revision }: { recordType: number; revision: number }): boolean {
  if (recordType === 4) return revision >= 1 && revision <= 5;
  if (recordType === 18) return revision === 5;
  return recordType === 0 && revision === 1;
}

function pageOf(vector: RecordVector): Uint8Array {
  const { recordType, revision } = vector;
  return pageByHand({ recordType, revision, pageNumber: 7, firstRecordIndex: 500 }, [
    unhex(vector.hex),
  ]);
}

/** An EGV record in the words of the vectors. */
function egvInVectorWords(record: EgvRecord, vector: RecordVector): Record<string, unknown> {
  const { glucose, trend, transmitter, prediction } = record;
  const special = glucose.status === 'special';
  return {
    systemSeconds: record.systemSeconds,
    displaySeconds: record.displaySeconds,
    glucoseWord: glucose.word,
    glucoseRaw: glucose.value,
    displayOnly: glucose.displayOnly,
    trend: trend.arrow,
    trendName: trend.arrowName,
    noise: trend.noise,
    special,
    skip: special || glucose.displayOnly,
    glucoseMgdl: special ? null : glucose.value,
    ...('calibrationPending' in vector.decoded && {
      calibrationPending: trend.calibrationPending,
    }),
    ...(transmitter && {
      measurementSystemSeconds: transmitter.measuredSystemSeconds,
      transmitterSeconds: transmitter.transmitterSeconds,
      filteredRate: transmitter.filteredRate,
      algorithmState: transmitter.algorithmState,
    }),
    ...(prediction && {
      backfilled: glucose.backfilled,
      computedOnTransmitter: glucose.computedOnTransmitter,
      predictedWord: prediction.word,
      predictedGlucose: prediction.word & 0x3ff,
      urgentLowSoon: prediction.urgentLowSoon,
      predictedBackfilled: prediction.backfilled,
      predictionUnavailable: prediction.mgDl === undefined,
    }),
  };
}

const covered = VECTORS.records.filter(isCovered);
const uncovered = VECTORS.records.filter((vector) => !isCovered(vector));

it('the vectors hold records that are read and records that are not read yet', () => {
  expect(VECTORS.records).toHaveLength(68);
  expect(covered.length).toBe(27);
});

describe.each(covered.filter((vector) => vector.recordType !== 0))('$name', (vector) => {
  const page = decodePage(pageOf(vector));

  it('decodes to the documented values', () => {
    expect(page.problems).toEqual([]);
    expect(page.records).toHaveLength(1);
    const record = page.records[0] as EgvRecord;
    const { recordType, revision } = vector;
    expect(record).toMatchObject({ kind: 'egv', recordType, revision, index: 500 });
    expect(egvInVectorWords(record, vector)).toEqual(vector.decoded);
  });

  it('encodes back to the same bytes', () => {
    const { header, records } = page;
    expect(hex(encodePage({ ...header, records }))).toBe(hex(pageOf(vector)));
    expect(recordFormat(vector.recordType, vector.revision)?.size).toBe(vector.size);
  });
});

describe.each(covered.filter((vector) => vector.recordType === 0))('$name', (vector) => {
  const page = decodePage(pageOf(vector));

  it('decodes to the documented values', () => {
    expect(page.problems).toEqual([]);
    const record = page.records[0] as XmlRecord;
    expect(record.text).toBe(vector.decoded.xml);
    expect(record.systemSeconds).toBe(vector.decoded.systemSeconds);
    expect(record.displaySeconds).toBe(vector.decoded.displaySeconds);
    expect(record.element?.name).toBe('ManufacturingParameters');
  });

  it('encodes back to the same bytes', () => {
    const { header, records } = page;
    expect(hex(encodePage({ ...header, records }))).toBe(hex(pageOf(vector)));
  });
});

describe('records that are not read yet', () => {
  it.each(uncovered)('$name is told as unknown, never guessed', (vector) => {
    const { recordType, revision } = vector;
    const { records, problems } = decodePage(pageOf(vector));
    expect(records).toEqual([]);
    expect(problems).toEqual([{ kind: 'unknownLayout', recordType, revision }]);
    const content = { recordType, revision, pageNumber: 7, firstRecordIndex: 500, records: [] };
    expect(() => encodePage(content)).toThrow(
      expect.objectContaining({ code: 'unknownLayout', data: { recordType, revision } }),
    );
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

  if (isCovered(vector)) {
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
  } else {
    it('is told as unknown, never guessed', () => {
      expect(page.records).toEqual([]);
      expect(page.problems).toEqual([{ kind: 'unknownLayout', recordType, revision }]);
    });
  }
});
