import { describe, expect, it } from 'vitest';
import { decodePage, encodePage } from '../../src/receiver/page.ts';
import { unhex } from '../support/bytes.ts';
import { EGV_KINDS, fullPage } from '../support/records.ts';
import { VECTORS } from '../support/vectors.ts';

const G4 = EGV_KINDS[1];

describe('encodePage', () => {
  it('refuses more records than fit, with the numbers', () => {
    for (const kind of EGV_KINDS) {
      const { header, records } = decodePage(fullPage(kind));
      const tooMany = [...records, records[0]!];
      expect(() => encodePage({ ...header, records: tooMany })).toThrow(
        expect.objectContaining({
          code: 'tooManyRecords',
          data: { recordType: kind.recordType, count: kind.fit + 1, fit: kind.fit },
        }),
      );
    }
  });

  it('refuses values that do not fit their field', () => {
    const { header, records } = decodePage(fullPage(EGV_KINDS[4]));
    const [record] = records as [(typeof records)[0] & { kind: 'egv' }];
    const outOfRange = expect.objectContaining({ name: 'InputError', code: 'outOfRange' });
    const bad = [
      { ...record, systemSeconds: -1 },
      { ...record, displaySeconds: 2 ** 32 },
      { ...record, glucose: { ...record.glucose, word: 0x10000 } },
      { ...record, trend: { ...record.trend, byte: 256 } },
      { ...record, transmitter: { ...record.transmitter, filteredRate: 128 } },
      { ...record, prediction: { ...record.prediction, word: -1 } },
    ] as unknown as (typeof record)[];
    for (const one of bad)
      expect(() => encodePage({ ...header, records: [one] })).toThrow(outOfRange);
    expect(() => encodePage({ ...header, records: [], pageNumber: -1 })).toThrow(outOfRange);
    expect(() => encodePage({ ...header, records: [], firstRecordIndex: 0.5 })).toThrow(outOfRange);
  });
});

describe('encodePage, given a record without the parts of its revision', () => {
  it('writes zeros for the transmitter and "no prediction"', () => {
    const { records } = decodePage(fullPage(G4));
    const content = { recordType: 4, revision: 5, pageNumber: 0, firstRecordIndex: 0 };
    const bytes = encodePage({ ...content, records: records.slice(0, 1) });
    expect(decodePage(bytes).records).toMatchObject([
      {
        glucose: { word: 100 },
        transmitter: {
          measuredSystemSeconds: 0,
          transmitterSeconds: 0,
          filteredRate: 0,
          algorithmState: 0,
        },
        prediction: { word: 13 },
      },
    ]);
  });
});

describe('encodePage, given a record of another kind', () => {
  it('says which field is missing', () => {
    const [xml] = decodePage(
      unhex(VECTORS.pages.find((p) => p.recordType === 0)?.hex ?? ''),
    ).records;
    const content = { recordType: 4, revision: 2, pageNumber: 0, firstRecordIndex: 0 };
    expect(() => encodePage({ ...content, records: [xml!] })).toThrow(
      expect.objectContaining({
        code: 'outOfRange',
        message: 'glucose word: value and flags is undefined; it must be given.',
      }),
    );
  });
});
