import type { Partition } from '@egvkit/protocol/receiver';
import {
  formatXml,
  PAGE_DATA_SIZE,
  recordFormat,
  recordsPerPage,
} from '@egvkit/protocol/receiver/wire';

/** One partition of a receiver: what it stores there, and how much. */
export interface PartitionProfile {
  readonly recordType: number;
  /** Revision of its records, which decides their layout. */
  readonly revision: number;
  /** Pages of the ring; one that was never seen to wrap has none. */
  readonly ringPages?: number;
}

export type ProfileName = 'g4' | 'g4-share' | 'g5' | 'g5-touch' | 'g6';

/** Differences between the receivers that can be emulated. */
export interface ReceiverProfile {
  readonly name: ProfileName;
  /** Ascending by type. */
  readonly partitions: readonly PartitionProfile[];
  /** Revision of the EGV records. */
  readonly egvRevision: 2 | 4 | 5;
  /** Only touchscreen receivers keep backfilled readings. */
  readonly backfill: boolean;
  /** Attributes of the firmware header, in the captured order. */
  readonly firmware: Readonly<Record<string, string>>;
  /** Five characters on a G4, six on the others (inferred). */
  readonly transmitterId: string;
  /** Id in the settings before a transmitter is paired. */
  readonly factoryTransmitterId: string;
  /** Life of a sensor. Seven days are captured; the ten of a G6 are ours. */
  readonly sessionDays: number;
  /** True if meter values make calibrations. Ours for a G6, whose calibration sets are unknown. */
  readonly calibrates: boolean;
}

/** Revision and ring of every partition of a G4, captured. */
const G4_PARTITIONS: readonly PartitionProfile[] = [
  // receiver §12.8, §12.9
  { recordType: 0, revision: 1 },
  { recordType: 1, revision: 1 },
  { recordType: 2, revision: 1 },
  { recordType: 3, revision: 1, ringPages: 347 },
  { recordType: 4, revision: 2, ringPages: 231 },
  { recordType: 5, revision: 2, ringPages: 29 },
  { recordType: 6, revision: 1 },
  { recordType: 7, revision: 1, ringPages: 2 },
  { recordType: 8, revision: 1, ringPages: 49 },
  { recordType: 9, revision: 1 },
  { recordType: 10, revision: 1, ringPages: 4 },
  { recordType: 11, revision: 1, ringPages: 25 },
  { recordType: 12, revision: 3 },
];

/** Ring size for backfilled readings: two days of them. */
const BACKFILL_RECORDS = 576; // Our choice.

/** The partitions of a G4 at other revisions, each ring as long in records as the G4's. */
// The ring sizes are our choice.
function partitions(
  revisions: Readonly<Record<number, number>>,
  backfill: boolean,
): readonly PartitionProfile[] {
  const known = G4_PARTITIONS.map((g4): PartitionProfile => {
    const { recordType, ringPages } = g4;
    const revision = revisions[recordType] ?? g4.revision;
    if (ringPages === undefined) return { recordType, revision };
    const records = (ringPages - 1) * perPage(recordType, g4.revision);
    return { recordType, revision, ringPages: ringFor(records, recordType, revision) };
  });
  if (!backfill) return known;
  const ringPages = ringFor(BACKFILL_RECORDS, 18, 5);
  return [...known, { recordType: 18, revision: 5, ringPages }];
}

/** Pages that always hold so many records, the newest page being partly filled. */
function ringFor(records: number, recordType: number, revision: number): number {
  return Math.ceil(records / perPage(recordType, revision)) + 1;
}

function perPage(recordType: number, revision: number): number {
  return recordsPerPage(recordFormat(recordType, revision)?.size ?? PAGE_DATA_SIZE);
}

/**
 * Captured from a G4; of other receivers only what is told is known, and the rest is the G4's.
 * Their FirmwareVersion is theirs: real software tells the models by it.
 */
function firmware(
  // receiver §13
  ProductId: string,
  ProductName: string,
  SoftwareNumber: string,
  told: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    SchemaVersion: '1',
    ApiVersion: '2.2.0.0',
    TestApiVersion: '2.4.0.0',
    ProductId,
    ProductName,
    SoftwareNumber,
    FirmwareVersion: '2.0.1.104',
    PortVersion: '4.6.4.45',
    RFVersion: '1.0.0.27',
    DexBootVersion: '3',
    ...told,
  };
}

/** Revisions told for newer receivers; where a type is not named, the G4's are ours. */
const G5_REVISIONS = { 4: 4, 5: 3, 7: 2, 10: 3, 12: 5 } as const; // receiver §4.2

/**
 * The flavours. What a G4 says is captured. Of the others the EGV, backfill and settings
 * revisions, the product ids of both touchscreen receivers and the software number of the G5
 * touchscreen are told by sources; what else they say is unknown and ours.
 */
export const RECEIVER_PROFILES: Readonly<Record<ProfileName, ReceiverProfile>> = {
  // receiver §10.9, §10.12
  g4: {
    name: 'g4',
    partitions: G4_PARTITIONS,
    egvRevision: 2,
    backfill: false,
    firmware: firmware('G4Receiver', 'Dexcom G4 Receiver', 'SW10050'),
    transmitterId: '6ABCD',
    factoryTransmitterId: '60000',
    sessionDays: 7,
    calibrates: true,
  },
  'g4-share': {
    name: 'g4-share',
    partitions: partitions({ 5: 3 }, false),
    egvRevision: 2,
    backfill: false,
    firmware: firmware('G4Receiver', 'Dexcom G4 Share Receiver', 'SW99994'),
    transmitterId: '6EFGH',
    factoryTransmitterId: '60000',
    sessionDays: 7,
    calibrates: true,
  },
  g5: {
    name: 'g5',
    partitions: partitions(G5_REVISIONS, false),
    egvRevision: 4,
    backfill: false,
    firmware: firmware('G5MobileReceiver', 'Dexcom G5 Mobile Receiver', 'SW10617', {
      ApiVersion: '3.0.0.0',
      FirmwareVersion: '4.0.1.048',
      PortVersion: '4.6.4.66',
      // That there are such attributes is told; what is in them is ours.
      BLESoftwareVersion: '0.0.0.0',
      BLEHardwareVersion: '0',
      BLEDeviceAddress: '000000000000',
    }),
    transmitterId: '4ABCDE',
    factoryTransmitterId: '400000',
    sessionDays: 7,
    calibrates: true,
  },
  'g5-touch': {
    name: 'g5-touch',
    partitions: partitions({ ...G5_REVISIONS, 4: 5 }, true),
    egvRevision: 5,
    backfill: true,
    firmware: firmware('ScoutReceiver', 'Dexcom G5 Touchscreen Receiver', 'SW10751', {
      FirmwareVersion: '5.0.1.043',
    }),
    transmitterId: '4FGHJK',
    factoryTransmitterId: '400000',
    sessionDays: 7,
    calibrates: true,
  },
  g6: {
    name: 'g6',
    partitions: partitions({ ...G5_REVISIONS, 4: 5, 12: 6 }, true),
    egvRevision: 5,
    backfill: true,
    firmware: firmware('OrionReceiver', 'Dexcom G6 Touchscreen Receiver', 'SW99996', {
      FirmwareVersion: '5.1.1.022',
    }),
    transmitterId: '8GHJK2',
    factoryTransmitterId: '888888',
    sessionDays: 10,
    calibrates: false,
  },
};

/** The firmware header as a receiver sends it: single quotes, no space at the end. */
export function firmwareHeaderText(profile: ReceiverProfile): string {
  // receiver §3.4
  const element = { name: 'FirmwareHeader', attributes: profile.firmware, children: [] };
  return formatXml(element, { quote: "'", end: '/>' });
}

/** The partition list as a G4 sends it; for other receivers the form is ours. */
export function partitionInfoText(partitions: readonly Partition[]): string {
  // receiver §3.5
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
