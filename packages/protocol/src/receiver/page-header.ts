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
export const PAGE_HEADER = layout({
  firstRecordIndex: u32,
  recordCount: u32,
  recordType: u8,
  revision: u8,
  pageNumber: u32,
  reserved1: u32,
  reserved2: u32,
  reserved3: u32,
  crc: u16,
});

/** Words about its fields. */
export const PAGE_HEADER_WORDS = {
  firstRecordIndex: 'running index of the first record',
  recordCount: 'number of valid records',
  recordType: 'record type',
  revision: 'revision of the record layout',
  pageNumber: 'page number',
  reserved1: 'reserved, 0 in all captures',
  reserved2: 'reserved, 0 in all captures',
  reserved3: 'reserved, 0 in all captures',
  crc: 'CRC-16 of the 26 bytes before',
} as const;

/** The CRC that the header of this page (or this bare header) should have. */
export function pageHeaderCrc(bytes: Uint8Array): number {
  return crc16(bytes, 0, 0, HEADER_CRC_AT);
}
