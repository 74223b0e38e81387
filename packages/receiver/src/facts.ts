/** Facts that a receiver tells of itself. A fact that it refuses to tell is undefined. */

import {
  type CommandName,
  type CommandReply,
  type CommandRequest,
  type FirmwareHeader,
  type FirmwareSettings,
  parseFirmwareHeader,
  parseFirmwareSettings,
  serialNumberOf,
} from '@egvkit/protocol/receiver';
import { badPage, problemsOf } from './damage.ts';
import type { DeviceMemory } from './device-memory.ts';
import { ReceiverError } from './errors.ts';
import type { Line } from './line.ts';
import type { PageReader } from './pages.ts';
import { recordTypeOf } from './records.ts';
import { unlessRefused } from './refusal.ts';

/** Identity of a receiver, by its own account. */
export interface ReceiverIdentity {
  /** From the firmware header; undefined fields were not sent. */
  readonly firmware: FirmwareHeader | undefined;
  /** Of the receiver, in capitals; from its newest manufacturing record. */
  readonly serialNumber: string | undefined;
  /** Five characters on a G4, six on a G5 or G6. */
  readonly transmitterId: string | undefined;
}

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

async function optional<Name extends CommandName>(
  line: Line,
  name: Name,
  request: CommandRequest<Name>,
  signal: AbortSignal | undefined,
): Promise<CommandReply<Name> | undefined> {
  return await unlessRefused(line.ask(name, request, signal));
}

export async function readIdentity(
  line: Line,
  reader: PageReader,
  signal: AbortSignal | undefined,
): Promise<ReceiverIdentity> {
  const header = await optional(line, 'readFirmwareHeader', undefined, signal);
  const transmitterId = await optional(line, 'readTransmitterId', undefined, signal);
  return {
    firmware: header === undefined ? undefined : parseFirmwareHeader(header),
    serialNumber: await readSerialNumber(reader, signal),
    transmitterId,
  };
}

/** A re-worked receiver has several manufacturing records; the last one counts. */
async function readSerialNumber(
  reader: PageReader,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const recordType = recordTypeOf('manufacturing');
  const range = await unlessRefused(reader.range(recordType, signal));
  if (range === undefined) return undefined;
  // The last page nearly always has it, so pages are read one by one.
  for (let at = range.last; at >= range.first; at--) {
    const [page] = await reader.read(recordType, at, 1, signal);
    if (page === undefined) break;
    // What stands before it may be the number of another receiver.
    const problems = problemsOf(page);
    if (problems.length > 0) throw badPage(problems, recordType, at);
    for (const record of page.records.toReversed()) {
      const serialNumber = record.kind === 'xml' ? serialNumberOf(record) : undefined;
      if (serialNumber !== undefined) return serialNumber;
    }
  }
  return undefined;
}

export async function readBattery(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<ReceiverBattery> {
  const level = await optional(line, 'readBatteryLevel', undefined, signal);
  const state = await optional(line, 'readBatteryState', undefined, signal);
  return { percent: level?.percent, state: state?.state };
}

export async function readDisplay(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<ReceiverDisplay> {
  const unit = await optional(line, 'readGlucoseUnit', undefined, signal);
  const mode = await optional(line, 'readClockMode', undefined, signal);
  const language = await optional(line, 'readLanguage', undefined, signal);
  return { unit: unit?.unit, clockMode: mode?.mode, language: language?.language };
}

export async function readMode(line: Line, signal: AbortSignal | undefined): Promise<ReceiverMode> {
  const blinded = await optional(line, 'readBlindedMode', undefined, signal);
  const device = await optional(line, 'readDeviceMode', undefined, signal);
  return { blinded: blinded?.blinded, deviceMode: device?.mode };
}

export async function readChargerCurrent(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<CommandReply<'readChargerCurrentSetting'>['current'] | undefined> {
  const reply = await optional(line, 'readChargerCurrentSetting', undefined, signal);
  return reply?.current;
}

export async function readFirmwareSettings(
  line: Line,
  signal: AbortSignal | undefined,
): Promise<ReceiverFirmwareSettings | undefined> {
  const text = await optional(line, 'readFirmwareSettings', undefined, signal);
  if (text === undefined) return undefined;
  const known = parseFirmwareSettings(text) ?? { firmwareImageId: undefined, attributes: {} };
  return { ...known, text };
}

/** Applies what is remembered of this receiver, and remembers what is learnt from now on. */
export async function useMemory(
  reader: PageReader,
  memory: DeviceMemory,
  signal: AbortSignal | undefined,
): Promise<void> {
  let serialNumber: string | undefined;
  try {
    serialNumber = await readSerialNumber(reader, signal);
  } catch (error) {
    // A damaged page must not keep anybody from reading the others.
    if (!(error instanceof ReceiverError) || error.code !== 'badPage') throw error;
  }
  if (serialNumber === undefined) return;
  const known = serialNumber;
  const facts = await memory.load(known);
  if (facts !== undefined) reader.limit(facts.pagesPerRequest);
  reader.onFallBack = async () => {
    await memory.save(known, { pagesPerRequest: reader.pagesPerRequest });
  };
}
