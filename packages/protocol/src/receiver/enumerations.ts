/** Response codes: the byte of a reply in place of the command. Only `ACK` was ever captured. */
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

/** Noise level, bits 4–6 of the trend byte. */
export const NOISE_LEVELS = {
  // receiver §6.2
  0: 'none',
  1: 'clean',
  2: 'light',
  3: 'medium',
  4: 'heavy',
  5: 'notComputed',
  6: 'max',
} as const;

/** Values below 20 in a glucose word are states, never glucose. */
export const SPECIAL_GLUCOSE_CODES = {
  // receiver §6.3
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

/** Command 37: what the screen shows; records are always mg/dL. */
export const GLUCOSE_UNITS = { 0: 'none', 1: 'mg/dL', 2: 'mmol/L' } as const; // receiver §6.8

/** Command 41. */
export const CLOCK_MODES = { 0: '24-hour', 1: '12-hour' } as const; // receiver §6.9

/** Command 48. */
export const BATTERY_STATES = {
  // receiver §6.7
  0: 'none',
  1: 'charging',
  2: 'notCharging',
  3: 'ntcFault',
  4: 'badBattery',
} as const;

/** Commands 59 and 60. */
export const CHARGER_CURRENTS = {
  // receiver §6.6
  0: 'off',
  1: '100 mA',
  2: '500 mA',
  3: 'maximum',
  4: 'suspended',
} as const;

/** Command 27: Windows language ids. */
export const LANGUAGES = {
  // receiver §6.10
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

/** Beginnings and ends of sensor sessions, in insertion records. */
export const SESSION_STATES = {
  // receiver §6.4
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

/** Types of user events. */
export const EVENT_TYPES = {
  // receiver §6.5
  1: 'carbohydrates',
  2: 'insulin',
  3: 'health',
  4: 'exercise',
} as const;

/** Subtypes of health events. */
export const HEALTH_EVENTS = {
  // receiver §6.5
  1: 'illness',
  2: 'stress',
  3: 'highSymptoms',
  4: 'lowSymptoms',
  5: 'cycle',
  6: 'alcohol',
} as const;

/** Subtypes of exercise events. */
export const EXERCISE_LEVELS = { 1: 'light', 2: 'medium', 3: 'heavy' } as const; // receiver §6.5

/** Alarm profiles of user settings. */
export const ALARM_PROFILES = {
  // receiver §6.11
  1: 'vibrate',
  2: 'soft',
  3: 'normal',
  4: 'attentive',
  5: 'hypoSafe',
} as const;

/** Raw values of a sensor record that a calibration can take. */
export const RAW_VALUE_KINDS = { 0: 'unfiltered', 1: 'filtered' } as const; // receiver §5.5

/** Categories of entries in the receiver log (names ours). */
export const LOG_CATEGORIES = {
  // receiver §5.8
  9: 'screen',
  16: 'sensorSession',
  18: 'battery',
  22: 'externalPower',
} as const;

/** Codes of screen entries in the log that coincide with something else (names ours). */
export const SCREEN_CODES = {
  // receiver §12.10
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

/** Codes of session entries in the log (names ours). */
export const SESSION_CODES = { 1: 'sessionStopped', 3: 'sessionStarted' } as const; // receiver §12.10

/** Codes of power entries in the log (names ours). */
export const POWER_CODES = { 1: 'powerAttached', 2: 'powerRemoved' } as const; // receiver §12.10

/** Record types by number, named as the receiver's own partition list names them. */
export const RECORD_TYPES = {
  // receiver §5, §12.8
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
