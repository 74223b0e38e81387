import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import {
  type CalibrationRecord,
  decodePage,
  type EgvRecord,
  type InsertionRecord,
  type ReceiverRecord,
  type SensorRecord,
  type SettingsRecord,
} from '@egvkit/protocol/receiver';
import {
  float64,
  glucoseOf,
  named,
  RAW_VALUE_KINDS,
  SESSION_STATES,
  trendByteOf,
} from '@egvkit/protocol/receiver/wire';
import { unhex } from '../../../protocol/test/support/bytes.ts';
import { pageByHand } from '../../../protocol/test/support/records.ts';
import { type RecordVector, VECTORS } from '../../../protocol/test/support/vectors.ts';

/** The moment the vectors begin at. */
export const T0 = 400_000_000;
/** Display time minus system time in the vectors. */
export const OFFSET = -25_200;

function base<Kind extends string>(kind: Kind, recordType: number, at: number, offset: number) {
  return {
    kind,
    recordType,
    revision: 1,
    index: at,
    systemSeconds: systemSeconds(T0 + at),
    displaySeconds: displaySeconds(T0 + at + offset),
  };
}

/** `at` is in seconds after {@link T0}, and the index too. */
export function sensor(at: number, offset = OFFSET): SensorRecord {
  return {
    ...base('sensor', 3, at, offset),
    unfiltered: 160_000,
    filtered: 158_400,
    rssi: -79,
    unknown17: 0,
  };
}

export function egv(at: number, word = 112, trend = 0x14, offset = OFFSET): EgvRecord {
  return {
    ...base('egv', 4, at, offset),
    revision: 2,
    glucose: glucoseOf(word),
    trend: trendByteOf(trend),
  };
}

export function insertion(at: number, state: number, insertedAt?: number): InsertionRecord {
  return {
    ...base('insertion', 7, at, OFFSET),
    insertionSystemSeconds: insertedAt === undefined ? null : systemSeconds(T0 + insertedAt),
    state: named(SESSION_STATES, state),
  };
}

export function calibration(at: number, finality: number): CalibrationRecord {
  const point = {
    enteredSystemSeconds: systemSeconds(T0 + at),
    meterMgDl: 110,
    sensorRaw: 124_800,
    appliedSystemSeconds: systemSeconds(T0 + at),
    rawKind: named(RAW_VALUE_KINDS, 0),
  };
  return {
    ...base('calibration', 5, at, OFFSET),
    slope: float64(850.5),
    intercept: float64(30_000),
    scale: float64(1),
    state: Uint8Array.of(3, 6),
    finality: { raw: finality, provisional: finality % 2 === 0 },
    decay: float64(0),
    subrecords: { count: 1, points: [point] },
  };
}

/** The record of a vector. */
function vectorRecord(vector: RecordVector): ReceiverRecord {
  const { recordType, revision } = vector;
  const header = { recordType, revision, pageNumber: 0, firstRecordIndex: 0 };
  const [record] = decodePage(pageByHand(header, [unhex(vector.hex)])).records;
  if (record === undefined) throw new Error(`${vector.name} has no record`);
  return record;
}

/** The G4 settings of the vectors, at another time and with some fields changed. */
export function settings(at: number, changes: Partial<SettingsRecord> = {}): SettingsRecord {
  const vector = VECTORS.records.find((one) => one.name === 'UserSetting 48-byte form (G4)');
  if (vector === undefined) throw new Error('no settings vector');
  const record = vectorRecord(vector) as SettingsRecord;
  return { ...record, ...base('settings', 12, at, OFFSET), revision: 3, ...changes };
}

/** All records of a vector page. */
export function vectorPage(name: string): readonly ReceiverRecord[] {
  const vector = VECTORS.pages.find((page) => page.name === name);
  if (vector === undefined) throw new Error(`no page ${name}`);
  return decodePage(unhex(vector.hex)).records;
}
