import { formatXml, type Partition } from '@egvkit/protocol/receiver';

/** What differs between the receivers that can be emulated (spec/receiver §0.3). */
export interface ReceiverProfile {
  readonly name: 'g4' | 'g5' | 'g6';
  /** Revision of the EGV records, which decides their layout. */
  readonly egvRevision: 2 | 4 | 5;
  /** Only touchscreen receivers keep backfilled readings. */
  readonly backfill: boolean;
  /** Attributes of the firmware header, in the captured order. */
  readonly firmware: Readonly<Record<string, string>>;
  readonly transmitterId: string;
  /** Pages of the EGV ring. Captured for the G4; for the others ours. */
  readonly egvPages: number;
}

function firmware(
  productId: string,
  productName: string,
  softwareNumber: string,
): Readonly<Record<string, string>> {
  return {
    SchemaVersion: '1',
    ApiVersion: '2.2.0.0',
    TestApiVersion: '2.4.0.0',
    ProductId: productId,
    ProductName: productName,
    SoftwareNumber: softwareNumber,
    FirmwareVersion: '9.9.9.999',
    PortVersion: '9.9.9.99',
    RFVersion: '9.9.9.99',
    DexBootVersion: '9',
  };
}

/**
 * The flavours. Product strings of the G4 are captured; the G5's product and software numbers
 * and the G6's software number are unknown (§10.9) and ours. Version numbers are invented.
 */
export const RECEIVER_PROFILES: Readonly<Record<ReceiverProfile['name'], ReceiverProfile>> = {
  g4: {
    name: 'g4',
    egvRevision: 2,
    backfill: false,
    firmware: firmware('G4Receiver', 'Dexcom G4 Receiver', 'SW10050'),
    transmitterId: '6ABCD',
    egvPages: 231,
  },
  g5: {
    name: 'g5',
    egvRevision: 4,
    backfill: false,
    firmware: firmware('EmulatedG5Receiver', 'Dexcom G5 Receiver', 'SW99995'),
    transmitterId: '4ABCDE',
    egvPages: 420,
  },
  g6: {
    name: 'g6',
    egvRevision: 5,
    backfill: true,
    firmware: firmware('OrionReceiver', 'Dexcom G6 Touchscreen Receiver', 'SW99996'),
    transmitterId: '8GHJK2',
    egvPages: 440,
  },
};

/** The firmware header as a receiver sends it: single quotes, no space at the end (§3.4). */
export function firmwareHeaderText(profile: ReceiverProfile): string {
  const element = { name: 'FirmwareHeader', attributes: profile.firmware, children: [] };
  return formatXml(element, { quote: "'", end: '/>' });
}

/** The partition list as a G4 sends it (§3.5); for other receivers the form is ours. */
export function partitionInfoText(partitions: readonly Partition[]): string {
  const children = partitions.map((partition) => ({
    name: 'Partition',
    attributes: {
      Name: partition.name,
      Id: String(partition.recordType),
      RecordRevision: String(partition.recordRevision),
      RecordLength: String(partition.recordLength),
    },
    children: [],
  }));
  const attributes = { SchemaVersion: '1', PageHeaderVersion: '1', PageDataLength: '500' };
  return formatXml({ name: 'PartitionInfo', attributes, children }, { quote: "'", end: '/>' });
}
