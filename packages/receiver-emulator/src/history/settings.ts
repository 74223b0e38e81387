import { displaySeconds, type SystemSeconds, systemSeconds } from '@egvkit/protocol';
import type { SettingsRecord, TransmitterId } from '@egvkit/protocol/receiver';
import {
  ALARM_PROFILES,
  asciiTransmitterId,
  LANGUAGES,
  named,
  packedTransmitterId,
  packTransmitterId,
  SETTING_FLAGS,
  settingFlags,
} from '@egvkit/protocol/receiver/wire';
import type { ReceiverProfile } from '../profiles.ts';
import { BUILT_SECONDS } from './internal-clock.ts';
import { DAY_MS, type Stamp, type Timeline } from './timeline.ts';

const RECORD_TYPE = 12;
/** Revisions whose forms hold the transmitter id as text, and more besides. */
const G5 = 5; // receiver §5.11
const G6 = 6;
/** Complete from 5 on; 1 and 3 were seen on the way there. */
const SET_UP = 5; // receiver §6.12
const ENGLISH = 1033;

const { clock24Hour, highAlarm, lowAlarm, manufacturingMode, outOfRangeAlert, timeLossOccurred } =
  SETTING_FLAGS;

function transmitter(id: string, revision: number): TransmitterId {
  if (revision === G5 || revision === G6) return asciiTransmitterId(id.padEnd(6, '\0'));
  return packedTransmitterId(packTransmitterId(id));
}

/** The settings of a receiver in use: English, 24 hours, alarms at 70 and 180 mg/dL. */
export function settingsRecord(
  profile: ReceiverProfile,
  systemOffsetSeconds: number,
  stamp: Stamp,
  displayOffsetSeconds: number,
): SettingsRecord {
  const revision =
    profile.partitions.find(({ recordType }) => recordType === RECORD_TYPE)?.revision ?? 1;
  return {
    kind: 'settings',
    recordType: RECORD_TYPE,
    revision,
    index: 0,
    ...stamp,
    // Unsigned in the form of the G4, signed in the others (§5.11).
    systemOffsetSeconds:
      revision === G5 || revision === G6 ? systemOffsetSeconds | 0 : systemOffsetSeconds >>> 0,
    displayOffsetSeconds,
    transmitter: transmitter(profile.transmitterId, revision),
    flags: settingFlags(clock24Hour | lowAlarm | highAlarm | outOfRangeAlert),
    highAlarmMgDl: 180,
    highAlarmSnoozeMinutes: 60,
    lowAlarmMgDl: 70,
    lowAlarmSnoozeMinutes: 30,
    riseRate: 3,
    fallRate: 3,
    outOfRangeSnoozeMinutes: 20,
    language: named(LANGUAGES, ENGLISH),
    alarmProfile: named(ALARM_PROFILES, 3),
    setUpState: SET_UP,
    ...(revision === G6
      ? {
          predictiveLowSnooze: 30,
          brightnessLevel: 5,
          sensorCode: '5915',
          unknown51: 0,
          currentGraphHeight: 0,
          unknown53: new Uint8Array(5),
        }
      : { unknownTail: new Uint8Array(4) }),
  };
}

/** Settings with another offset of the clock on the screen: what command 30 writes (inferred). */
export function withDisplayOffset(
  // receiver §3.6
  settings: SettingsRecord,
  system: SystemSeconds,
  displayOffsetSeconds: number,
): SettingsRecord {
  return {
    ...settings,
    systemSeconds: system,
    displaySeconds: displaySeconds((system + displayOffsetSeconds) >>> 0),
    displayOffsetSeconds,
  };
}

/** Settings over time: the partition is a log of changes. */
export class SettingsLog {
  readonly #timeline: Timeline;
  readonly #alarmChangesMs: readonly number[];
  #current: SettingsRecord;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    const { fromMs, endMs } = timeline;
    const random = timeline.random(20);
    const changes: number[] = [];
    for (let ms = fromMs; ms < endMs; ms += DAY_MS * (3 + 4 * random.next())) {
      if (ms > fromMs) changes.push(ms);
    }
    this.#alarmChangesMs = changes;
    this.#current = this.#at(Math.min(timeline.inUseSinceMs, fromMs));
  }

  /** From the factory until it was in use: one whose clock had not been set yet, too. */
  first(): readonly SettingsRecord[] {
    const { profile } = this.#timeline;
    const factory = {
      transmitter: transmitter(profile.factoryTransmitterId, this.#current.revision),
      flags: settingFlags(manufacturingMode),
    };
    const at = (system: number, setUpState: number): SettingsRecord => ({
      ...withDisplayOffset(this.#current, systemSeconds(system), 0),
      ...factory,
      setUpState,
    });
    // A minute after its clock began at 2009 (§5.11: to be ignored), then set, then in use.
    const made = [
      { ...at(60, 1), systemOffsetSeconds: 0 },
      { ...at(BUILT_SECONDS + 600, 1), systemOffsetSeconds: BUILT_SECONDS },
    ];
    const used = this.#current;
    return [...made, { ...used, setUpState: 3 }, used].filter(
      ({ systemSeconds: system }) => system <= used.systemSeconds,
    );
  }

  /** The changes after `fromMs` and until `toMs`. */
  *changes(fromMs: number, toMs: number): Generator<SettingsRecord> {
    const { clockChangeMs } = this.#timeline;
    const due = [...this.#alarmChangesMs, clockChangeMs].filter((ms) => ms > fromMs && ms <= toMs);
    for (const ms of due.sort((a, b) => a - b)) {
      const before = this.#current;
      const changed = this.#at(ms);
      const alarm = ms === clockChangeMs ? before.highAlarmMgDl : 380 - before.highAlarmMgDl;
      this.#current = { ...changed, highAlarmMgDl: alarm };
      yield this.#current;
    }
  }

  /** Changes the settings as a loss of time does: not at all if it leaves no sign there. */
  lostTime(atMs: number): readonly SettingsRecord[] {
    const { clock } = this.#timeline;
    if (!clock.leaves('settingsFlag', atMs) && !clock.leaves('systemOffset', atMs)) return [];
    const { highAlarmMgDl } = this.#current;
    this.#current = { ...this.#at(atMs), highAlarmMgDl };
    return [this.#current];
  }

  #at(unixMs: number): SettingsRecord {
    const { profile, clock } = this.#timeline;
    const offset = this.#timeline.displayOffset(unixMs);
    const stamp = this.#timeline.stamp(unixMs);
    const record = settingsRecord(profile, clock.systemOffsetSeconds(unixMs), stamp, offset);
    const lost = clock.leaves('settingsFlag', unixMs) ? timeLossOccurred : 0;
    return { ...record, flags: settingFlags(record.flags.raw | lost) };
  }
}
