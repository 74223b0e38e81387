import { InputError } from '@egvkit/protocol';
import {
  type AberrationRecord,
  type CalibrationRecord,
  type EgvRecord,
  type EventRecord,
  type InsertionRecord,
  type LogRecord,
  type MeterRecord,
  type RawRecord,
  RECORD_TYPES,
  type ReceiverErrorRecord,
  type ReceiverRecord,
  type RecordTypeName,
  type SensorRecord,
  type SettingsRecord,
  type XmlRecord,
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

const PARTITION_NAMES: Readonly<Record<RecordName, RecordTypeName>> = {
  manufacturing: 'ManufacturingData',
  firmwareParameters: 'FirmwareParameterData',
  pcSoftwareParameters: 'PCSoftwareParameter',
  sensor: 'SensorData',
  egv: 'EGVData',
  calibration: 'CalSet',
  aberration: 'Aberration',
  insertion: 'InsertionTime',
  log: 'ReceiverLogData',
  error: 'ReceiverErrorData',
  meter: 'MeterData',
  event: 'UserEventData',
  settings: 'UserSettingData',
  backfilledEgv: 'BackfilledEGVData',
};

const NUMBERS = new Map<RecordTypeName, number>(
  Object.entries(RECORD_TYPES).map(([number, name]) => [name, Number(number)]),
);

/** The names of all record types, in the order of their numbers. */
export const RECORD_NAMES: readonly RecordName[] = Object.keys(PARTITION_NAMES) as RecordName[];

/**
 * The number of a record type on the wire. A number stays what it is: types that have no name can
 * be read too.
 *
 * @throws InputError `outOfRange` for a name that is none
 */
export function recordTypeOf(type: RecordName | number): number {
  if (typeof type === 'number') return type;
  const number = Object.hasOwn(PARTITION_NAMES, type)
    ? NUMBERS.get(PARTITION_NAMES[type])
    : undefined;
  if (number === undefined) {
    throw new InputError('outOfRange', {
      what: 'record type',
      value: type,
      allowed: `a number or one of ${RECORD_NAMES.join(', ')}`,
    });
  }
  return number;
}

/** The name of a record type; undefined for a number that has none. */
export function recordNameOf(recordType: number): RecordName | undefined {
  return RECORD_NAMES.find((name) => recordTypeOf(name) === recordType);
}

/** A record type by name or number, and what its records are then. */
export type RecordOf<Type extends RecordName | number> = Type extends RecordName
  ? RecordsByName[Type]
  : ReceiverRecord | RawRecord;

/** Record types that every receiver has. Whether it has the others is unknown. */
const ALWAYS_THERE: readonly number[] = (['manufacturing', 'egv'] as const).map(recordTypeOf);

/** Tells record types that a receiver may lack, and say so by refusing them. */
export function isOptional(recordType: number): boolean {
  return !ALWAYS_THERE.includes(recordType);
}
