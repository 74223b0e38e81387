import { explained, layout, text, u8, u16, u32 } from '../../layout.ts';
import { namedField } from '../../named.ts';
import {
  type AboutCommand,
  chargerCurrent,
  isXml,
  LONGEST_PAYLOAD,
  question,
  TEXT_MS,
  unknownBytes,
} from '../command.ts';
import { BATTERY_STATES, CLOCK_MODES, GLUCOSE_UNITS, LANGUAGES } from '../enumerations.ts';

const blindedMode = (raw: number): { readonly raw: number; readonly blinded: boolean } => ({
  raw,
  blinded: raw !== 0,
});

/** Commands that ask for a receiver's settings and its state. */

export const readLanguage = question({
  name: 'readLanguage',
  code: 27,
  reply: layout({
    /** Windows language id. */
    language: namedField(u16, LANGUAGES),
  }),
});

export const readBatteryLevel = question({
  name: 'readBatteryLevel',
  code: 33,
  reply: layout({
    /** Percent. */
    percent: u32,
  }),
});

export const readGlucoseUnit = question({
  name: 'readGlucoseUnit',
  code: 37,
  reply: layout({
    /** Glucose unit. */
    unit: namedField(u8, GLUCOSE_UNITS),
  }),
});

export const readBlindedMode = question({
  name: 'readBlindedMode',
  code: 39,
  reply: layout({
    /** 0 not blinded, else blinded. */
    blinded: explained(u8, blindedMode),
  }),
});

export const readClockMode = question({
  name: 'readClockMode',
  code: 41,
  reply: layout({
    /** Clock mode. */
    mode: namedField(u8, CLOCK_MODES),
  }),
});

export const readDeviceMode = question({
  name: 'readDeviceMode',
  code: 43,
  reply: layout({
    /** 0 on a normally working G4, else unknown. */
    mode: u8,
  }),
});

export const readBatteryState = question({
  name: 'readBatteryState',
  code: 48,
  reply: layout({
    /** Battery state. */
    state: namedField(u8, BATTERY_STATES),
  }),
});

export const readEnableSetupWizardFlag = question({
  name: 'readEnableSetupWizardFlag',
  code: 55,
  reply: unknownBytes('set-up wizard flag'),
});

export const readSetupWizardState = question({
  name: 'readSetupWizardState',
  code: 57,
  reply: unknownBytes('set-up wizard state'),
});

export const readChargerCurrentSetting = question({
  name: 'readChargerCurrentSetting',
  code: 59,
  reply: chargerCurrent,
});

export const readHardwareBoardId = question({
  name: 'readHardwareBoardId',
  code: 49,
  reply: unknownBytes('hardware board id'),
});

export const readFirmwareSettings = question({
  name: 'readFirmwareSettings',
  code: 54,
  reply: text('firmware settings, XML', 1, LONGEST_PAYLOAD),
  timeoutMs: TEXT_MS,
  answers: isXml,
});

/** Facts about these commands. */
export const about = {
  readFirmwareSettings: {
    doc: 'The id of the firmware image, as one XML element.',
    evidence: 'captured',
    source: '§3.5',
  },
  readHardwareBoardId: {
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  },
  readLanguage: {
    doc: 'The language of the screen.',
    evidence: 'captured',
    source: '§6.10',
  },
  readBatteryLevel: {
    doc: 'Charge of the battery. Two sources call it unreliable over USB.',
    evidence: 'captured',
    source: '§3.1',
  },
  readGlucoseUnit: {
    doc: 'The unit on the screen; records are always mg/dL.',
    evidence: 'captured',
    source: '§6.8',
  },
  readBlindedMode: {
    doc: 'Whether readings are hidden from the user.',
    evidence: 'captured',
    source: '§3.1',
  },
  readClockMode: {
    doc: 'Whether the screen shows 12 or 24 hours.',
    evidence: 'captured',
    source: '§6.9',
  },
  readDeviceMode: {
    doc: 'The mode of the device; 0 on a normally working G4, other values unknown.',
    evidence: 'captured',
    source: '§3.1',
  },
  readBatteryState: {
    doc: 'Whether the battery is charging.',
    evidence: 'one source',
    source: '§6.7',
  },
  readEnableSetupWizardFlag: {
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  },
  readSetupWizardState: {
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  },
  readChargerCurrentSetting: {
    doc: 'The current the battery is charged with.',
    evidence: 'one source',
    source: '§3.1',
  },
} as const satisfies Record<string, AboutCommand>;
