import { type Field, mapped } from '../layout.ts';

/** A number from the wire beside its name; `unknown` where no source has a name for it. */
export interface Named<Name extends string> {
  readonly raw: number;
  readonly name: Name | 'unknown';
}

type Names = Readonly<Record<number, string>>;

/** The name for a raw value. */
export function named<T extends Names>(names: T, raw: number): Named<T[keyof T & number]> {
  return { raw, name: (names[raw] as T[keyof T & number] | undefined) ?? 'unknown' };
}

/** A number field that is read with its name. */
export function namedField<T extends Names>(
  field: Field<number>,
  names: T,
): Field<Named<T[keyof T & number]>> {
  return mapped(
    field,
    (raw) => named(names, raw),
    (value) => value.raw,
  );
}

/** What a reply says in place of the command (§2.3). Only `ack` was ever captured. */
export const RESPONSE_CODES = {
  0: 'NULL',
  1: 'ACK',
  2: 'NAK',
  3: 'INVALID_COMMAND',
  4: 'INVALID_PARAM',
  5: 'INCOMPLETE_PACKET_RECEIVED',
  6: 'RECEIVER_ERROR',
  7: 'INVALID_MODE',
} as const;

/** The one response code that is success. */
export const ACK = 1;

/** Noise level, bits 4–6 of the trend byte (§6.2). */
export const NOISE_LEVELS = {
  0: 'none',
  1: 'clean',
  2: 'light',
  3: 'medium',
  4: 'heavy',
  5: 'notComputed',
  6: 'max',
} as const;

/** Values below 20 in a glucose word are states, never glucose (§6.3). */
export const SPECIAL_GLUCOSE_CODES = {
  0: 'none',
  1: 'sensorNotActive',
  2: 'minimalDeviation',
  3: 'noAntenna',
  5: 'sensorNotCalibrated',
  6: 'countsDeviation',
  9: 'absoluteDeviation',
  10: 'powerDeviation',
  12: 'badRf',
} as const;

/** Command 37 (§6.8): what the screen shows; records are always mg/dL. */
export const GLUCOSE_UNITS = { 0: 'none', 1: 'mg/dL', 2: 'mmol/L' } as const;

/** Command 41 (§6.9). */
export const CLOCK_MODES = { 0: '24-hour', 1: '12-hour' } as const;

/** Command 48 (§6.7). */
export const BATTERY_STATES = {
  0: 'none',
  1: 'charging',
  2: 'notCharging',
  3: 'ntcFault',
  4: 'badBattery',
} as const;

/** Commands 59 and 60 (§6.6). */
export const CHARGER_CURRENTS = {
  0: 'off',
  1: '100 mA',
  2: '500 mA',
  3: 'maximum',
  4: 'suspended',
} as const;

/** Command 27 (§6.10): Windows language ids. */
export const LANGUAGES = {
  0: 'none',
  1029: 'Czech',
  1030: 'Danish',
  1031: 'German',
  1033: 'English',
  1034: 'Spanish',
  1035: 'Finnish',
  1036: 'French',
  1038: 'Hungarian',
  1040: 'Italian',
  1043: 'Dutch',
  1044: 'Norwegian Bokmål',
  1045: 'Polish',
  1046: 'Portuguese (Brazil)',
  1053: 'Swedish',
  1055: 'Turkish',
  3084: 'French (Canada)',
} as const;

/** How a sensor session began or ended, in insertion records (§6.4). */
export const SESSION_STATES = {
  0: 'none',
  1: 'removed',
  2: 'expired',
  3: 'residualDeviation',
  4: 'countsDeviation',
  5: 'secondSession',
  6: 'offTimeLoss',
  7: 'started',
  8: 'badTransmitter',
  9: 'manufacturingMode',
} as const;

/** What a user event is about (§6.5). */
export const EVENT_TYPES = {
  1: 'carbohydrates',
  2: 'insulin',
  3: 'health',
  4: 'exercise',
} as const;

/** Subtypes of health events (§6.5). */
export const HEALTH_EVENTS = {
  1: 'illness',
  2: 'stress',
  3: 'highSymptoms',
  4: 'lowSymptoms',
  5: 'cycle',
  6: 'alcohol',
} as const;

/** Subtypes of exercise events (§6.5). */
export const EXERCISE_LEVELS = { 1: 'light', 2: 'medium', 3: 'heavy' } as const;

/** Alarm profiles of user settings (§6.11). */
export const ALARM_PROFILES = {
  1: 'vibrate',
  2: 'soft',
  3: 'normal',
  4: 'attentive',
  5: 'hypoSafe',
} as const;

/** Which raw value of a sensor record a calibration took (§5.5). */
export const RAW_VALUE_KINDS = { 0: 'unfiltered', 1: 'filtered' } as const;

/** What an entry of the receiver log is about (§5.8; names ours). */
export const LOG_CATEGORIES = {
  9: 'screen',
  16: 'sensorSession',
  18: 'battery',
  22: 'externalPower',
} as const;

/** Codes of screen entries in the log that coincide with something else (§12.10; names ours). */
export const SCREEN_CODES = {
  1: 'trendScreenShown',
  6: 'menu',
  10: 'meterValueConfirmed',
  12: 'menu',
  17: 'carbohydrateDialogue',
  18: 'carbohydrateDialogue',
  19: 'carbohydratesStored',
  20: 'insulinDialogue',
  21: 'insulinDialogue',
  22: 'insulinStored',
  59: 'displayOff',
} as const;

/** Codes of session entries in the log (§12.10; names ours). */
export const SESSION_CODES = { 1: 'sessionStopped', 3: 'sessionStarted' } as const;

/** Codes of power entries in the log (§12.10; names ours). */
export const POWER_CODES = { 1: 'powerAttached', 2: 'powerRemoved' } as const;

/** Record types by number, named as the receiver's own partition list names them (§5, §12.8). */
export const RECORD_TYPES = {
  0: 'ManufacturingData',
  1: 'FirmwareParameterData',
  2: 'PCSoftwareParameter',
  3: 'SensorData',
  4: 'EGVData',
  5: 'CalSet',
  6: 'Aberration',
  7: 'InsertionTime',
  8: 'ReceiverLogData',
  9: 'ReceiverErrorData',
  10: 'MeterData',
  11: 'UserEventData',
  12: 'UserSettingData',
  18: 'BackfilledEGVData',
} as const;

export type RecordTypeName = (typeof RECORD_TYPES)[keyof typeof RECORD_TYPES];
