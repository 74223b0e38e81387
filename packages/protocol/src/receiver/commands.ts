import { InputError } from '../errors/input.ts';
import type { Evidence } from '../evidence.ts';
import { bounded, type Codec, empty, i32, layout, text, u8, u16, u32 } from '../layout.ts';
import {
  BATTERY_STATES,
  CLOCK_MODES,
  GLUCOSE_UNITS,
  LANGUAGES,
  namedField,
} from './enumerations.ts';
import { encodePacket, PACKET_OVERHEAD } from './packet.ts';
import { PAGE_HEADER, PAGE_SIZE, pageHeaderCrc } from './page.ts';

/** One command: what is sent, what comes back, and what is known of it. */
export interface Command<Request, Reply> {
  readonly code: number;
  /** What it does to the receiver. Only `read` is sent without an opt-in. */
  readonly effect: 'read';
  readonly request: Codec<Request>;
  readonly reply: Codec<Reply>;
  /** How long to wait for the reply; far above the latencies measured (§12.6). */
  readonly timeoutMs: number;
  readonly doc: string;
  readonly evidence: Evidence;
  /** The section of spec/receiver that tells it. */
  readonly source: string;
  /** The longest reply payload to this request, where it is less than the codec's. */
  readonly longestReply?: (request: Request) => number;
  /** Whether a reply can be the answer to this request; replies do not name their command. */
  readonly answers?: (request: Request, payload: Uint8Array) => boolean;
}

function command<Request, Reply>(row: Command<Request, Reply>): Command<Request, Reply> {
  return row;
}

const SHORT_MS = 2000;
const PAGES_MS = 5000;
const TEXT_MS = 3000;

/** No XML reply may be longer than this (§2.2 recommends the bound; the longest seen has 1104). */
const LONGEST_XML = 4096;

/** More than four pages in a reply were never seen (§3.3). */
export const MAX_PAGES_PER_REQUEST = 4;

function wholePages(bytes: Uint8Array): Uint8Array {
  const count = bytes.length / PAGE_SIZE;
  if (!Number.isInteger(count) || count < 1 || count > MAX_PAGES_PER_REQUEST) {
    throw new InputError('outOfRange', {
      what: 'pages',
      value: `${bytes.length} bytes`,
      allowed: `1 to ${MAX_PAGES_PER_REQUEST} pages of ${PAGE_SIZE} bytes`,
    });
  }
  return bytes;
}

/** Pages end to end, as they come; not copied. */
const pages: Codec<Uint8Array> = {
  minSize: PAGE_SIZE,
  maxSize: MAX_PAGES_PER_REQUEST * PAGE_SIZE,
  fields: [
    { name: 'pages', offset: 0, size: PAGE_SIZE, type: 'page × n', doc: 'pages, ascending' },
  ],
  decode: wholePages,
  encode: wholePages,
};

/** The page numbers of an empty partition (§3.2). */
export const NO_PAGE = 0xffff_ffff;

/**
 * Every command that is sent, one row each. A driver encodes the request and decodes the reply,
 * an emulator does the reverse, both from the row. What is not here cannot be sent: one wrong
 * command can brick a receiver (spec/receiver §12.11).
 */
export const COMMANDS = {
  ping: command({
    code: 10,
    effect: 'read',
    request: empty,
    reply: empty,
    timeoutMs: SHORT_MS,
    doc: 'Answers, and nothing else.',
    evidence: 'captured',
    source: '§3.1',
  }),
  readFirmwareHeader: command({
    code: 11,
    effect: 'read',
    request: empty,
    reply: text('firmware header, XML', 1, LONGEST_XML),
    timeoutMs: TEXT_MS,
    doc: 'Product and software versions, as one XML element.',
    evidence: 'captured',
    source: '§3.4',
  }),
  readDatabasePartitionInfo: command({
    code: 15,
    effect: 'read',
    request: empty,
    reply: text('partition list, XML', 1, LONGEST_XML),
    timeoutMs: TEXT_MS,
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
  readTransmitterId: command({
    code: 25,
    effect: 'read',
    request: empty,
    reply: text('transmitter id', 5, 6),
    timeoutMs: SHORT_MS,
    doc: 'The id of the paired transmitter: five characters on a G4, six on a G5 or G6 (inferred).',
    evidence: 'captured',
    source: '§3.1',
  }),
  readLanguage: command({
    code: 27,
    effect: 'read',
    request: empty,
    reply: layout({ language: namedField(u16('Windows language id'), LANGUAGES) }),
    timeoutMs: SHORT_MS,
    doc: 'The language of the screen.',
    evidence: 'captured',
    source: '§6.10',
  }),
  readDisplayTimeOffset: command({
    code: 29,
    effect: 'read',
    request: empty,
    reply: layout({ displayOffsetSeconds: i32('display time minus system time, seconds') }),
    timeoutMs: SHORT_MS,
    doc: 'How far the clock on the screen is ahead of the internal clock.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readRtc: command({
    code: 31,
    effect: 'read',
    request: empty,
    reply: layout({ rtcSeconds: u32('seconds since the counter was started') }),
    timeoutMs: SHORT_MS,
    doc: 'A counter that was started when the unit was built; not seconds since 2009.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readBatteryLevel: command({
    code: 33,
    effect: 'read',
    request: empty,
    reply: layout({ percent: u32('percent') }),
    timeoutMs: SHORT_MS,
    doc: 'Charge of the battery. Two sources call it unreliable over USB.',
    evidence: 'captured',
    source: '§3.1, D30',
  }),
  readSystemTime: command({
    code: 34,
    effect: 'read',
    request: empty,
    reply: layout({ systemSeconds: u32('system time, seconds since 2009') }),
    timeoutMs: SHORT_MS,
    doc: 'The internal clock, which the user cannot change.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readSystemTimeOffset: command({
    code: 35,
    effect: 'read',
    request: empty,
    reply: layout({ systemOffsetSeconds: i32('system time minus RTC, seconds') }),
    timeoutMs: SHORT_MS,
    doc: 'When the RTC was started: system time is RTC plus this.',
    evidence: 'captured',
    source: '§7.1',
  }),
  readGlucoseUnit: command({
    code: 37,
    effect: 'read',
    request: empty,
    reply: layout({ unit: namedField(u8('glucose unit'), GLUCOSE_UNITS) }),
    timeoutMs: SHORT_MS,
    doc: 'The unit on the screen; records are always mg/dL.',
    evidence: 'captured',
    source: '§6.8',
  }),
  readClockMode: command({
    code: 41,
    effect: 'read',
    request: empty,
    reply: layout({ mode: namedField(u8('clock mode'), CLOCK_MODES) }),
    timeoutMs: SHORT_MS,
    doc: 'Whether the screen shows 12 or 24 hours.',
    evidence: 'captured',
    source: '§6.9',
  }),
  readBatteryState: command({
    code: 48,
    effect: 'read',
    request: empty,
    reply: layout({ state: namedField(u8('battery state'), BATTERY_STATES) }),
    timeoutMs: SHORT_MS,
    doc: 'Whether the battery is charging.',
    evidence: 'one source',
    source: '§6.7',
  }),
} as const;

export type CommandName = keyof typeof COMMANDS;

/** What a command asks with; `void` where it takes nothing. */
export type CommandRequest<Name extends CommandName> = Name extends CommandName
  ? (typeof COMMANDS)[Name] extends Command<infer Request, infer _Reply>
    ? Request
    : never
  : never;

/** What a command gives. */
export type CommandReply<Name extends CommandName> = Name extends CommandName
  ? (typeof COMMANDS)[Name] extends Command<infer _Request, infer Reply>
    ? Reply
    : never
  : never;

/**
 * Whether these are the pages that were asked for. A page whose header is damaged counts as one:
 * its reader says what is wrong with it.
 */
function arePages(bytes: Uint8Array, recordType: number, firstPage: number): boolean {
  for (let i = 0; i * PAGE_SIZE < bytes.length; i++) {
    const page = bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE);
    const header = PAGE_HEADER.read(page, 0);
    const whole = pageHeaderCrc(page) === header.crc;
    if (whole && (header.recordType !== recordType || header.pageNumber !== firstPage + i)) {
      return false;
    }
  }
  return true;
}

/** Whether this is a whole header, and the one that was asked for. */
function isHeader(bytes: Uint8Array, recordType: number, page: number): boolean {
  const header = PAGE_HEADER.read(bytes, 0);
  const whole = pageHeaderCrc(bytes) === header.crc;
  return whole && header.recordType === recordType && header.pageNumber === page;
}

/** A request as a state machine sends it: the packet, and how to know its reply. */
export interface PreparedRequest<Reply = unknown> {
  readonly command: CommandName;
  /** The whole packet. */
  readonly packet: Uint8Array;
  readonly timeoutMs: number;
  /** Bytes of the longest packet that can come back. */
  readonly longestReply: number;
  /** Whether a payload has the shape of this request's reply. */
  readonly answers: (payload: Uint8Array) => boolean;
  /** Reads a payload for which `answers` held. */
  readonly decode: (payload: Uint8Array) => Reply;
}

/**
 * Makes the packet of a command from its row.
 *
 * @throws InputError `outOfRange` if an argument does not fit
 */
export function prepareRequest<Name extends CommandName>(
  name: Name,
  request: CommandRequest<Name>,
): PreparedRequest<CommandReply<Name>> {
  const row = COMMANDS[name] as Command<unknown, unknown>;
  return {
    command: name,
    packet: encodePacket(row.code, row.request.encode(request)),
    timeoutMs: row.timeoutMs,
    longestReply: PACKET_OVERHEAD + (row.longestReply?.(request) ?? row.reply.maxSize),
    answers: (payload) =>
      payload.length >= row.reply.minSize &&
      payload.length <= row.reply.maxSize &&
      (row.answers?.(request, payload) ?? true),
    decode: (payload) => row.reply.decode(payload) as CommandReply<Name>,
  };
}

/** The row of a command code: how an emulator finds what it is asked. */
export function commandByCode(code: number): CommandName | undefined {
  for (const name in COMMANDS) {
    if (COMMANDS[name as CommandName].code === code) return name as CommandName;
  }
  return undefined;
}
