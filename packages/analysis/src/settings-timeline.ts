import type { SystemSeconds } from '@egvkit/protocol';
import { FACTORY_TRANSMITTER_IDS, type SettingsRecord } from '@egvkit/protocol/receiver';
import { type Confidence, doubtful, likely } from './confidence.ts';
import { bySystemTime, isBeforeClockSet } from './record-order.ts';

/** The settings during a span of time. */
export interface SettingsPeriod {
  readonly record: SettingsRecord;
  readonly fromSystemSeconds: SystemSeconds;
  /** Time of the change that ended the period; null for the settings that hold now. */
  readonly untilSystemSeconds: SystemSeconds | null;
  /** The names of the fields that differ from the period before; none for the first. */
  readonly changed: readonly (keyof SettingsRecord)[];
  /** True for settings of a user: set up completely, with a transmitter that is no factory default. */
  readonly meaningful: boolean;
  readonly confidence: Confidence;
}

/** From this state on a receiver is set up. */
const SET_UP_STATE = 5; // receiver §6.12

/** Fields that differ in every record and are no settings. */
const NOT_SETTINGS: readonly string[] = ['kind', 'recordType', 'revision', 'index'];
const TIMES: readonly string[] = ['systemSeconds', 'displaySeconds'];

/**
 * The settings over time, oldest first. Records stored before the clock
 * was first set (2009) are left out.
 */
export function settingsTimeline(records: readonly SettingsRecord[]): SettingsPeriod[] {
  // receiver §5.11
  const ordered = bySystemTime(records.filter((record) => !isBeforeClockSet(record)));
  return ordered.map((record, i) => ({
    record,
    fromSystemSeconds: record.systemSeconds,
    untilSystemSeconds: ordered[i + 1]?.systemSeconds ?? null,
    changed: changedFields(ordered[i - 1], record),
    ...meaningOf(record),
  }));
}

function changedFields(
  before: SettingsRecord | undefined,
  after: SettingsRecord,
): (keyof SettingsRecord)[] {
  if (before === undefined) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return ([...names] as (keyof SettingsRecord)[]).filter(
    (name) =>
      !NOT_SETTINGS.includes(name) &&
      !TIMES.includes(name) &&
      JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

function meaningOf({
  setUpState,
  transmitter,
}: SettingsRecord): Pick<SettingsPeriod, 'meaningful' | 'confidence'> {
  if (setUpState < SET_UP_STATE) {
    return { meaningful: false, confidence: doubtful('the receiver was not set up completely') };
  }
  if (transmitter.id === null || FACTORY_TRANSMITTER_IDS.includes(transmitter.id)) {
    return { meaningful: false, confidence: doubtful('the transmitter is that of the factory') };
  }
  return { meaningful: true, confidence: likely('set up; the fields are told by one source') };
}
