import { displaySeconds, RECEIVER_EPOCH_UNIX_SECONDS, systemSeconds } from '@egvkit/protocol';
import type { XmlRecord } from '@egvkit/protocol/receiver';
import { formatXml, xmlRecordBytes } from '@egvkit/protocol/receiver/wire';
import type { HistoryOptions } from './timeline.ts';

/** A made-up serial number of the right form. */
export const EMULATED_SERIAL_NUMBER = 'SM00000001';

/** Time of manufacture; some hours after the RTC was started. */
const MADE_UNIX_SECONDS = Date.UTC(2013, 0, 1, 8) / 1000;
/** As captured records of this kind have it. */
const MADE_OFFSET_SECONDS = -28_800; // receiver §5.1
const MADE_TEXT = '2013-01-01 00:00:00.000 -08:00';
const DAY_SECONDS = 86_400;

function xmlRecord(
  recordType: number,
  name: string,
  attributes: Readonly<Record<string, string>>,
  laterSeconds = 0,
): XmlRecord {
  const element = { name, attributes, children: [] };
  const text = formatXml(element, { quote: '"', end: ' />' });
  const made = MADE_UNIX_SECONDS - RECEIVER_EPOCH_UNIX_SECONDS + laterSeconds;
  return {
    kind: 'xml',
    recordType,
    revision: 1,
    index: 0,
    systemSeconds: systemSeconds(made),
    displaySeconds: displaySeconds(made + MADE_OFFSET_SECONDS),
    bytes: xmlRecordBytes(text),
    text,
    element,
  };
}

/** One manufacturing record; a re-worked receiver has more, of which the last counts. */
export function manufacturingRecords(options: HistoryOptions): readonly XmlRecord[] {
  const { serialNumber = EMULATED_SERIAL_NUMBER, earlierSerialNumbers = [] } = options;
  return [...earlierSerialNumbers, serialNumber].map((SerialNumber, reworks) =>
    xmlRecord(
      0,
      'ManufacturingParameters',
      {
        SerialNumber,
        HardwarePartNumber: 'MT00000',
        HardwareRevision: String(reworks),
        DateTimeCreated: MADE_TEXT,
        HardwareId: '{00000000-0000-0000-0000-000000000000}',
      },
      reworks * DAY_SECONDS,
    ),
  );
}

/** Makes a firmware parameter record. Its content is unknown; ours is an element without attributes. */
export function firmwareParameterRecord(): XmlRecord {
  return xmlRecord(1, 'FirmwareParameters', {});
}

/** Makes the record of the vendor's software; the nickname is the serial number at first. */
export function pcParameterRecord({ serialNumber }: HistoryOptions): XmlRecord {
  return xmlRecord(2, 'PCParameterRecord', {
    ReceiverId: '{00000000-0000-0000-0000-000000000001}',
    FirmwareImageId: '',
    DateTimeCreated: MADE_TEXT,
    Nickname: serialNumber ?? EMULATED_SERIAL_NUMBER,
  });
}
