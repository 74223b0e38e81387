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
      { ...record, glucose: { ...record.glucose, raw: 0x10000 } },
      { ...record, trend: { ...record.trend, raw: 256 } },
      { ...record, transmitter: { ...record.transmitter, filteredRate: 128 } },
      { ...record, prediction: { ...record.prediction, raw: -1 } },
    ] as unknown as (typeof record)[];
    for (const one of bad)
      expect(() => encodePage({ ...header, records: [one] })).toThrow(outOfRange);
    expect(() => encodePage({ ...header, records: [], pageNumber: -1 })).toThrow(outOfRange);
    expect(() => encodePage({ ...header, records: [], firstRecordIndex: 0.5 })).toThrow(outOfRange);
  });
});

describe('encodePage, given a record without the parts of its revision', () => {
  it('says which field is missing, and invents none', () => {
    const { records } = decodePage(fullPage(G4));
    const content = { pageNumber: 0, firstRecordIndex: 0, records: records.slice(0, 1) };
    for (const revision of [4, 5]) {
      expect(() => encodePage({ ...content, recordType: 4, revision })).toThrow(
        expect.objectContaining({ name: 'InputError', code: 'outOfRange' }),
      );
    }
  });
});

describe('encodePage, given what was decoded', () => {
  it('gives the same bytes, reserved words that are not zero among them', () => {
    for (const kind of EGV_KINDS) {
      const { header, records } = decodePage(fullPage(kind));
      const odd = { ...header, reserved1: 1, reserved2: 0xffffffff, reserved3: 7 };
      const bytes = encodePage({ ...odd, records });
      const again = decodePage(bytes);
      expect(again.header).toMatchObject({ reserved1: 1, reserved2: 0xffffffff, reserved3: 7 });
      expect(encodePage({ ...again.header, records: again.records })).toEqual(bytes);
    }
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
        message: 'glucose is undefined; it must be given.',
      }),
    );
  });
});
