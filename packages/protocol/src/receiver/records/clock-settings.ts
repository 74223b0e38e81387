import { explained, type Field, i32, layout, u32 } from '../../layout.ts';
import { PREFIX, plain, RECORD_CRC_SIZE, type RecordBase, type RecordFormat } from './record.ts';
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
  const flags: Record<string, boolean> = {};
  let unknownBits = word;
  for (const [name, mask] of Object.entries(SETTING_FLAGS)) {
    flags[name] = (word & mask) !== 0;
    unknownBits &= ~mask;
  }
  return { raw: word, ...flags, unknownBits: unknownBits >>> 0 } as unknown as SettingFlags;
}

/** The settings of the clocks after a change of any: the beginning of every record of settings. */
export interface ClockSettings extends RecordBase {
  // receiver §5.11
  readonly kind: 'settings';
  /** System time minus RTC, seconds. */
  readonly systemOffsetSeconds: number;
  /** Display time minus system time, seconds. */
  readonly displayOffsetSeconds: number;
  readonly transmitter: TransmitterId;
  readonly flags: SettingFlags;
}

const PACKED_ID: Field<TransmitterId> = explained(u32, packedTransmitterId);
const FLAGS: Field<SettingFlags> = explained(u32, settingFlags);

export const G4_CLOCK = {
  ...PREFIX,
  systemOffsetSeconds: u32,
  displayOffsetSeconds: i32,
  transmitter: PACKED_ID,
  flags: FLAGS,
};

export const G5_CLOCK = {
  ...PREFIX,
  systemOffsetSeconds: i32,
  displayOffsetSeconds: i32,
  transmitter: ASCII_ID,
  flags: FLAGS,
};

/** Row of records of which only the clocks are read. */
function clockForm(
  fields: typeof G4_CLOCK,
  size: number,
  from: number,
  to: number,
): RecordFormat<ClockSettings> {
  return {
    ...plain('settings', layout(fields)),
    size: size + RECORD_CRC_SIZE,
    recordTypes: [12],
    revisions: { from, to },
  };
}

/** Formats for a program that reads no other settings. */
export const CLOCK_SETTINGS_FORMATS: readonly RecordFormat<ClockSettings>[] = [
  clockForm(G4_CLOCK, 46, 0, 4),
  clockForm(G5_CLOCK, 48, 5, 5),
  clockForm(G5_CLOCK, 58, 6, 6),
  clockForm(G4_CLOCK, 46, 7, 255),
];
