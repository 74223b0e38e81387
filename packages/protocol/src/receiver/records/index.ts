import { ABERRATION_FORMATS, type AberrationRecord } from './aberration.ts';
import { CALIBRATION_FORMATS, type CalibrationRecord } from './calibration.ts';
import { EGV_FORMATS, type EgvRecord } from './egv.ts';
import { EVENT_FORMATS, type EventRecord } from './event.ts';
import { INSERTION_FORMATS, type InsertionRecord } from './insertion.ts';
import { LOG_FORMATS, type LogRecord } from './log.ts';
import { METER_FORMATS, type MeterRecord } from './meter.ts';
import { RECEIVER_ERROR_FORMATS, type ReceiverErrorRecord } from './receiver-error.ts';
import { type FindFormat, formatFinder, type RecordFormat } from './record.ts';
import { SENSOR_FORMATS, type SensorRecord } from './sensor.ts';
import { SETTINGS_FORMATS, type SettingsRecord } from './settings.ts';
import { XML_FORMATS, type XmlRecord } from './xml.ts';

/** Every record whose layout is known, told apart by `kind`. */
export type ReceiverRecord =
  | XmlRecord
  | SensorRecord
  | EgvRecord
  | CalibrationRecord
  | AberrationRecord
  | InsertionRecord
  | LogRecord
  | ReceiverErrorRecord
  | MeterRecord
  | EventRecord
  | SettingsRecord;

/** Every known layout. One row for each; what is not here is not guessed at. */
export const RECORD_FORMATS: readonly RecordFormat<ReceiverRecord>[] = [
  XML_FORMATS,
  SENSOR_FORMATS,
  EGV_FORMATS,
  CALIBRATION_FORMATS,
  ABERRATION_FORMATS,
  INSERTION_FORMATS,
  LOG_FORMATS,
  RECEIVER_ERROR_FORMATS,
  METER_FORMATS,
  EVENT_FORMATS,
  SETTINGS_FORMATS,
].flatMap((formats) => formats as readonly RecordFormat<ReceiverRecord>[]);

/** Finds the layout of a record type at a revision; undefined if it is unknown. */
export const recordFormat: FindFormat<ReceiverRecord> = formatFinder(RECORD_FORMATS);
