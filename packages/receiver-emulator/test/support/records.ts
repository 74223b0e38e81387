import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord, XmlRecord } from '@egvkit/protocol/receiver';
import {
  formatXml,
  glucoseOf,
  predictionOf,
  trendByteOf,
  xmlRecordBytes,
} from '@egvkit/protocol/receiver/wire';
import { type PartitionContent, ReceiverDatabase } from '../../src/database.ts';
import type { ReceiverProfile } from '../../src/profiles.ts';
import { NOW_SECONDS } from './clock.ts';

/** Records of a full page, by revision. */
export const RECORDS_PER_PAGE = { 2: 38, 4: 21, 5: 20 } as const; // receiver §4.2

export interface EgvParts {
  readonly recordType?: 4 | 18;
  readonly systemSeconds?: number;
  readonly word?: number;
  readonly trend?: number;
}

/** An EGV record; what the revision has no room for is not in it. */
export function egv(revision: 2 | 4 | 5, parts: EgvParts = {}): EgvRecord {
  const { recordType = 4, word = 112, trend = 0x14 } = parts;
  const system = parts.systemSeconds ?? NOW_SECONDS;
  return {
    kind: 'egv',
    recordType,
    revision,
    index: 0,
    systemSeconds: systemSeconds(system),
    displaySeconds: displaySeconds(system - 25_200),
    glucose: glucoseOf(word),
    trend: trendByteOf(trend),
    ...(revision >= 4 && {
      transmitter: {
        measuredSystemSeconds: systemSeconds(system - 2),
        transmitterSeconds: 865_432,
        filteredRate: -7,
        algorithmState: 6,
      },
    }),
    ...(revision === 5 && { prediction: predictionOf(121) }),
  };
}

/** Readings five minutes apart, the newest now; the value tells one from the other. */
export function readings(revision: 2 | 4 | 5, count: number, recordType: 4 | 18 = 4): EgvRecord[] {
  return Array.from({ length: count }, (_, i) =>
    egv(revision, {
      recordType,
      word: 60 + (i % 300),
      systemSeconds: NOW_SECONDS - 300 * (count - 1 - i),
    }),
  );
}

/** A manufacturing record with that serial number; undefined for one that has none. */
function manufacturing(serialNumber: string | undefined): XmlRecord {
  const attributes: Record<string, string> =
    serialNumber === undefined ? {} : { SerialNumber: serialNumber };
  const element = { name: 'ManufacturingParameters', attributes, children: [] };
  const text = formatXml(element, { quote: '"', end: ' />' });
  return {
    kind: 'xml',
    recordType: 0,
    revision: 1,
    index: 0,
    systemSeconds: systemSeconds(126_000_000),
    displaySeconds: displaySeconds(126_000_000 - 28_800),
    bytes: xmlRecordBytes(text),
    text,
    element,
  };
}

export interface DatabaseParts {
  readonly egv?: readonly EgvRecord[];
  readonly egvFirstPage?: number;
  readonly backfilled?: readonly EgvRecord[];
  /** Serial numbers of the manufacturing records, oldest first. */
  readonly serialNumbers?: readonly (string | undefined)[];
}

/** A database of those partitions; backfilled readings only where the receiver keeps them. */
export function database(profile: ReceiverProfile, parts: DatabaseParts = {}): ReceiverDatabase {
  const { egv = [], egvFirstPage = 0, backfilled = [], serialNumbers = ['SM00000001'] } = parts;
  const partitions: PartitionContent[] = [
    { recordType: 0, revision: 1, firstPage: 0, records: serialNumbers.map(manufacturing) },
    { recordType: 4, revision: profile.egvRevision, firstPage: egvFirstPage, records: egv },
  ];
  if (profile.backfill) {
    partitions.push({ recordType: 18, revision: 5, firstPage: 0, records: backfilled });
  }
  return new ReceiverDatabase(partitions);
}
