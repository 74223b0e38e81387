import { outOfRange } from '../errors/input.ts';
import type { Evidence } from '../evidence.ts';
import { type Codec, empty, u8 } from '../layout.ts';
import { type Named, named } from '../named.ts';
import { CHARGER_CURRENTS } from './enumerations.ts';
import { PAGE_HEADER, PAGE_SIZE, pageHeaderCrc } from './page-header.ts';

/**
 * One command: what is sent, and what comes back. Each is a constant of its own, made without a call
 * that could have effects, so that a bundle carries the commands that a program sends and no others.
 */
export interface Command<Request, Reply, Name extends string = string> {
  readonly name: Name;
  readonly code: number;
  /** Effect on the receiver. A command that writes is sent only with `allowWrites`. */
  readonly effect: 'read' | 'write';
  readonly request: Codec<Request>;
  readonly reply: Codec<Reply>;
  /** Limit of the wait for the reply; far above the latencies measured. */
  readonly timeoutMs: number;
  /** The longest reply payload to this request, where it is less than the codec's. */
  readonly longestReply?: (request: Request) => number;
  /** Tells whether a reply can be the answer to this request; replies do not name their command. */
  readonly answers?: (request: Request, payload: Uint8Array) => boolean;
}

/** Further facts about a command, for people; apart, so that a driver does not carry them along. */
export interface AboutCommand {
  readonly doc: string;
  readonly evidence: Evidence;
  /** The section of spec/receiver that tells it. */
  readonly source: string;
}

/** The rows that were made here: what is none of them is not sent. */
const ROWS = /* @__PURE__ */ new WeakSet<object>();

/** True for a row that was made here, and is as it was. */
export function isCommand(row: object): boolean {
  return ROWS.has(row);
}

/** A row, its types inferred. */
export function command<Request, Reply, Effect extends 'read' | 'write', const Name extends string>(
  row: Command<Request, Reply, Name> & { readonly effect: Effect },
): Command<Request, Reply, Name> & { readonly effect: Effect } {
  ROWS.add(Object.freeze(row));
  return row;
}

export const SHORT_MS = 2000;
export const PAGES_MS = 5000;
export const TEXT_MS = 3000;

/** A row of a command that reads and asks with nothing; it waits briefly unless the row says. */
export function question<Reply, const Name extends string>(
  row: Omit<Command<void, Reply, Name>, 'effect' | 'request' | 'timeoutMs'> & {
    readonly timeoutMs?: number;
  },
): Command<void, Reply, Name> & { readonly effect: 'read' } {
  return command({ timeoutMs: SHORT_MS, ...row, effect: 'read', request: empty });
}

/**
 * No reply of unknown length may be longer than this (a bound that one source recommends for XML; the longest seen has 1104).
 */
export const LONGEST_PAYLOAD = 4096; // receiver §2.2

/** More than four pages in a reply were never seen. */
export const MAX_PAGES_PER_REQUEST = 4; // receiver §3.3

function wholePages(bytes: Uint8Array): Uint8Array {
  const count = bytes.length / PAGE_SIZE;
  if (!Number.isInteger(count) || count < 1 || count > MAX_PAGES_PER_REQUEST) {
    throw outOfRange(
      'pages',
      `${bytes.length} bytes`,
      `1 to ${MAX_PAGES_PER_REQUEST} pages of ${PAGE_SIZE} bytes`,
    );
  }
  return bytes;
}

/** Pages end to end, as they come; not copied. */
export const pages: Codec<Uint8Array> = {
  minSize: PAGE_SIZE,
  maxSize: MAX_PAGES_PER_REQUEST * PAGE_SIZE,
  fields: [{ name: 'pages', offset: 0, size: PAGE_SIZE, type: 'page × n' }],
  decode: wholePages,
  encode: wholePages,
};

/**
 * Tells whether these are the pages that were asked for. A page whose header is damaged counts as one:
 * its reader says what is wrong with it.
 */
export function arePages(bytes: Uint8Array, recordType: number, firstPage: number): boolean {
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

/** Tells whether this is a whole header, and the one that was asked for. */
export function isHeader(bytes: Uint8Array, recordType: number, page: number): boolean {
  const header = PAGE_HEADER.read(bytes, 0);
  const whole = pageHeaderCrc(bytes) === header.crc;
  return whole && header.recordType === recordType && header.pageNumber === page;
}

/** The most bytes of a reply that is numbers and says nothing of itself. */
const LONGEST_NUMBERS = 8;
const LESS_THAN = 0x3c;

/** Tells texts of an element from a few numbers that answer another command. */
export function isXml(_: unknown, bytes: Uint8Array): boolean {
  return bytes.length > LONGEST_NUMBERS || bytes[0] === LESS_THAN;
}

/** Bytes of an unknown format, as they come; a copy. */
export function unknownBytes(what: string): Codec<Uint8Array> {
  const copy = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length > LONGEST_PAYLOAD) {
      throw outOfRange(what, `${bytes.length} bytes`, `at most ${LONGEST_PAYLOAD}`);
    }
    return bytes.slice();
  };
  return {
    minSize: 0,
    maxSize: LONGEST_PAYLOAD,
    fields: [{ name: 'bytes', offset: 0, size: LONGEST_PAYLOAD, type: 'bytes' }],
    decode: copy,
    encode: copy,
  };
}

/** The charger current: one byte for some sources, four for another. */
export interface ChargerCurrentReply {
  readonly current: Named<(typeof CHARGER_CURRENTS)[keyof typeof CHARGER_CURRENTS]>;
  /** Bytes behind the first one. */
  readonly more: Uint8Array;
}

const CHARGER_REPLY_MOST = 4;

/** Accepts one byte or more, and uses the first. */
export const chargerCurrent: Codec<ChargerCurrentReply> = {
  minSize: 1,
  maxSize: CHARGER_REPLY_MOST,
  fields: [
    { name: 'current', offset: 0, size: 1, type: 'u8' },
    // One source reads a u32; it is not used.
    { name: 'more', offset: 1, size: 3, type: 'bytes' },
  ],
  decode(bytes) {
    if (bytes.length < 1 || bytes.length > CHARGER_REPLY_MOST) {
      throw outOfRange(
        'charger current',
        `${bytes.length} bytes`,
        `1 to ${CHARGER_REPLY_MOST} bytes`,
      );
    }
    return { current: named(CHARGER_CURRENTS, bytes[0]!), more: bytes.slice(1) };
  },
  encode({ current, more }) {
    const bytes = new Uint8Array(1 + more.length);
    u8.write(bytes, 0, current.raw, 'charger current');
    bytes.set(more, 1);
    return bytes;
  },
};
