/** Facts that a receiver tells of itself. A fact that it refuses to tell is undefined. */

import {
  type CommandReply,
  type FirmwareSettings,
  parseFirmwareSettings as parseSettings,
} from '@egvkit/protocol/receiver';
import {
  readFirmwareSettings as firmwareSettings,
  readBatteryLevel,
  readBatteryState,
  readBlindedMode,
  readChargerCurrentSetting,
  readClockMode,
  readDeviceMode,
  readGlucoseUnit,
  readLanguage,
} from '@egvkit/protocol/receiver/wire';
import { unlessUntold } from './identity.ts';
import type { Line } from './line.ts';

/** Charge and state of the battery. */
export interface ReceiverBattery {
  /** Two sources call it unreliable over USB. */
  readonly percent: number | undefined;
  readonly state: CommandReply<'readBatteryState'>['state'] | undefined;
}

/** Settings of the screen. */
export interface ReceiverDisplay {
  /** Unit on the screen; records are always mg/dL. */
  readonly unit: CommandReply<'readGlucoseUnit'>['unit'] | undefined;
  readonly clockMode: CommandReply<'readClockMode'>['mode'] | undefined;
  readonly language: CommandReply<'readLanguage'>['language'] | undefined;
}

/** Modes of a receiver. */
export interface ReceiverMode {
  /** Blinded mode: readings are hidden from the user. */
  readonly blinded: CommandReply<'readBlindedMode'>['blinded'] | undefined;
  /** 0 on a normally working G4; what other values mean is unknown. */
  readonly deviceMode: number | undefined;
}

/** Firmware settings of a receiver, with the text they were read from. */
export interface ReceiverFirmwareSettings extends FirmwareSettings {
  readonly text: string;
}

export async function readBattery(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<ReceiverBattery> {
  const level = await unlessUntold(line, readBatteryLevel, signal);
  const state = await unlessUntold(line, readBatteryState, signal);
  return { percent: level?.percent, state: state?.state };
}

export async function readDisplay(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<ReceiverDisplay> {
  const unit = await unlessUntold(line, readGlucoseUnit, signal);
  const mode = await unlessUntold(line, readClockMode, signal);
  const language = await unlessUntold(line, readLanguage, signal);
  return { unit: unit?.unit, clockMode: mode?.mode, language: language?.language };
}

export async function readMode(line: Line, signal: AbortSignal | undefined): Promise<ReceiverMode> {
  const blinded = await unlessUntold(line, readBlindedMode, signal);
  const device = await unlessUntold(line, readDeviceMode, signal);
  return { blinded: blinded?.blinded, deviceMode: device?.mode };
}

export async function readChargerCurrent(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<CommandReply<'readChargerCurrentSetting'>['current'] | undefined> {
  const reply = await unlessUntold(line, readChargerCurrentSetting, signal);
  return reply?.current;
}

export async function readFirmwareSettings(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<ReceiverFirmwareSettings | undefined> {
  const text = await unlessUntold(line, firmwareSettings, signal);
  if (text === undefined) return undefined;
  const known = parseSettings(text) ?? { firmwareImageId: undefined, attributes: {} };
  return { ...known, text };
}
