import {
  isUploadable,
  outOfRange,
  type Reading,
  readingOf,
  TREND_NAMES,
  type TrendName,
} from '@egvkit/protocol';
import type { CalibrationData, PlannedReading } from '../../uploaded-data.ts';
import { sha1 } from './access.ts';

/** Kinds of entries that are sent: sensor values, meter values, calibrations. */
export type EntryType = 'sgv' | 'mbg' | 'cal';

/** An entry as it is sent. */
export interface Entry extends Readonly<Record<string, string | number>> {
  readonly type: EntryType;
  /** Unix ms. */
  readonly date: number;
}

/** Named in all entries: what else is sent for the same moment must name it too (nightscout §5.3). */
const APP = 'egvkit';
/** Directions that Nightscout spells otherwise. */
const SPELLINGS: Partial<Readonly<Record<TrendName, string>>> = {
  // nightscout §2.2
  None: 'NONE',
  NotComputable: 'NOT COMPUTABLE',
  RateOutOfRange: 'RATE OUT OF RANGE',
};
const DIRECTIONS = new Map<unknown, TrendName>(
  TREND_NAMES.map((name) => [SPELLINGS[name] ?? name, name]),
);
/** Levels of noise that mean the same to Nightscout. */
const NOISES = [1, 2, 3, 4]; // nightscout §2.3

function entry<Parts extends object>(type: EntryType, utcMs: number, device: string, parts: Parts) {
  return {
    ...{ type, date: utcMs, dateString: new Date(utcMs).toISOString(), utcOffset: 0 },
    ...{ device, app: APP, ...parts },
  };
}

/**
 * Makes an entry of a reading. LOW and HIGH go out as 39 and 401, which Nightscout shows as words.
 *
 * @throws InputError `outOfRange` for what is no glucose
 */
export function entryOfReading(reading: PlannedReading, device: string): Entry {
  const { value, utcMs, trend, details = {} } = reading;
  if (!isUploadable(value)) {
    const allowed = '39 (LOW) to 401 (HIGH), in whole mg/dL';
    throw outOfRange('The value of a reading', value, allowed);
  }
  const { noise, filtered, unfiltered, rssi } = details;
  const name = trend.name === 'unknown' ? 'NotComputable' : trend.name;
  return entry('sgv', utcMs, device, {
    ...{ sgv: value, direction: SPELLINGS[name] ?? name },
    ...(noise !== undefined && NOISES.includes(noise) && { noise }),
    ...(filtered !== undefined && { filtered }),
    ...(unfiltered !== undefined && { unfiltered }),
    ...(rssi !== undefined && { rssi }),
  });
}

/** Makes an entry of a meter value or a calibration. */
export function entryOfCalibration(record: CalibrationData, device: string): Entry {
  if (record.kind === 'meter') return entry('mbg', record.utcMs, device, { mbg: record.mgDl });
  const { slope, intercept, scale } = record;
  return entry('cal', record.utcMs, device, { slope, intercept, scale });
}

type Fields = Readonly<Record<string, unknown>>;

/** Time and identity of an entry that is there; undefined if it has no time. */
export interface StoredEntry {
  readonly id: string;
  readonly date: number;
  readonly fields: Fields;
}

/** Reads of an entry that some program sent what all have. */
export function storedEntry(value: unknown): StoredEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Fields;
  const { _id, identifier, date } = fields;
  if (typeof date !== 'number' || !Number.isFinite(date)) return undefined;
  const id = [_id, identifier].find((one) => typeof one === 'string') ?? JSON.stringify(fields);
  return { id: String(id), date, fields };
}

/** Makes a reading of an entry; undefined for one without glucose, such as an error code. */
export function readingOfEntry({ date, fields }: StoredEntry): Reading | undefined {
  const value = numberIn(fields.sgv);
  if (value === undefined) return undefined;
  const { direction } = fields;
  const trend = { raw: direction, name: DIRECTIONS.get(direction) ?? ('unknown' as const) };
  const reading = readingOf(value, { utcMs: date, trend, source: 'nightscout' });
  return reading.status === 'special' ? undefined : reading;
}

/** Makes a meter value or a calibration of an entry; undefined for one without. */
export function calibrationOfEntry({
  date,
  fields,
}: StoredEntry): Omit<CalibrationData, 'key'> | undefined {
  const mgDl = numberIn(fields.mbg);
  if (fields.type === 'mbg') {
    return mgDl === undefined ? undefined : asCalibration({ kind: 'meter', utcMs: date, mgDl });
  }
  const [slope, intercept, scale] = ['slope', 'intercept', 'scale'].map((name) =>
    numberIn(fields[name]),
  );
  if (slope === undefined || intercept === undefined || scale === undefined) return undefined;
  return asCalibration({ kind: 'calibration', utcMs: date, slope, intercept, scale });
}

type Keyless<Of> = Of extends unknown ? Omit<Of, 'key'> : never;
const asCalibration = (record: Keyless<CalibrationData>): Omit<CalibrationData, 'key'> => record;

/** A number, also as the text that some programs send. */
function numberIn(value: unknown): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  return isNumber && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

const NAMESPACE = new TextEncoder().encode('NightscoutRocks!'); // nightscout §5.3

/**
 * Makes the identifier of an entry that is no sensor value: a UUID of version 5 of device, time and
 * type. A site's own has no type in it, so that one of a meter value would take the place of a reading.
 */
export async function identifierOf({ device, date, type }: Entry): Promise<string> {
  const name = new TextEncoder().encode(`${device}_${date}_${type}`);
  const hash = (await sha1(new Uint8Array([...NAMESPACE, ...name]))).subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const digits = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
