import { readFileSync } from 'node:fs';
import {
  FACTORY_TRANSMITTER_IDS,
  keepsBackfilled,
  parseFirmwareHeader,
  parsePartitionInfo,
} from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { firmwareHeaderText, partitionInfoText, RECEIVER_PROFILES } from '../../src/profiles.ts';
import { history } from '../support/history.ts';

const VECTORS = new URL('../../../protocol/test/vectors/receiver-vectors.json', import.meta.url);
const { partitionsG4, packets } = JSON.parse(readFileSync(VECTORS, 'utf8'));
const PROFILES = Object.values(RECEIVER_PROFILES);

interface PartitionRow {
  readonly id: number;
  readonly revision: number;
  readonly windowPages?: number;
}

describe('the G4', () => {
  it('has the partitions and rings that were captured', () => {
    // receiver §12.8, §12.9
    const rows = partitionsG4.rows.map(({ id, revision, windowPages }: PartitionRow) => ({
      recordType: id,
      revision,
      ...(windowPages !== undefined && { ringPages: windowPages }),
    }));
    expect(RECEIVER_PROFILES.g4.partitions).toEqual(rows);
  });

  it('says its partition list in 1104 characters, those of the vector', () => {
    const text = partitionInfoText(history({ days: 0 }).partitions());
    expect(text).toHaveLength(1104);
    const vector = packets.find(({ name }: { name: string }) => name.includes('SW10050'));
    expect(Buffer.from(text).toString('hex')).toBe(vector.payload);
  });

  it('says its firmware header in 253 characters', () => {
    // receiver §3.4
    expect(firmwareHeaderText(RECEIVER_PROFILES.g4)).toHaveLength(253);
  });
});

describe('every profile', () => {
  it.each([
    ['g4', 'G4Receiver', 'SW10050', 2, false],
    ['g4-share', 'G4Receiver', 'SW99994', 2, false],
    ['g5', 'G5MobileReceiver', 'SW10617', 4, false],
    ['g5-touch', 'ScoutReceiver', 'SW10751', 5, true],
    ['g6', 'OrionReceiver', 'SW99996', 5, true],
  ] as const)(
    '%s has its product, software, EGV revision and backfill',
    (name, productId, softwareNumber, egv, backfill) => {
      const profile = RECEIVER_PROFILES[name];
      expect(parseFirmwareHeader(firmwareHeaderText(profile))).toMatchObject({
        productId,
        softwareNumber,
      });
      expect(profile).toMatchObject({ name, egvRevision: egv, backfill });
      expect(keepsBackfilled(productId)).toBe(backfill);
      const revisions = new Map(profile.partitions.map((one) => [one.recordType, one.revision]));
      expect(revisions.get(4)).toBe(egv);
      expect(revisions.get(18)).toBe(backfill ? 5 : undefined);
    },
  );

  it.each(PROFILES)('$name has a transmitter id of its form, and a factory one', (profile) => {
    const length = profile.name.startsWith('g4') ? 5 : 6;
    expect(profile.transmitterId).toMatch(new RegExp(`^[0-9A-HJ-NP-UWXY]{${length}}$`));
    expect(FACTORY_TRANSMITTER_IDS).toContain(profile.factoryTransmitterId);
    expect(FACTORY_TRANSMITTER_IDS).not.toContain(profile.transmitterId);
  });

  it.each(PROFILES)('$name lists what it stores, as the driver reads it', (profile) => {
    const partitions = history({ profile, days: 0 }).partitions();
    expect(parsePartitionInfo(partitionInfoText(partitions))).toEqual(partitions);
    expect(partitions.map(({ recordType }) => recordType)).toEqual([
      ...Array.from({ length: 13 }, (_, type) => type),
      ...(profile.backfill ? [18] : []),
    ]);
  });

  it.each(PROFILES)('$name has rings that hold as many records as those of a G4', (profile) => {
    const records = (name: keyof typeof RECEIVER_PROFILES, type: number) => {
      const content = history({ profile: RECEIVER_PROFILES[name], days: 0 });
      const row = RECEIVER_PROFILES[name].partitions.find((one) => one.recordType === type)!;
      const { recordLength } = content.partitions().find((one) => one.recordType === type)!;
      return (row.ringPages! - 1) * Math.floor(500 / recordLength);
    };
    for (const type of [3, 4, 5, 7, 8, 10, 11]) {
      expect(records(profile.name, type)).toBeGreaterThanOrEqual(records('g4', type));
    }
  });
});
