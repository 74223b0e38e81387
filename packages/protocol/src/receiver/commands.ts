import { bounded, empty, i32, layout, mapped, text, u8, u16, u32 } from '../layout.ts';
import { namedField } from '../named.ts';
import {
  arePages,
  type Command,
  chargerCurrent,
  command,
  isHeader,
  isXml,
  LONGEST_PAYLOAD,
  MAX_PAGES_PER_REQUEST,
  PAGES_MS,
  pages,
  question,
  SHORT_MS,
  TEXT_MS,
  unknownBytes,
} from './command.ts';
import { BATTERY_STATES, CLOCK_MODES, GLUCOSE_UNITS, LANGUAGES } from './enumerations.ts';
import { PAGE_HEADER, PAGE_SIZE } from './page.ts';

/** The page numbers of an empty partition. */
export const NO_PAGE = 0xffff_ffff; // receiver §3.2

const blindedMode = (raw: number): { readonly raw: number; readonly blinded: boolean } => ({
  raw,
  blinded: raw !== 0,
});

/**
 * Every command that is sent, one row each. A driver encodes the request and decodes the reply,
 * an emulator does the reverse, both from the row. What is not here cannot be sent: one wrong
 * command can brick a receiver.
 */
export const COMMANDS = {
  // receiver §12.11
  ping: question({
    code: 10,
    reply: empty,
    doc: 'Answers, and nothing else.',
    evidence: 'captured',
    source: '§3.1',
  }),
  readFirmwareHeader: question({
    code: 11,
    reply: text('firmware header, XML', 1, LONGEST_PAYLOAD),
    timeoutMs: TEXT_MS,
    answers: isXml,
    doc: 'Product and software versions, as one XML element.',
    evidence: 'captured',
    source: '§3.4',
  }),
  readDatabasePartitionInfo: question({
    code: 15,
    reply: text('partition list, XML', 1, LONGEST_PAYLOAD),
    timeoutMs: TEXT_MS,
    answers: isXml,
    doc: 'The record types, their revisions and sizes, as XML.',
    evidence: 'captured',
    source: '§3.5',
  }),
  readDatabasePageRange: command({
    code: 16,
    effect: 'read',
    request: layout({ recordType: u8('record type') }),
    reply: layout({
      first: u32('oldest page; 0xFFFFFFFF if there is none'),
      last: u32('newest page, inclusive; 0xFFFFFFFF if there is none'),
    }),
    timeoutMs: SHORT_MS,
    doc: 'The pages that hold one record type.',
    evidence: 'captured',
    source: '§3.2',
  }),
  readDatabasePages: command({
    code: 17,
    effect: 'read',
    request: layout({
      recordType: u8('record type'),
      firstPage: u32('first page'),
      pageCount: bounded(u8('number of pages'), 1, MAX_PAGES_PER_REQUEST),
    }),
    reply: pages,
    timeoutMs: PAGES_MS,
    doc: 'Pages of one record type, whole and ascending. Up to four are proven on a G4.',
    evidence: 'captured',
    source: '§3.3',
    longestReply: (request) => request.pageCount * PAGE_SIZE,
    answers: (request, payload) =>
      payload.length === request.pageCount * PAGE_SIZE &&
      arePages(payload, request.recordType, request.firstPage),
  }),
  readDatabasePageHeader: command({
    code: 18,
    effect: 'read',
    request: layout({ recordType: u8('record type'), page: u32('page') }),
    reply: PAGE_HEADER,
    timeoutMs: SHORT_MS,
    doc: 'The header of one page: tells cheaply whether the page has grown.',
    evidence: 'captured',
    source: '§3.1, §4.1',
    answers: (request, payload) => isHeader(payload, request.recordType, request.page),
  }),
  readTransmitterId: question({
    code: 25,
    reply: text('transmitter id', 5, 6),
    doc: 'The id of the paired transmitter: five characters on a G4, six on a G5 or G6 (inferred).',
    evidence: 'captured',
    source: '§3.1',
  }),
  readLanguage: question({
    code: 27,
    reply: layout({ language: namedField(u16('Windows language id'), LANGUAGES) }),
    doc: 'The language of the screen.',
    evidence: 'captured',
    source: '§6.10',
  }),
  readDisplayTimeOffset: question({
    code: 29,
    reply: layout({ displayOffsetSeconds: i32('display time minus system time, seconds') }),
    doc: 'How far the clock on the screen is ahead of the internal clock.',
    evidence: 'captured',
    source: '§7.1',
  }),
  writeDisplayTimeOffset: command({
    code: 30,
    effect: 'write',
    request: layout({ displayOffsetSeconds: i32('display time minus system time, seconds') }),
    reply: empty,
    timeoutMs: SHORT_MS,
    doc: 'Sets the clock on the screen; the internal clock stays. Confirm by reading it.',
    evidence: 'several sources',
    source: '§3.6',
  }),
  readRtc: question({
    code: 31,
    reply: layout({ rtcSeconds: u32('seconds since the counter was started') }),
    doc: 'A counter that was started when the unit was built; not seconds since 2009.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readBatteryLevel: question({
    code: 33,
    reply: layout({ percent: u32('percent') }),
    doc: 'Charge of the battery. Two sources call it unreliable over USB.',
    evidence: 'captured',
    source: '§3.1',
  }),
  readSystemTime: question({
    code: 34,
    reply: layout({ systemSeconds: u32('system time, seconds since 2009') }),
    doc: 'The internal clock, which the user cannot change.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readSystemTimeOffset: question({
    code: 35,
    reply: layout({ systemOffsetSeconds: i32('system time minus RTC, seconds') }),
    doc: 'When the RTC was started: system time is RTC plus this.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readGlucoseUnit: question({
    code: 37,
    reply: layout({ unit: namedField(u8('glucose unit'), GLUCOSE_UNITS) }),
    doc: 'The unit on the screen; records are always mg/dL.',
    evidence: 'captured',
    source: '§6.8',
  }),
  readBlindedMode: question({
    code: 39,
    reply: layout({
      blinded: mapped(u8('0 not blinded, else blinded'), blindedMode, (mode) => mode.raw),
    }),
    doc: 'Whether readings are hidden from the user.',
    evidence: 'captured',
    source: '§3.1',
  }),
  readClockMode: question({
    code: 41,
    reply: layout({ mode: namedField(u8('clock mode'), CLOCK_MODES) }),
    doc: 'Whether the screen shows 12 or 24 hours.',
    evidence: 'captured',
    source: '§6.9',
  }),
  readDeviceMode: question({
    code: 43,
    reply: layout({ mode: u8('0 on a normally working G4, else unknown') }),
    doc: 'The mode of the device; 0 on a normally working G4, other values unknown.',
    evidence: 'captured',
    source: '§3.1',
  }),
  readBatteryState: question({
    code: 48,
    reply: layout({ state: namedField(u8('battery state'), BATTERY_STATES) }),
    doc: 'Whether the battery is charging.',
    evidence: 'one source',
    source: '§6.7',
  }),
  readHardwareBoardId: question({
    code: 49,
    reply: unknownBytes('hardware board id'),
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  }),
  readFirmwareSettings: question({
    code: 54,
    reply: text('firmware settings, XML', 1, LONGEST_PAYLOAD),
    timeoutMs: TEXT_MS,
    answers: isXml,
    doc: 'The id of the firmware image, as one XML element.',
    evidence: 'captured',
    source: '§3.5',
  }),
  readEnableSetupWizardFlag: question({
    code: 55,
    reply: unknownBytes('set-up wizard flag'),
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  }),
  readSetupWizardState: question({
    code: 57,
    reply: unknownBytes('set-up wizard state'),
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  }),
  readChargerCurrentSetting: question({
    code: 59,
    reply: chargerCurrent,
    doc: 'The current the battery is charged with.',
    evidence: 'one source',
    source: '§3.1',
  }),
} as const;

export type CommandName = keyof typeof COMMANDS;

/** The commands that change the receiver: sent only with `allowWrites`. */
export type WriteCommandName = {
  [Name in CommandName]: (typeof COMMANDS)[Name]['effect'] extends 'write' ? Name : never;
}[CommandName];

/** The commands that change nothing. */
export type ReadCommandName = Exclude<CommandName, WriteCommandName>;

/** Request of a command; `void` where it takes nothing. */
export type CommandRequest<Name extends CommandName> = Name extends CommandName
  ? (typeof COMMANDS)[Name] extends Command<infer Request, infer _Reply>
    ? Request
    : never
  : never;

/** Reply of a command. */
export type CommandReply<Name extends CommandName> = Name extends CommandName
  ? (typeof COMMANDS)[Name] extends Command<infer _Request, infer Reply>
    ? Reply
    : never
  : never;

/** The row of a command code: how an emulator finds what it is asked. */
export function commandByCode(code: number): CommandName | undefined {
  for (const name in COMMANDS) {
    if (COMMANDS[name as CommandName].code === code) return name as CommandName;
  }
  return undefined;
}
