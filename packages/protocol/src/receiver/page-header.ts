import { crc16 } from '../crc16.ts';
import { layout, u8, u16, u32 } from '../layout.ts';

/** Pages of the receiver's database: a header of 28 bytes, 500 bytes of data. */
export const PAGE_SIZE = 528; // receiver §4
export const PAGE_HEADER_SIZE = 28;
export const PAGE_DATA_SIZE = PAGE_SIZE - PAGE_HEADER_SIZE;
/** Place of the header's CRC, which is of all bytes before it. */
export const HEADER_CRC_AT = 26;

/** The header of a page as stored. */
export interface PageHeader {
  // receiver §4.1
  /** Running index of the first record; record i of the page has this plus i. */
  readonly firstRecordIndex: number;
  readonly recordCount: number;
  readonly recordType: number;
  readonly revision: number;
  readonly pageNumber: number;
  /** Zero in every capture. */
  readonly reserved1: number;
  readonly reserved2: number;
  readonly reserved3: number;
  /** CRC-16 of the 26 bytes before it, as stored. */
  readonly crc: number;
}

/** The header's row: reply of ReadDatabasePageHeader and head of every page. */
export const PAGE_HEADER = /* @__PURE__ */ layout({
  firstRecordIndex: u32('running index of the first record'),
  recordCount: u32('number of valid records'),
  recordType: u8('record type'),
  revision: u8('revision of the record layout'),
  pageNumber: u32('page number'),
  reserved1: u32('reserved, 0 in all captures'),
  reserved2: u32('reserved, 0 in all captures'),
  reserved3: u32('reserved, 0 in all captures'),
  crc: u16('CRC-16 of the 26 bytes before'),
});

/** The CRC that the header of this page (or this bare header) should have. */
export function pageHeaderCrc(bytes: Uint8Array): number {
  return crc16(bytes, 0, 0, HEADER_CRC_AT);
}
