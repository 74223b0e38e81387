import { outOfRange } from '../../errors/input.ts';
import { untilNul } from '../../fields.ts';
import { latin1, latin1Bytes, layout, raw } from '../../layout.ts';
import { parseXml, type XmlElement } from '../xml.ts';
import { type AboutFormat, laidOut, PREFIX, type RecordBase, type RecordFormat } from './record.ts';

/** A record that holds an XML text and fills its page. */
export interface XmlRecord extends RecordBase {
  // receiver §5.1
  readonly kind: 'xml';
  /** The 490 bytes of the text and its padding, as stored. */
  readonly bytes: Uint8Array;
  /** The text up to the first NUL. */
  readonly text: string;
  /** The text read as XML; undefined if it is none. */
  readonly element: XmlElement | undefined;
}

const XML_TEXT_SIZE = 490;

const LAYOUT = layout({ ...PREFIX, bytes: raw(XML_TEXT_SIZE) });

/** The `bytes` of an XML record with this text. Throws `outOfRange` if it does not fit. */
export function xmlRecordBytes(text: string): Uint8Array {
  const encoded = latin1Bytes(text);
  if (encoded.length > XML_TEXT_SIZE) {
    throw outOfRange('XML text', `${encoded.length} characters`, `at most ${XML_TEXT_SIZE}`);
  }
  const bytes = new Uint8Array(XML_TEXT_SIZE);
  bytes.set(encoded);
  return bytes;
}

function xmlFormat(recordType: number): RecordFormat<XmlRecord> {
  return {
    ...laidOut(LAYOUT),
    recordTypes: [recordType],
    revisions: { from: 1, to: 1 },
    read(source, base, origin) {
      const stored = LAYOUT.read(source, base);
      const text = untilNul(latin1(stored.bytes));
      return { kind: 'xml', ...origin, ...stored, text, element: parseXml(text) };
    },
  };
}

export const XML_FORMATS: readonly RecordFormat<XmlRecord>[] = [
  xmlFormat(0),
  xmlFormat(1),
  xmlFormat(2),
];

/** Fields of a manufacturing record (type 0); a field that is not there is undefined. */
export interface ManufacturingParameters {
  /** Two letters and eight digits, in capitals: some receivers store the letters small. */
  readonly serialNumber: string | undefined;
  readonly hardwarePartNumber: string | undefined;
  readonly hardwareRevision: string | undefined;
  /** As written, with its zone: `2021-01-01 00:00:00.000 -08:00`. */
  readonly dateTimeCreated: string | undefined;
  /** A GUID in braces. */
  readonly hardwareId: string | undefined;
}

/** Reads a manufacturing record. Undefined if its text is not that element. */
export function manufacturingParametersOf({
  element,
}: Pick<XmlRecord, 'element'>): ManufacturingParameters | undefined {
  if (element?.name !== 'ManufacturingParameters') return undefined;
  const { attributes } = element;
  return {
    serialNumber: serialNumberIn(attributes),
    hardwarePartNumber: attributes.HardwarePartNumber,
    hardwareRevision: attributes.HardwareRevision,
    dateTimeCreated: attributes.DateTimeCreated,
    hardwareId: attributes.HardwareId,
  };
}

/** Fields of a record of the PC software (type 2); a field that is not there is undefined. */
export interface PcParameters {
  /** A GUID in braces; another than the hardware id. */
  readonly receiverId: string | undefined;
  readonly firmwareImageId: string | undefined;
  /** As written, with its zone. */
  readonly dateTimeCreated: string | undefined;
  /** The serial number unless the user changed it. */
  readonly nickname: string | undefined;
}

/** Reads a record of the PC software. Undefined if its text is not that element. */
export function pcParametersOf({ element }: Pick<XmlRecord, 'element'>): PcParameters | undefined {
  if (element?.name !== 'PCParameterRecord') return undefined;
  const { attributes } = element;
  return {
    receiverId: attributes.ReceiverId,
    firmwareImageId: attributes.FirmwareImageId,
    dateTimeCreated: attributes.DateTimeCreated,
    nickname: attributes.Nickname,
  };
}

/**
 * The receiver's serial number from its manufacturing record, in capitals: some receivers store
 * the letters small. Undefined if the record does not hold one.
 */
export function serialNumberOf({ element }: Pick<XmlRecord, 'element'>): string | undefined {
  // receiver §5.1
  return element === undefined ? undefined : serialNumberIn(element.attributes);
}

function serialNumberIn({ SerialNumber }: XmlElement['attributes']): string | undefined {
  const serial = SerialNumber?.trim().toUpperCase();
  return serial === '' ? undefined : serial;
}

const WORDS = {
  bytes: 'XML text, padded with NUL',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'Manufacturing parameters': {
    doc: 'Serial number, part number, hardware id. The last page counts.',
    evidence: 'captured',
    source: '§5.1',
    words: WORDS,
  },
  'Firmware parameters': {
    doc: 'Root element and attributes unknown.',
    evidence: 'one source',
    source: '§5.1',
    words: WORDS,
  },
  'PC software parameters': {
    doc: 'Receiver id, firmware image id and nickname.',
    evidence: 'captured',
    source: '§5.1',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
