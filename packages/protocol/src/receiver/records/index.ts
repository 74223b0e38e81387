import type { FieldDescription, FieldWords } from '../../layout.ts';
import * as aberration from './aberration.ts';
import * as calibration from './calibration.ts';
import * as egv from './egv.ts';
import * as event from './event.ts';
import * as insertion from './insertion.ts';
import * as log from './log.ts';
import * as meter from './meter.ts';
import * as receiverError from './receiver-error.ts';
import {
  type AboutFormat,
  type FindFormat,
  formatFinder,
  PREFIX_WORDS,
  type RecordFormat,
} from './record.ts';
import * as sensor from './sensor.ts';
import * as settings from './settings.ts';
import * as xml from './xml.ts';

/** Every record whose layout is known, told apart by `kind`. */
export type ReceiverRecord =
  | xml.XmlRecord
  | sensor.SensorRecord
  | egv.EgvRecord
  | calibration.CalibrationRecord
  | aberration.AberrationRecord
  | insertion.InsertionRecord
  | log.LogRecord
  | receiverError.ReceiverErrorRecord
  | meter.MeterRecord
  | event.EventRecord
  | settings.SettingsRecord;

/** Every known layout; what is not here is not guessed at. */
const FORMATS = [
  xml.XML_FORMATS,
  sensor.SENSOR_FORMATS,
  egv.EGV_FORMATS,
  calibration.CALIBRATION_FORMATS,
  aberration.ABERRATION_FORMATS,
  insertion.INSERTION_FORMATS,
  log.LOG_FORMATS,
  receiverError.RECEIVER_ERROR_FORMATS,
  meter.METER_FORMATS,
  event.EVENT_FORMATS,
  settings.SETTINGS_FORMATS,
].flatMap((formats) => formats as readonly RecordFormat<ReceiverRecord>[]);

/** Finds the layout of a record type at a revision; undefined if it is unknown. */
export const recordFormat: FindFormat<ReceiverRecord> = formatFinder(FORMATS);

/** A row of {@link RECORD_FORMATS}: a layout and all facts about it. */
export type KnownFormat = RecordFormat<ReceiverRecord> &
  Omit<AboutFormat, 'words'> & {
    readonly name: string;
    readonly fields: readonly (FieldDescription & { readonly doc: string })[];
  };

/** Joins the layouts with what is known of them. */
function knownFormats(): readonly KnownFormat[] {
  // In the order of the layouts, since a driver does not carry the names of these along.
  const about: Readonly<Record<string, AboutFormat>> = {
    ...xml.about,
    ...sensor.about,
    ...egv.about,
    ...calibration.about,
    ...aberration.about,
    ...insertion.about,
    ...log.about,
    ...receiverError.about,
    ...meter.about,
    ...event.about,
    ...settings.about,
  };
  return Object.entries(about).map(([name, { words, ...facts }], at) => {
    const format = FORMATS[at]!;
    const all: FieldWords = { ...PREFIX_WORDS, ...words };
    const fields = format.fields.map((field) => ({ ...field, doc: all[field.name] ?? '' }));
    return { ...format, name, ...facts, fields };
  });
}

/** Every known layout and all facts about it, one row for each. */
export const RECORD_FORMATS: readonly KnownFormat[] = /* @__PURE__ */ knownFormats();
