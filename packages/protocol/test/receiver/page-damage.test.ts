import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePage } from '../../src/receiver/page.ts';
import { PAGE_HEADER_SIZE } from '../../src/receiver/page-header.ts';
import { unhex } from '../support/bytes.ts';
import { bitwiseCrc16 } from '../support/crc-reference.ts';
import { EGV_KINDS, fullPage, pageByHand, sealed, withHeader } from '../support/records.ts';
import { VECTORS } from '../support/vectors.ts';

/** Every bit alone, all bits, and some others: what a byte may be changed by. */
const CHANGES = [1, 2, 4, 8, 16, 32, 64, 128, 0xff, 0x5a, 0x81];

describe.each(EGV_KINDS)(
  'a damaged byte in a page of type $recordType revision $revision',
  (kind) => {
    const page = fullPage(kind);
    const { records } = decodePage(page);

    it('in the header gives no records and says that its CRC is wrong', () => {
      for (let at = 0; at < PAGE_HEADER_SIZE; at++) {
        for (const change of CHANGES) {
          const damaged = page.slice();
          damaged[at] = damaged[at]! ^ change;
          const got = decodePage(damaged);
          expect(got.records).toEqual([]);
          expect(got.problems.map((problem) => problem.kind)).toEqual(['headerCrc']);
        }
      }
    });

    it('in a record leaves that record out, names it, and keeps all others', () => {
      for (let at = PAGE_HEADER_SIZE; at < PAGE_HEADER_SIZE + kind.fit * kind.size; at++) {
        const index = Math.floor((at - PAGE_HEADER_SIZE) / kind.size);
        const damaged = page.slice();
        damaged[at] = damaged[at]! ^ CHANGES[at % CHANGES.length]!;
        const got = decodePage(damaged);
        expect(got.problems).toMatchObject([{ kind: 'recordCrc', index }]);
        expect(got.records).toHaveLength(kind.fit - 1);
        expect(JSON.stringify(got.records)).toBe(
          JSON.stringify(records.filter((record) => record.index !== index)),
        );
      }
    });

    it('in the padding changes nothing', () => {
      for (let at = PAGE_HEADER_SIZE + kind.fit * kind.size; at < page.length; at++) {
        const damaged = page.slice();
        damaged[at] = 0;
        expect(decodePage(damaged)).toEqual(decodePage(page));
      }
    });

    it('and any further damage to records never let one in whose CRC is wrong', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.integer({ min: 28, max: 527 }), fc.nat(255)), { maxLength: 200 }),
          (changes) => {
            const damaged = page.slice();
            for (const [at, byte] of changes) damaged[at] = byte;
            const got = decodePage(damaged);
            const good = Array.from({ length: kind.fit }, (_, i) => i).filter((i) => {
              const start = PAGE_HEADER_SIZE + i * kind.size;
              const end = start + kind.size - 2;
              const crc = bitwiseCrc16(damaged.subarray(start, end));
              return damaged[end] === (crc & 0xff) && damaged[end + 1] === crc >> 8;
            });
            expect(got.records.map((record) => record.index)).toEqual(good);
            expect(got.records.length + got.problems.length).toBe(kind.fit);
          },
        ),
        { numRuns: 30 },
      );
    });
  },
);

describe('a header that cannot be true', () => {
  it.each(EGV_KINDS)(
    'claims one record more than fits (type $recordType rev $revision)',
    (kind) => {
      const page = withHeader(fullPage(kind), { 4: kind.fit + 1 });
      expect(decodePage(page)).toMatchObject({
        records: [],
        problems: [{ kind: 'recordCount', count: kind.fit + 1, fit: kind.fit }],
      });
    },
  );

  it('claims four thousand million records', () => {
    const page = withHeader(fullPage(EGV_KINDS[1]), { 4: 255, 5: 255, 6: 255, 7: 255 });
    expect(decodePage(page).problems).toEqual([
      { kind: 'recordCount', count: 0xffff_ffff, fit: 38 },
    ]);
  });

  it.each([0, 6, 255])(
    'has EGV revision %i, which nobody knows: bytes, not records',
    (revision) => {
      const page = withHeader(fullPage(EGV_KINDS[1]), { 9: revision });
      const { records, rawRecords, problems } = decodePage(page);
      expect(records).toEqual([]);
      expect(problems).toEqual([]);
      expect(rawRecords).toHaveLength(38);
    },
  );

  it('has another revision than its records: every record fails its CRC, none is misread', () => {
    const page = withHeader(fullPage(EGV_KINDS[1]), { 9: 5, 4: 20 });
    const { records, problems } = decodePage(page);
    expect(records).toEqual([]);
    expect(problems).toHaveLength(20);
  });

  it('counts records into the padding: they are told, not read', () => {
    const vector = VECTORS.pages.find((page) => page.name === 'EGV rev2');
    const bytes = withHeader(unhex(vector?.hex ?? ''), { 4: 12 });
    const { records, problems } = decodePage(bytes);
    expect(records).toHaveLength(9);
    const first = 300 * 38;
    expect(problems).toMatchObject(
      [9, 10, 11].map((i) => ({ kind: 'recordCrc', index: first + i })),
    );
  });
});

describe('records whose last bytes look like padding', () => {
  // Search for records whose CRC ends in FF, or is FFFF: 0xFF is no mark of the end (§4.2).
  const record = unhex('0084d7179021d717000014 0000');
  const view = new DataView(record.buffer);
  const found: Uint8Array[] = [];
  for (let seconds = 400_000_000; found.length < 2; seconds++) {
    view.setUint32(0, seconds, true);
    const crc = bitwiseCrc16(record.subarray(0, 11));
    if (found.length === 0 ? crc >> 8 === 0xff : crc === 0xffff) found.push(sealed(record));
  }

  it('are read like any other', () => {
    expect(found[0]?.[12]).toBe(0xff);
    expect([...(found[1]?.slice(11) ?? [])]).toEqual([0xff, 0xff]);
    const header = { recordType: 4, revision: 2, pageNumber: 0, firstRecordIndex: 0 };
    const { records, problems } = decodePage(pageByHand(header, found));
    expect(problems).toEqual([]);
    expect(records).toHaveLength(2);
  });
});

describe('a record of zeros', () => {
  it('is damage although its CRC is right, and no reading of 2009-01-01', () => {
    const kind = EGV_KINDS[0]!;
    const page = fullPage(kind);
    const { header, records } = decodePage(page);
    page.fill(0, PAGE_HEADER_SIZE + 2 * kind.size, PAGE_HEADER_SIZE + 3 * kind.size);
    const got = decodePage(page);
    const index = header.firstRecordIndex + 2;
    expect(got.problems).toEqual([{ kind: 'recordOfZeros', index }]);
    expect(got.records).toEqual(records.filter((record) => record.index !== index));
  });
});
