import { ascii } from '../../fields.ts';
import { layout, raw, u8, u16 } from '../../layout.ts';
import { type Named, namedField } from '../../named.ts';
import { ALARM_PROFILES, LANGUAGES } from '../enumerations.ts';
import { type ClockSettings, G4_CLOCK, G5_CLOCK } from './clock-settings.ts';
import { type AboutFormat, plain, type RecordFormat } from './record.ts';

/** The receiver's settings after a change: the partition is a log of them. */
export interface SettingsRecord extends ClockSettings {
  // receiver §5.11
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

const ALARMS = {
  highAlarmMgDl: u16,
  highAlarmSnoozeMinutes: u16,
  lowAlarmMgDl: u16,
  lowAlarmSnoozeMinutes: u16,
  riseRate: u16,
  fallRate: u16,
  outOfRangeSnoozeMinutes: u16,
  language: namedField(u16, LANGUAGES),
  alarmProfile: namedField(u8, ALARM_PROFILES),
  setUpState: u8,
};
const G4 = layout({ ...G4_CLOCK, ...ALARMS, unknownTail: raw(4) });
const G5 = layout({ ...G5_CLOCK, ...ALARMS, unknownTail: raw(4) });
const G6 = layout({
  ...G5_CLOCK,
  ...ALARMS,
  predictiveLowSnooze: u16,
  brightnessLevel: u8,
  sensorCode: ascii(4),
  unknown51: u8,
  currentGraphHeight: u8,
  unknown53: raw(5),
});

/** Row of the form of a G4, which is the form of "any other revision": two rows use it. */
function g4Form(from: number, to: number): RecordFormat<SettingsRecord> {
  return {
    ...plain('settings', G4),
    recordTypes: [12],
    revisions: { from, to },
  } as RecordFormat<SettingsRecord>;
}

export const SETTINGS_FORMATS: readonly RecordFormat<SettingsRecord>[] = [
  g4Form(0, 4),
  {
    ...plain('settings', G5),
    recordTypes: [12],
    revisions: { from: 5, to: 5 },
  } as RecordFormat<SettingsRecord>,
  {
    ...plain('settings', G6),
    recordTypes: [12],
    revisions: { from: 6, to: 6 },
  } as RecordFormat<SettingsRecord>,
  g4Form(7, 255),
];

const WORDS = {
  highAlarmMgDl: 'high alarm, mg/dL',
  highAlarmSnoozeMinutes: 'snooze of the high alarm, minutes',
  lowAlarmMgDl: 'low alarm, mg/dL',
  lowAlarmSnoozeMinutes: 'snooze of the low alarm, minutes',
  riseRate: 'rise rate, mg/dL a minute (inferred)',
  fallRate: 'fall rate, mg/dL a minute (inferred), unsigned',
  outOfRangeSnoozeMinutes: 'snooze of the out-of-range alert, minutes',
  setUpState: 'set-up state; 5 and above is complete',
  systemOffsetSeconds: 'system time minus RTC, seconds',
  displayOffsetSeconds: 'display time minus system time, seconds',
  transmitter: 'transmitter id; on a G4, five base-32 digits packed',
  predictiveLowSnooze: 'snooze of the predicted low, unit unknown',
  brightnessLevel: 'brightness',
  unknown51: 'unknown',
  currentGraphHeight: 'height of the graph, mg/dL, scale unknown',
  flags: 'switches',
  language: 'Windows language id',
  alarmProfile: 'alarm profile',
  unknownTail: 'unknown',
  sensorCode: 'sensor code',
  unknown53: 'unknown',
} as const;

const G4_ABOUT: AboutFormat = {
  doc: 'All settings after a change. Revision 3 and its size are captured, the fields are not.',
  evidence: 'one source',
  source: '§5.11',
  words: WORDS,
};

/** Facts about these layouts by their names, in their order. */
export const about = {
  'User settings (G4), revisions 0 to 4': G4_ABOUT,
  'User settings (G5)': {
    doc: 'All settings after a change.',
    evidence: 'one source',
    source: '§5.11',
    words: WORDS,
  },
  'User settings (G6)': {
    doc: 'All settings after a change.',
    evidence: 'one source',
    source: '§5.11',
    words: WORDS,
  },
  'User settings (G4), revisions 7 to 255': G4_ABOUT,
} as const satisfies Record<string, AboutFormat>;
