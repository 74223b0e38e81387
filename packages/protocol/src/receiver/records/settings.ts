import { ascii } from '../../fields.ts';
import { type Field, i32, layout, mapped, raw, u8, u16, u32 } from '../../layout.ts';
import { type Named, namedField } from '../../named.ts';
import { ALARM_PROFILES, LANGUAGES } from '../enumerations.ts';
import { PREFIX, plain, type RecordBase, type RecordFormat } from './record.ts';
import { ASCII_ID, packedTransmitterId, type TransmitterId } from './transmitter-id.ts';

/** The switches of a receiver. */
export interface SettingFlags {
  // receiver §5.11
  /** All 32 bits as stored. */
  readonly raw: number;
  readonly blinded: boolean;
  readonly clock24Hour: boolean;
  readonly manufacturingMode: boolean;
  readonly lowAlarm: boolean;
  readonly highAlarm: boolean;
  readonly riseRateAlert: boolean;
  readonly fallRateAlert: boolean;
  readonly outOfRangeAlert: boolean;
  readonly timeLossOccurred: boolean;
  /** Bits of `raw` without a known name. */
  readonly unknownBits: number;
}

/** The mask of each named switch. */
export const SETTING_FLAGS = {
  blinded: 0x001,
  clock24Hour: 0x002,
  manufacturingMode: 0x004,
  lowAlarm: 0x010,
  highAlarm: 0x020,
  riseRateAlert: 0x040,
  fallRateAlert: 0x080,
  outOfRangeAlert: 0x100,
  timeLossOccurred: 0x200,
} as const;

/** Decodes the bits of a flag word. */
export function settingFlags(word: number): SettingFlags {
  const names = Object.keys(SETTING_FLAGS) as (keyof typeof SETTING_FLAGS)[];
  const flags = Object.fromEntries(names.map((name) => [name, (word & SETTING_FLAGS[name]) !== 0]));
  const known = names.reduce((mask, name) => mask | SETTING_FLAGS[name], 0);
  return { raw: word, ...flags, unknownBits: (word & ~known) >>> 0 } as SettingFlags;
}

/** The receiver's settings after a change: the partition is a log of them. */
export interface SettingsRecord extends RecordBase {
  // receiver §5.11
  readonly kind: 'settings';
  /** System time minus RTC, seconds. */
  readonly systemOffsetSeconds: number;
  /** Display time minus system time, seconds. */
  readonly displayOffsetSeconds: number;
  readonly transmitter: TransmitterId;
  readonly flags: SettingFlags;
  readonly highAlarmMgDl: number;
  readonly highAlarmSnoozeMinutes: number;
  readonly lowAlarmMgDl: number;
  readonly lowAlarmSnoozeMinutes: number;
  /** mg/dL a minute (inferred). */
  readonly riseRate: number;
  /** mg/dL a minute (inferred), as a positive number. */
  readonly fallRate: number;
  readonly outOfRangeSnoozeMinutes: number;
  readonly language: Named<(typeof LANGUAGES)[keyof typeof LANGUAGES]>;
  readonly alarmProfile: Named<(typeof ALARM_PROFILES)[keyof typeof ALARM_PROFILES]>;
  /** 5 and above: set up completely. */
  readonly setUpState: number;
  /** Four unknown bytes; not in revision 6. */
  readonly unknownTail?: Uint8Array;
  /** Revision 6: unit unknown. */
  readonly predictiveLowSnooze?: number;
  /** Revision 6. */
  readonly brightnessLevel?: number;
  /** Revision 6: four characters. */
  readonly sensorCode?: string;
  /** Revision 6. */
  readonly unknown51?: number;
  /** Revision 6: mg/dL, scale unknown; only set outside the US. */
  readonly currentGraphHeight?: number;
  /** Revision 6: five bytes. */
  readonly unknown53?: Uint8Array;
}

const PACKED_ID: Field<TransmitterId> = mapped(
  u32('transmitter id, five base-32 digits packed'),
  packedTransmitterId,
  ({ raw: packed }) => Number(packed),
);
const ALARMS = {
  flags: mapped(u32('switches'), settingFlags, (flags) => flags.raw),
  highAlarmMgDl: u16('high alarm, mg/dL'),
  highAlarmSnoozeMinutes: u16('snooze of the high alarm, minutes'),
  lowAlarmMgDl: u16('low alarm, mg/dL'),
  lowAlarmSnoozeMinutes: u16('snooze of the low alarm, minutes'),
  riseRate: u16('rise rate, mg/dL a minute (inferred)'),
  fallRate: u16('fall rate, mg/dL a minute (inferred), unsigned'),
  outOfRangeSnoozeMinutes: u16('snooze of the out-of-range alert, minutes'),
  language: namedField(u16('Windows language id'), LANGUAGES),
  alarmProfile: namedField(u8('alarm profile'), ALARM_PROFILES),
  setUpState: u8('set-up state; 5 and above is complete'),
};
const displayOffsetSeconds = i32('display time minus system time, seconds');

const G4 = layout({
  ...PREFIX,
  systemOffsetSeconds: u32('system time minus RTC, seconds'),
  displayOffsetSeconds,
  transmitter: PACKED_ID,
  ...ALARMS,
  unknownTail: raw(4, 'unknown'),
});

const G5_FIELDS = {
  ...PREFIX,
  systemOffsetSeconds: i32('system time minus RTC, seconds'),
  displayOffsetSeconds,
  transmitter: ASCII_ID,
  ...ALARMS,
};
const G5 = layout({ ...G5_FIELDS, unknownTail: raw(4, 'unknown') });

const G6 = layout({
  ...G5_FIELDS,
  predictiveLowSnooze: u16('snooze of the predicted low, unit unknown'),
  brightnessLevel: u8('brightness'),
  sensorCode: ascii(4, 'sensor code'),
  unknown51: u8('unknown'),
  currentGraphHeight: u8('height of the graph, mg/dL, scale unknown'),
  unknown53: raw(5, 'unknown'),
});

const SOURCE = '§5.11';

/** Row of the form of a G4, which is the form of "any other revision": two rows use it. */
function g4Form(from: number, to: number): RecordFormat<SettingsRecord> {
  return {
    ...plain('settings', G4),
    name: `User settings (G4), revisions ${from} to ${to}`,
    recordTypes: [12],
    revisions: { from, to },
    doc: 'All settings after a change. Revision 3 and its size are captured, the fields are not.',
    evidence: 'one source',
    source: SOURCE,
  } as RecordFormat<SettingsRecord>;
}

export const SETTINGS_FORMATS: readonly RecordFormat<SettingsRecord>[] = [
  g4Form(0, 4),
  {
    ...plain('settings', G5),
    name: 'User settings (G5)',
    recordTypes: [12],
    revisions: { from: 5, to: 5 },
    doc: 'All settings after a change.',
    evidence: 'one source',
    source: SOURCE,
  } as RecordFormat<SettingsRecord>,
  {
    ...plain('settings', G6),
    name: 'User settings (G6)',
    recordTypes: [12],
    revisions: { from: 6, to: 6 },
    doc: 'All settings after a change.',
    evidence: 'one source',
    source: SOURCE,
  } as RecordFormat<SettingsRecord>,
  g4Form(7, 255),
];
