import { parseXml } from './xml.ts';

/** Fields of the firmware header; a field the receiver does not send is undefined. */
export interface FirmwareHeader {
  readonly productId: string | undefined;
  readonly productName: string | undefined;
  readonly softwareNumber: string | undefined;
  readonly firmwareVersion: string | undefined;
  /** Every attribute as it came. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads the reply to ReadFirmwareHeader. Undefined if it is not a FirmwareHeader element. */
export function parseFirmwareHeader(text: string): FirmwareHeader | undefined {
  const element = parseXml(text);
  if (element?.name !== 'FirmwareHeader') return undefined;
  const { attributes } = element;
  return {
    productId: attributes.ProductId,
    productName: attributes.ProductName,
    softwareNumber: attributes.SoftwareNumber,
    firmwareVersion: attributes.FirmwareVersion,
    attributes,
  };
}

/** Fields of the firmware settings; a field the receiver does not send is undefined. */
export interface FirmwareSettings {
  /** Empty on the captured receiver. */
  readonly firmwareImageId: string | undefined;
  /** Every attribute as it came. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads the reply to ReadFirmwareSettings. Undefined if it is not a FirmwareSettings element. */
export function parseFirmwareSettings(text: string): FirmwareSettings | undefined {
  const element = parseXml(text);
  if (element?.name !== 'FirmwareSettings') return undefined;
  const { attributes } = element;
  return { firmwareImageId: attributes.FirmwareImageId, attributes };
}

/** One row of the partition list: what the receiver itself says of a record type. */
export interface Partition {
  // receiver §3.5
  readonly recordType: number;
  readonly name: string;
  readonly recordRevision: number;
  /** Bytes of a record with its CRC. */
  readonly recordLength: number;
}

/**
 * Reads the reply to ReadDatabasePartitionInfo (grammar captured from a G4). Undefined if
 * the text is not of that grammar: on other receivers it may not be, so do not depend on it.
 */
export function parsePartitionInfo(text: string): readonly Partition[] | undefined {
  // receiver §3.5
  const element = parseXml(text);
  if (element?.name !== 'PartitionInfo') return undefined;
  const partitions: Partition[] = [];
  for (const child of element.children) {
    const { Name, Id, RecordRevision, RecordLength } = child.attributes;
    const recordType = wholeNumber(Id);
    const recordRevision = wholeNumber(RecordRevision);
    const recordLength = wholeNumber(RecordLength);
    if (
      child.name !== 'Partition' ||
      Name === undefined ||
      recordType === undefined ||
      recordRevision === undefined ||
      recordLength === undefined
    ) {
      return undefined;
    }
    partitions.push({ recordType, name: Name, recordRevision, recordLength });
  }
  return partitions;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
