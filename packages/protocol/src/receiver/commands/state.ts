import { layout, mapped, u8, u16, u32 } from '../../layout.ts';
import { namedField } from '../../named.ts';
import { type AboutCommand, chargerCurrent, question, unknownBytes } from '../command.ts';
import { BATTERY_STATES, CLOCK_MODES, GLUCOSE_UNITS, LANGUAGES } from '../enumerations.ts';

const blindedMode = (raw: number): { readonly raw: number; readonly blinded: boolean } => ({
  raw,
  blinded: raw !== 0,
});

/** Commands that ask for a receiver's settings and its state. */

export const readLanguage = /* @__PURE__ */ question({
  name: 'readLanguage',
  code: 27,
  reply: layout({ language: namedField(u16('Windows language id'), LANGUAGES) }),
});

export const readBatteryLevel = /* @__PURE__ */ question({
  name: 'readBatteryLevel',
  code: 33,
  reply: layout({ percent: u32('percent') }),
});

export const readGlucoseUnit = /* @__PURE__ */ question({
  name: 'readGlucoseUnit',
  code: 37,
  reply: layout({ unit: namedField(u8('glucose unit'), GLUCOSE_UNITS) }),
});

export const readBlindedMode = /* @__PURE__ */ question({
  name: 'readBlindedMode',
  code: 39,
  reply: layout({
    blinded: mapped(u8('0 not blinded, else blinded'), blindedMode, (mode) => mode.raw),
  }),
});

export const readClockMode = /* @__PURE__ */ question({
  name: 'readClockMode',
  code: 41,
  reply: layout({ mode: namedField(u8('clock mode'), CLOCK_MODES) }),
});

export const readDeviceMode = /* @__PURE__ */ question({
  name: 'readDeviceMode',
  code: 43,
  reply: layout({ mode: u8('0 on a normally working G4, else unknown') }),
});

export const readBatteryState = /* @__PURE__ */ question({
  name: 'readBatteryState',
  code: 48,
  reply: layout({ state: namedField(u8('battery state'), BATTERY_STATES) }),
});

export const readEnableSetupWizardFlag = /* @__PURE__ */ question({
  name: 'readEnableSetupWizardFlag',
  code: 55,
  reply: unknownBytes('set-up wizard flag'),
});

export const readSetupWizardState = /* @__PURE__ */ question({
  name: 'readSetupWizardState',
  code: 57,
  reply: unknownBytes('set-up wizard state'),
});

export const readChargerCurrentSetting = /* @__PURE__ */ question({
  name: 'readChargerCurrentSetting',
  code: 59,
  reply: chargerCurrent,
});

/** Facts about these commands. */
export const about = {
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
