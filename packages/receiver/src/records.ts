import { outOfRange } from '@egvkit/protocol';
import type {
  AberrationRecord,
  CalibrationRecord,
  EgvRecord,
  EventRecord,
  InsertionRecord,
  LogRecord,
  MeterRecord,
  RawRecord,
  ReceiverErrorRecord,
  ReceiverRecord,
  SensorRecord,
  SettingsRecord,
  XmlRecord,
} from '@egvkit/protocol/receiver';

/** The record types that can be asked for by name, and what they give. */
export interface RecordsByName {
  // receiver §5
  /** Serial number and hardware, as XML; the newest counts. */
  manufacturing: XmlRecord;
  firmwareParameters: XmlRecord;
  pcSoftwareParameters: XmlRecord;
  /** Raw counts of the sensor, every five minutes. */
  sensor: SensorRecord;
  /** Estimated glucose values, every five minutes. */
  egv: EgvRecord;
  calibration: CalibrationRecord;
  aberration: AberrationRecord;
  /** Begins and ends of sensor sessions. */
  insertion: InsertionRecord;
  /** Key presses, screens, power: hundreds a day. */
  log: LogRecord;
  error: ReceiverErrorRecord;
  /** Values of a blood glucose meter that were entered. */
  meter: MeterRecord;
  /** Carbohydrates, insulin, health and exercise, as the user entered them. */
  event: EventRecord;
  /** The settings after every change of them. */
  settings: SettingsRecord;
  /** Readings that the transmitter delivered late; only touchscreen receivers keep them. */
  backfilledEgv: EgvRecord; // receiver §5.4
}

export type RecordName = keyof RecordsByName;

/** The numbers on the wire; `RECORD_TYPES` has the names that receivers give them. */
const NUMBERS: Readonly<Record<RecordName, number>> = {
  // receiver §5
  manufacturing: 0,
  firmwareParameters: 1,
  pcSoftwareParameters: 2,
  sensor: 3,
  egv: 4,
  calibration: 5,
  aberration: 6,
  insertion: 7,
  log: 8,
  error: 9,
  meter: 10,
  event: 11,
  settings: 12,
  backfilledEgv: 18,
};

/** The names of all record types, in the order of their numbers. */
export const RECORD_NAMES: readonly RecordName[] = Object.keys(NUMBERS) as RecordName[];

/**
 * The number of a record type on the wire. A number stays what it is: types that have no name can
 * be read too.
 *
 * @throws InputError `outOfRange` for a name that is none
 */
export function recordTypeOf(type: RecordName | number): number {
  if (typeof type === 'number') return type;
  if (!Object.hasOwn(NUMBERS, type)) {
    throw outOfRange('record type', type, `a number or one of ${RECORD_NAMES.join(', ')}`);
  }
  return NUMBERS[type];
}

/** The name of a record type; undefined for a number that has none. */
export function recordNameOf(recordType: number): RecordName | undefined {
  return RECORD_NAMES.find((name) => NUMBERS[name] === recordType);
}

/** A record type by name or number, and what its records are then. */
export type RecordOf<Type extends RecordName | number> = Type extends RecordName
  ? RecordsByName[Type]
  : ReceiverRecord | RawRecord;

/** Record types that every receiver has. Whether it has the others is unknown. */
const ALWAYS_THERE: readonly number[] = [NUMBERS.manufacturing, NUMBERS.egv];

/** Tells record types that a receiver may lack, and say so by refusing them. */
export function isOptional(recordType: number): boolean {
  return !ALWAYS_THERE.includes(recordType);
}
