import {
  formatXml,
  PAGE_DATA_SIZE,
  type Partition,
  recordFormat,
  recordsPerPage,
} from '@egvkit/protocol/receiver';

/** One partition of a receiver: what it stores there, and how much. */
export interface PartitionProfile {
  readonly recordType: number;
  /** Revision of its records, which decides their layout. */
  readonly revision: number;
  /** Pages of the ring; one that was never seen to wrap has none. */
  readonly ringPages?: number;
}

export type ProfileName = 'g4' | 'g4-share' | 'g5' | 'g5-touch' | 'g6';

/** What differs between the receivers that can be emulated (spec/receiver §0.3). */
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
  /** What the settings hold before a transmitter is paired (§5.11). */
  readonly factoryTransmitterId: string;
  /** How long a sensor lasts. Seven days are captured (§5.7); the ten of a G6 are ours. */
  readonly sessionDays: number;
  /** Whether meter values make calibrations. Ours for a G6, whose calibration sets are unknown. */
  readonly calibrates: boolean;
}

/** Revision and ring of every partition of a G4, captured (§12.8, §12.9). */
const G4_PARTITIONS: readonly PartitionProfile[] = [
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

/** Ours: as many readings as two days without a transmitter would need. */
const BACKFILL_RECORDS = 576;

/** The partitions of a G4 at other revisions, each ring as long in records as the G4's (ours). */
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

/** Captured from a G4; no text of another receiver is known (§10.1), so theirs have these too. */
function firmware(
  ProductId: string,
  ProductName: string,
  SoftwareNumber: string,
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
  };
}

/** Revisions told for newer receivers (§4.2); where a type is not named, the G4's are ours. */
const G5_REVISIONS = { 4: 4, 5: 3, 7: 2, 10: 3, 12: 5 } as const;

/**
 * The flavours. What a G4 says is captured. Of the others the EGV, backfill and settings
 * revisions, the product ids of both touchscreen receivers and the software number of the G5
 * touchscreen are told by sources; what else they say is unknown (§10.9, §10.12) and ours.
 */
export const RECEIVER_PROFILES: Readonly<Record<ProfileName, ReceiverProfile>> = {
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
    firmware: firmware('EmulatedG5Receiver', 'Dexcom G5 Receiver', 'SW99995'),
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
    firmware: firmware('ScoutReceiver', 'Dexcom G5 Touchscreen Receiver', 'SW10751'),
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
    firmware: firmware('OrionReceiver', 'Dexcom G6 Touchscreen Receiver', 'SW99996'),
    transmitterId: '8GHJK2',
    factoryTransmitterId: '888888',
    sessionDays: 10,
    calibrates: false,
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
