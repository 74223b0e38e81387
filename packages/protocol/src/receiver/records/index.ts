import { EGV_FORMATS, type EgvRecord } from './egv.ts';
import type { RecordFormat } from './record.ts';
import { XML_FORMATS, type XmlRecord } from './xml.ts';

/** Every record that can be read, told apart by `kind`. */
export type ReceiverRecord = EgvRecord | XmlRecord;

/** Every known layout. One row for each; what is not here is not guessed at. */
export const RECORD_FORMATS: readonly RecordFormat<ReceiverRecord>[] = [
  ...(XML_FORMATS as readonly RecordFormat<ReceiverRecord>[]),
  ...(EGV_FORMATS as readonly RecordFormat<ReceiverRecord>[]),
];

/** The layout of a record type at a revision; undefined if nobody knows it. */
export function recordFormat(
  recordType: number,
  revision: number,
): RecordFormat<ReceiverRecord> | undefined {
  for (const format of RECORD_FORMATS) {
    const { from, to } = format.revisions;
    if (revision >= from && revision <= to && format.recordTypes.includes(recordType)) {
      return format;
    }
  }
  return undefined;
}
