import fc from 'fast-check';
import { displaySeconds, systemSeconds } from '../../src/clock.ts';
import { encodePage, type PageContent } from '../../src/receiver/page.ts';
import { PAGE_SIZE } from '../../src/receiver/page-header.ts';
import type { EgvRecord } from '../../src/receiver/records/egv.ts';
import { glucoseOf, predictionOf, trendByteOf } from '../../src/receiver/records/glucose.ts';
import { RECORD_FORMATS } from '../../src/receiver/records/index.ts';
import { bitwiseCrc16, sealCrc } from './crc-reference.ts';

/** The kinds of EGV pages: record type, revision, bytes of a record, records of a full page. */
export const EGV_KINDS = [
  { recordType: 4, revision: 1, size: 13, fit: 38 },
  { recordType: 4, revision: 2, size: 13, fit: 38 },
  { recordType: 4, revision: 3, size: 13, fit: 38 },
  { recordType: 4, revision: 4, size: 23, fit: 21 },
  { recordType: 4, revision: 5, size: 25, fit: 20 },
  { recordType: 18, revision: 5, size: 25, fit: 20 },
] as const;

export type EgvKind = (typeof EGV_KINDS)[number];

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

/** Any record of that kind, every field over its whole range. */
export function egvRecord(kind: EgvKind): fc.Arbitrary<EgvRecord> {
  const { recordType, revision } = kind;
  return fc
    .record({
      index: u32,
      system: fc.integer({ min: 1, max: 0xffff_ffff }), // 0 is damage
      display: u32,
      word: fc.nat(0xffff),
      trend: fc.nat(0xff),
      measured: u32,
      transmitter: u32,
      rate: fc.integer({ min: -128, max: 127 }),
      state: fc.nat(255),
      predicted: fc.nat(0xffff),
    })
    .map((x) => ({
      kind: 'egv',
      recordType,
      revision,
      index: x.index,
      systemSeconds: systemSeconds(x.system),
      displaySeconds: displaySeconds(x.display),
      glucose: glucoseOf(x.word),
      trend: trendByteOf(x.trend),
      ...(revision >= 4 && {
        transmitter: {
          measuredSystemSeconds: systemSeconds(x.measured),
          transmitterSeconds: x.transmitter === 0xffff_ffff ? null : x.transmitter,
          filteredRate: x.rate === 127 ? null : x.rate,
          algorithmState: x.state,
        },
      }),
      ...(revision >= 5 && { prediction: predictionOf(x.predicted) }),
    }));
}

/** Any page of that kind, from empty to full, its records numbered as a receiver numbers them. */
export function egvPage(kind: EgvKind): fc.Arbitrary<PageContent> {
  return fc
    .record({
      pageNumber: fc.nat(0xffff),
      records: fc.array(egvRecord(kind), { maxLength: kind.fit }),
    })
    .map(({ pageNumber, records }) => {
      const firstRecordIndex = pageNumber * kind.fit;
      return {
        recordType: kind.recordType,
        revision: kind.revision,
        pageNumber,
        firstRecordIndex,
        records: records.map((record, i) => ({ ...record, index: firstRecordIndex + i })),
      };
    });
}

/** A full page of that kind, always the same. */
export function fullPage(kind: EgvKind): Uint8Array {
  const records: EgvRecord[] = Array.from({ length: kind.fit }, (_, i) => ({
    kind: 'egv',
    recordType: kind.recordType,
    revision: kind.revision,
    index: i,
    systemSeconds: systemSeconds(400_000_000 + 300 * i),
    displaySeconds: displaySeconds(399_974_800 + 300 * i),
    glucose: glucoseOf(100 + i),
    trend: trendByteOf(0x14),
    transmitter: {
      measuredSystemSeconds: systemSeconds(399_999_998 + 300 * i),
      transmitterSeconds: 865_432 + 300 * i,
      filteredRate: -7,
      algorithmState: 6,
    },
    prediction: predictionOf(101 + i),
  }));
  return encodePage({
    recordType: kind.recordType,
    revision: kind.revision,
    pageNumber: 0,
    firstRecordIndex: 0,
    records,
  });
}

/** A copy with some bytes of the header changed and the header's CRC right again. */
export function withHeader(
  page: Uint8Array,
  changes: Readonly<Record<number, number>>,
): Uint8Array {
  const copy = page.slice();
  for (const [at, byte] of Object.entries(changes)) copy[Number(at)] = byte;
  sealCrc(copy, 0, 26);
  return copy;
}

/** A page written without any of the code under test. */
export function pageByHand(
  header: { recordType: number; revision: number; pageNumber: number; firstRecordIndex: number },
  records: readonly Uint8Array[],
): Uint8Array {
  const page = new Uint8Array(PAGE_SIZE).fill(0xff);
  const view = new DataView(page.buffer);
  page.fill(0, 0, 28);
  view.setUint32(0, header.firstRecordIndex, true);
  view.setUint32(4, records.length, true);
  page[8] = header.recordType;
  page[9] = header.revision;
  view.setUint32(10, header.pageNumber, true);
  sealCrc(page, 0, 26);
  let at = 28;
  for (const record of records) {
    page.set(record, at);
    at += record.length;
  }
  return page;
}

/** The record with the right CRC in its last two bytes. */
export function sealed(record: Uint8Array): Uint8Array {
  const copy = record.slice();
  const crc = bitwiseCrc16(copy.subarray(0, -2));
  copy[copy.length - 2] = crc & 0xff;
  copy[copy.length - 1] = crc >> 8;
  return copy;
}

/** Every row, at its lowest and its highest revision. */
export const ROW_REVISIONS = RECORD_FORMATS.flatMap((format) => {
  const { from, to } = format.revisions;
  return format.recordTypes.flatMap((recordType) =>
    [...new Set([from, to])].map((revision) => ({
      name: format.name,
      recordType,
      revision,
      size: format.size,
    })),
  );
});
