import { crc16 } from '../crc16.ts';
import { LayoutError } from '../errors/layout.ts';
import { PageError } from '../errors/page.ts';
import { raw, u16At, u32At } from '../layout.ts';
import type { Partition } from './identity.ts';
import {
  HEADER_CRC_AT,
  PAGE_DATA_SIZE,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
  type PageHeader,
  pageHeaderCrc,
} from './page-header.ts';
import { type FindSize, pageLayout, probeRecordSize } from './page-layout.ts';
import { type ReceiverRecord, recordFormat } from './records/index.ts';
import type { RawRecord } from './records/raw.ts';
import { type FindFormat, RECORD_CRC_SIZE } from './records/record.ts';

/** Byte that fills a page behind its last record. */
const FILL = 0xff;

/** Counts the records of this size that a page holds; they never span pages. */
export function recordsPerPage(recordSize: number): number {
  return Math.floor(PAGE_DATA_SIZE / recordSize);
}

/** Damage of a page or of one of its records. */
export type PageProblem =
  | { readonly kind: 'headerCrc'; readonly stored: number; readonly computed: number }
  | { readonly kind: 'unknownLayout'; readonly recordType: number; readonly revision: number }
  | { readonly kind: 'recordCount'; readonly count: number; readonly fit: number }
  | {
      readonly kind: 'recordCrc';
      /** Running index of the record that was skipped. */
      readonly index: number;
      readonly stored: number;
      readonly computed: number;
    }
  | {
      readonly kind: 'recordOfZeros';
      /** Running index of the record that was skipped. */
      readonly index: number;
    };

/** One sentence about a problem, without a full stop. */
export function describePageProblem(problem: PageProblem): string {
  switch (problem.kind) {
    case 'headerCrc':
      return `its header has CRC ${hex(problem.stored)} and should have ${hex(problem.computed)}`;
    case 'unknownLayout':
      return `no layout is known for record type ${problem.recordType}, revision ${problem.revision}`;
    case 'recordCount':
      return `it claims ${problem.count} records where ${problem.fit} fit`;
    case 'recordCrc':
      return `record ${problem.index} has CRC ${hex(problem.stored)} and should have ${hex(problem.computed)}`;
    case 'recordOfZeros':
      return `record ${problem.index} has the system time 0, as bytes that were lost and filled with zeros`;
  }
}

/** Tells a record of system time 0: nothing but zeros has a valid CRC, and no clock began there. */
function isOfZeros(bytes: Uint8Array, start: number): boolean {
  return u32At(bytes, start) === 0;
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(4, '0')}`;
}

/** A page, decoded: its header, the records that are whole, and what is wrong with the rest. */
export interface Page {
  readonly header: PageHeader;
  /** In the order they are stored, oldest first. */
  readonly records: readonly ReceiverRecord[];
  /** The records of a page of an unknown layout; `records` is empty then. */
  readonly rawRecords: readonly RawRecord[];
  readonly problems: readonly PageProblem[];
}

export interface DecodePageOptions {
  /** The receiver's own list of record sizes; see `parsePartitionInfo`. */
  readonly partitions?: readonly Partition[] | undefined;
}

/** Layouts that a program knows. */
export interface KnownLayouts {
  readonly findFormat: FindFormat<ReceiverRecord>;
  /** For a program that takes the bytes of records that it does not know; `probeRecordSize`. */
  readonly findSize?: FindSize | undefined;
}

/** Every layout, and the bytes of records that have none. */
export const ALL_LAYOUTS: KnownLayouts = { findFormat: recordFormat, findSize: probeRecordSize };

/**
 * Reads a page. Damage is returned, never thrown: a damaged header gives no records, a damaged
 * record is left out and the others are kept.
 *
 * Records of an unknown type or revision come as `rawRecords`. Their size is taken from the
 * partition list or, without one, is the only size that makes all CRCs right. If there is no such
 * size, the problem is `unknownLayout`; nothing is guessed.
 *
 * @throws LayoutError `tooShort` if `bytes` is not one page
 *
 * @example
 * ```ts
 * import { decodePage, describePageProblem } from '@egvkit/protocol/receiver';
 *
 * export function printPage(bytes: Uint8Array) {
 *   const { header, records, problems } = decodePage(bytes);
 *   console.log(`page ${header.pageNumber}: ${records.length} records`);
 *   for (const record of records) {
 *     if (record.kind === 'egv') console.log(record.glucose.status, record.glucose.mgDl);
 *   }
 *   for (const problem of problems) console.error(describePageProblem(problem));
 * }
 * ```
 */
export function decodePage(bytes: Uint8Array, options?: DecodePageOptions): Page {
  return decodePageBy(ALL_LAYOUTS, bytes, options);
}

/**
 * Reads a page by some of the known layouts, so that a program carries no others: to it, the others are
 * unknown. Else as {@link decodePage}.
 */
export function decodePageBy(
  { findFormat, findSize }: KnownLayouts,
  bytes: Uint8Array,
  options?: DecodePageOptions,
): Page {
  if (bytes.length !== PAGE_SIZE) {
    throw new LayoutError('tooShort', { what: 'a page', length: bytes.length, needed: PAGE_SIZE });
  }
  const header = PAGE_HEADER.read(bytes, 0);
  const computed = pageHeaderCrc(bytes);
  if (computed !== header.crc) {
    return spoiled(header, { kind: 'headerCrc', stored: header.crc, computed });
  }
  const { recordType, revision, recordCount, firstRecordIndex } = header;
  if (recordCount === 0) return { header, records: [], rawRecords: [], problems: [] };
  const known = pageLayout(findFormat, header, options?.partitions);
  const format = known?.format;
  const size = known?.size ?? findSize?.(bytes, PAGE_HEADER_SIZE, recordCount);
  if (size === undefined) {
    return spoiled(header, { kind: 'unknownLayout', recordType, revision });
  }
  const fit = recordsPerPage(size);
  if (recordCount > fit) {
    return spoiled(header, { kind: 'recordCount', count: recordCount, fit });
  }

  const records: ReceiverRecord[] = [];
  const rawRecords: RawRecord[] = [];
  const problems: PageProblem[] = [];
  for (let i = 0; i < recordCount; i++) {
    const start = PAGE_HEADER_SIZE + i * size;
    const crcAt = start + size - RECORD_CRC_SIZE;
    const crc = crc16(bytes, 0, start, crcAt);
    const stored = u16At(bytes, crcAt);
    const index = firstRecordIndex + i;
    if (crc !== stored) {
      problems.push({ kind: 'recordCrc', index, stored, computed: crc });
    } else if (isOfZeros(bytes, start)) {
      problems.push({ kind: 'recordOfZeros', index });
    } else if (format !== undefined) {
      records.push(format.read(bytes, start, { recordType, revision, index }));
    } else {
      rawRecords.push({
        kind: 'raw',
        recordType,
        revision,
        index,
        bytes: bytes.slice(start, crcAt),
      });
    }
  }
  return { header, records, rawRecords, problems };
}

function spoiled(header: PageHeader, problem: PageProblem): Page {
  return { header, records: [], rawRecords: [], problems: [problem] };
}

/** Content of a header without its CRC. The reserved words are zero if left out. */
export type HeaderContent = Pick<
  PageHeader,
  'firstRecordIndex' | 'recordCount' | 'recordType' | 'revision' | 'pageNumber'
> &
  Partial<Pick<PageHeader, 'reserved1' | 'reserved2' | 'reserved3'>>;

/** Content of a page; everything else in it follows. */
export interface PageContent extends Omit<HeaderContent, 'recordCount'> {
  /** Oldest first; their own `index` is not looked at. */
  readonly records: readonly ReceiverRecord[];
  /** Instead of `records`, for an unknown layout: all of the same length. */
  readonly rawRecords?: readonly RawRecord[] | undefined;
}

/**
 * Builds a page, with header and record CRCs, filled up with 0xFF.
 *
 * @throws PageError `unknownLayout`, `tooManyRecords`; `InputError` for a value that does not
 *   fit and for raw records of different lengths
 */
export function encodePage(content: PageContent): Uint8Array {
  const { recordType, revision, records, rawRecords = [] } = content;
  if (rawRecords.length > 0 && records.length === 0) return encodeRawPage(content, rawRecords);
  const format = recordFormat(recordType, revision);
  if (format === undefined) throw new PageError('unknownLayout', { recordType, revision });
  return fillPage(content, records, format.size, format.write);
}

function encodeRawPage(content: PageContent, rawRecords: readonly RawRecord[]): Uint8Array {
  const size = (rawRecords[0]?.bytes.length ?? 0) + RECORD_CRC_SIZE;
  const field = raw(size - RECORD_CRC_SIZE);
  return fillPage(content, rawRecords, size, (bytes, start, record) =>
    field.write(bytes, start, record.bytes, 'raw record'),
  );
}

function fillPage<R>(
  content: PageContent,
  records: readonly R[],
  size: number,
  write: (bytes: Uint8Array, start: number, record: R) => void,
): Uint8Array {
  const { recordType } = content;
  const fit = recordsPerPage(size);
  if (records.length > fit) {
    throw new PageError('tooManyRecords', { recordType, count: records.length, fit });
  }
  const bytes = new Uint8Array(PAGE_SIZE).fill(FILL);
  bytes.set(encodePageHeader({ ...content, recordCount: records.length }));
  records.forEach((record, i) => {
    const start = PAGE_HEADER_SIZE + i * size;
    const crcAt = start + size - RECORD_CRC_SIZE;
    write(bytes, start, record);
    const crc = crc16(bytes, 0, start, crcAt);
    bytes[crcAt] = crc;
    bytes[crcAt + 1] = crc >> 8;
  });
  return bytes;
}

/** A header of 28 bytes with its CRC. Throws `outOfRange` for a value that does not fit. */
export function encodePageHeader(content: HeaderContent): Uint8Array {
  const bytes = PAGE_HEADER.encode({
    reserved1: 0,
    reserved2: 0,
    reserved3: 0,
    ...content,
    crc: 0,
  });
  const crc = pageHeaderCrc(bytes);
  bytes[HEADER_CRC_AT] = crc;
  bytes[HEADER_CRC_AT + 1] = crc >> 8;
  return bytes;
}
