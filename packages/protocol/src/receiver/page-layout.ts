import { crc16 } from '../crc16.ts';
import { u16At } from '../layout.ts';
import type { Partition } from './identity.ts';
import type { ReceiverRecord } from './records/index.ts';
import { type FindFormat, RECORD_CRC_SIZE, type RecordFormat } from './records/record.ts';

/** Layout of a page: the size of its records, and their format if that is known. */
export interface PageLayout {
  /** Bytes of a record with its CRC. */
  readonly size: number;
  readonly format: RecordFormat<ReceiverRecord> | undefined;
}

/** The least a record can have: both times and a CRC (common prefix of every record). */
const SMALLEST_RECORD = 11; // receiver §5

/**
 * The layout of records of this type and revision: the known one; else the size that the
 * receiver's own partition list gives. A size in the list that contradicts the known layout
 * means another firmware, so that layout is not used.
 */
export function pageLayout(
  // receiver §3.5
  findFormat: FindFormat<ReceiverRecord>,
  { recordType, revision }: { readonly recordType: number; readonly revision: number },
  partitions: readonly Partition[] | undefined,
): PageLayout | undefined {
  const format = findFormat(recordType, revision);
  const told = partitions?.find(
    (partition) => partition.recordType === recordType && partition.recordRevision === revision,
  );
  if (told === undefined || told.recordLength === format?.size) {
    return format === undefined ? undefined : { size: format.size, format };
  }
  const { recordLength: size } = told;
  if (size <= RECORD_CRC_SIZE) return undefined;
  return { size, format: undefined };
}

/** Finds the size of the records of a page of which only their number is known; undefined if it cannot. */
export type FindSize = (page: Uint8Array, start: number, count: number) => number | undefined;

/**
 * The only size of record for which all `count` CRCs hold and nothing but filling follows them,
 * `start` being where the first record begins;
 * undefined if there is none, or more than one. On captured pages a wrong size held for no
 * record at all.
 */
export function probeRecordSize(
  // receiver §4.2
  page: Uint8Array,
  start: number,
  count: number,
): number | undefined {
  const largest = Math.floor((page.length - start) / count);
  let found: number | undefined;
  for (let size = SMALLEST_RECORD; size <= largest; size++) {
    if (!fits(page, start, count, size)) continue;
    if (found !== undefined) return undefined;
    found = size;
  }
  return found;
}

function fits(bytes: Uint8Array, start: number, count: number, size: number): boolean {
  const end = bytes.length;
  const stop = start + count * size;
  // A page is filled up with one byte; 0xFF in captures, 0x00 within XML.
  const fill = bytes[stop];
  for (let at = stop; at < end; at++) if (bytes[at] !== fill) return false;
  if (stop < end && fill !== 0xff && fill !== 0) return false;
  for (let at = start; at < stop; at += size) {
    const crcAt = at + size - RECORD_CRC_SIZE;
    if (crc16(bytes, 0, at, crcAt) !== u16At(bytes, crcAt)) return false;
  }
  return true;
}
