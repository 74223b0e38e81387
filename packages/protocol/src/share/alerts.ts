import { outOfRange } from '../errors/input.ts';
import { HIGH_MG_DL, LOW_MG_DL } from '../glucose.ts';
import { decodeDuration, encodeDuration } from './duration.ts';
import type { WireAlert, WireAlertSettings } from './follower-wire.ts';

// share §6.1
/** The sounds that one open-source project knows. */
export const ALERT_SOUNDS = [
  'AlarmClockLong.caf',
  'AlarmClockShort.caf',
  'BabyCry.caf',
  'Beep.wav',
  'Dinging.caf',
  'Dings.caf',
  'Disconnected.caf',
  'DoorBell.caf',
  'FireAlarm.caf',
  'High.wav',
  'HighAtt.wav',
  'Low.wav',
  'LowAtt.wav',
  'LongNoDataAtt.wav',
  'NoData.wav',
  'NoDataAtt.wav',
  'QuietBeeps.caf',
  'ShortAlarm.caf',
  'ShortBeeps1.caf',
  'ShortBeeps2.caf',
  'Siren1.caf',
  'Siren2.caf',
  'TruckSiren.caf',
  'Tune.caf',
  'UrgentLow.wav',
  'UrgentLowAtt.wav',
] as const;

/** One of {@link ALERT_SOUNDS}. */
export type AlertSound = (typeof ALERT_SOUNDS)[number];

/** Alerts: `high` and `low` at a chosen threshold · `urgentLow` fixed, at once · `noData` a gap. */
export type AlertName = 'high' | 'low' | 'urgentLow' | 'noData';

export type Range = readonly [least: number, most: number];

/** One documented alert: its fields, defaults and ranges. */
export interface AlertRow {
  readonly field: 'HighAlert' | 'LowAlert' | 'FixedLowAlert' | 'NoDataAlert';
  readonly alertType: 1 | 2 | 3 | 4;
  /** End of the alarming range that the threshold is; the other is the LOW or HIGH sentinel. */
  readonly threshold: 'MinValue' | 'MaxValue' | undefined;
  readonly thresholdMgDl: number | undefined;
  readonly thresholdRange: Range | undefined;
  readonly enabled: boolean;
  readonly delayMinutes: number;
  readonly delayRange: Range;
  /** 0 is never. */
  readonly repeatMinutes: number;
  readonly sound: AlertSound;
  readonly doc: string;
}

/**
 * The four alerts with the defaults of the original application. The ranges are the choices one
 * open-source project offers; the limits of the service itself are unknown.
 */
export const ALERTS: Readonly<Record<AlertName, AlertRow>> = {
  high: {
    field: 'HighAlert',
    alertType: 1,
    threshold: 'MinValue',
    thresholdMgDl: 200,
    thresholdRange: [120, 400],
    enabled: false,
    delayMinutes: 60,
    delayRange: [0, 360],
    repeatMinutes: 120,
    sound: 'High.wav',
    doc: 'Glucose at or above a threshold.',
  },
  low: {
    field: 'LowAlert',
    alertType: 2,
    threshold: 'MaxValue',
    thresholdMgDl: 70,
    thresholdRange: [60, 100],
    enabled: false,
    delayMinutes: 30,
    delayRange: [0, 120],
    repeatMinutes: 120,
    sound: 'Low.wav',
    doc: 'Glucose at or below a threshold.',
  },
  urgentLow: {
    field: 'FixedLowAlert',
    alertType: 3,
    threshold: 'MaxValue',
    thresholdMgDl: 55,
    thresholdRange: [40, 55],
    enabled: true,
    delayMinutes: 0,
    delayRange: [0, 0],
    repeatMinutes: 30,
    sound: 'UrgentLow.wav',
    doc: 'Glucose at or below the urgent low, told at once.',
  },
  noData: {
    field: 'NoDataAlert',
    alertType: 4,
    threshold: undefined,
    thresholdMgDl: undefined,
    thresholdRange: undefined,
    enabled: false,
    delayMinutes: 60,
    delayRange: [30, 360],
    repeatMinutes: 0,
    sound: 'NoData.wav',
    doc: 'No readings for a time.',
  },
};

/** Choices about one alert; the defaults stand in {@link ALERTS}. */
export interface AlertChoice {
  readonly enabled?: boolean | undefined;
  /** Glucose in mg/dL; `noData` has none. */
  readonly thresholdMgDl?: number | undefined;
  /** Delay before the follower is told; `urgentLow` tells at once. */
  readonly delayMinutes?: number | undefined;
  /** Time until the alert is repeated: 30 and up, or 0 for never. */
  readonly repeatMinutes?: number | undefined;
  readonly sound?: AlertSound | undefined;
}

/** The first alerts of an invitation; afterwards they are the follower's own. */
export type AlertChoices = { readonly [Name in AlertName]?: AlertChoice | undefined };

const SHORTEST_REPEAT_MINUTES = 30;
/** Longest repeat: a year, which is more than any project offers. */
const LONGEST_REPEAT_MINUTES = 366 * 24 * 60;

function checkWhole(what: string, value: number, [least, most]: Range, more = ''): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = least === most ? String(least) : `a whole number from ${least} to ${most}`;
  throw outOfRange(what, value, `${range}${more}`);
}

function threshold(name: AlertName, choice: AlertChoice): Pick<WireAlert, 'MinValue' | 'MaxValue'> {
  const { threshold: end, thresholdMgDl, thresholdRange } = ALERTS[name];
  const whole = { MinValue: LOW_MG_DL, MaxValue: HIGH_MG_DL };
  if (end === undefined || thresholdMgDl === undefined || thresholdRange === undefined) {
    if (choice.thresholdMgDl === undefined) return whole;
    const allowed = 'left out: it has none';
    throw outOfRange(`the threshold of the alert ${name}`, choice.thresholdMgDl, allowed);
  }
  const mgDl = choice.thresholdMgDl ?? thresholdMgDl;
  checkWhole(`the threshold of the alert ${name} in mg/dL`, mgDl, thresholdRange);
  return { ...whole, [end]: mgDl };
}

function wireAlert(name: AlertName, choice: AlertChoice): WireAlert {
  const row = ALERTS[name];
  const delay = choice.delayMinutes ?? row.delayMinutes;
  const repeat = choice.repeatMinutes ?? row.repeatMinutes;
  const sound = choice.sound ?? row.sound;
  checkWhole(`the delay of the alert ${name} in minutes`, delay, row.delayRange);
  if (repeat !== 0) {
    const range = [SHORTEST_REPEAT_MINUTES, LONGEST_REPEAT_MINUTES] as const;
    checkWhole(`the repeat of the alert ${name} in minutes`, repeat, range, ', or 0 for never');
  }
  if (!ALERT_SOUNDS.includes(sound)) {
    const allowed = 'one of ALERT_SOUNDS';
    throw outOfRange(`the sound of ${name}`, sound, allowed);
  }
  return {
    ...threshold(name, choice),
    AlarmDelay: encodeDuration(delay * 60),
    AlertType: row.alertType,
    IsEnabled: choice.enabled ?? row.enabled,
    RealarmDelay: encodeDuration(repeat * 60),
    Sound: sound,
  };
}

/**
 * Encodes the alert settings of an invitation.
 *
 * @throws InputError `outOfRange` for values outside the documented ranges
 */
export function encodeAlertSettings(choices: AlertChoices = {}): WireAlertSettings {
  return {
    HighAlert: wireAlert('high', choices.high ?? {}),
    LowAlert: wireAlert('low', choices.low ?? {}),
    FixedLowAlert: wireAlert('urgentLow', choices.urgentLow ?? {}),
    NoDataAlert: wireAlert('noData', choices.noData ?? {}),
  };
}

/** One alert as the service gives it, raw beside meaning. */
export interface FollowerAlert {
  readonly enabled: boolean;
  /** The alarming range, ends included; 39 and 401 stand for LOW and HIGH. */
  readonly minMgDl: number;
  readonly maxMgDl: number;
  /** Delay before the follower is told; undefined if it cannot be read. */
  readonly delaySeconds: number | undefined;
  /** Time until the alert is repeated, 0 for never; undefined if it cannot be read. */
  readonly repeatSeconds: number | undefined;
  readonly sound: string | undefined;
  readonly raw: WireAlert;
}

/** A follower's alerts. */
export type FollowerAlerts = { readonly [Name in AlertName]: FollowerAlert };

function followerAlert(raw: WireAlert): FollowerAlert {
  return {
    enabled: raw.IsEnabled,
    minMgDl: raw.MinValue,
    maxMgDl: raw.MaxValue,
    delaySeconds: decodeDuration(raw.AlarmDelay),
    repeatSeconds: decodeDuration(raw.RealarmDelay),
    sound: raw.Sound ?? undefined,
    raw,
  };
}

/** Decodes a follower's alerts; values outside the documented ranges are kept. */
export function decodeAlertSettings(raw: WireAlertSettings): FollowerAlerts {
  return {
    high: followerAlert(raw.HighAlert),
    low: followerAlert(raw.LowAlert),
    urgentLow: followerAlert(raw.FixedLowAlert),
    noData: followerAlert(raw.NoDataAlert),
  };
}
