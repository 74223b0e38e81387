import { hash } from 'node:crypto';
import type * as z from 'zod/mini';
import { UploadError } from './errors.ts';
import { type JournalEntry, type JournalOwner, JournalState } from './journal.ts';
import { entry, header, lineOf, OLDEST_VERSION, VERSION } from './journal-schema.ts';

/** 64 bits of SHA-256: damage that leaves them right does not happen. */
const CHECK_DIGITS = 16;
const FRAME = new RegExp(`^\\{"check":"([0-9a-f]{${CHECK_DIGITS}})","line":(.*)\\}$`, 's');

const NEWLINE = 0x0a;
/** Stands in a text for bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd';
/** Bytes that a disk writes as one. */
const BLOCK = 512;

/** Content of a journal file. */
export interface JournalContent {
  readonly state: JournalState;
  /** Of an older version: to be written anew before a line is added. */
  readonly isOld: boolean;
  /** Up to the end of the last whole line. */
  readonly bytes: number;
  /** To be continued by the next line. */
  readonly check: string;
}

/** Lines ready to be written. */
export interface EncodedLines {
  readonly bytes: Uint8Array;
  readonly check: string;
}

/**
 * Each line holds a checksum of itself and of all lines before it: one that was altered, lost,
 * doubled or moved is seen.
 */
function checkOf(before: string, line: string): string {
  return hash('sha256', `${before}\n${line}`).slice(0, CHECK_DIGITS);
}

/** Encodes an entry that follows a line of the checksum `before`. */
export function encodeEntry(before: string, entry: JournalEntry): EncodedLines {
  return encodeLines(before, [lineOf(entry)]);
}

function encodeLines(before: string, entries: readonly object[]): EncodedLines {
  let check = before;
  const lines = entries.map((one) => {
    const line = JSON.stringify(one);
    check = checkOf(check, line);
    return `{"check":"${check}","line":${line}}\n`;
  });
  return { bytes: Buffer.from(lines.join('')), check };
}

/** Encodes a journal from its beginning. */
export function encodeJournal(owner: JournalOwner, entries: readonly JournalEntry[]): EncodedLines {
  const { serialNumber, target } = owner;
  const head: z.output<typeof header> = {
    kind: 'egvkit journal',
    version: VERSION,
    serialNumber,
    target,
  };
  return encodeLines('', [head, ...entries.map(lineOf)]);
}

/**
 * Decodes a journal. A last line that was cut off by a crash, or of which the disk had only some blocks when
 * the power went off, is left out.
 *
 * @throws UploadError `journalForeign`; `journalUnusable` if it is no journal or damaged
 */
export function decodeJournal(path: string, data: Buffer, owner: JournalOwner): JournalContent {
  const state = new JournalState();
  let check = '';
  let bytes = 0;
  let isOld = false;
  for (let number = 1; bytes < data.length; number++) {
    const end = data.indexOf(NEWLINE, bytes);
    if (number === 1) checkKind(path, data.subarray(0, end < 0 ? data.length : end));
    if (end < 0) {
      checkTail(path, data.subarray(bytes), check, number);
      break;
    }
    const framed = unframed(data.subarray(bytes, end), check);
    if (framed === undefined && number > 1 && end + 1 === data.length && isTorn(data, bytes)) break;
    if (framed === undefined) throw damaged(path, number);
    if (number === 1) {
      const head = parsed(path, header, framed.line, number);
      checkHeader(path, head, owner);
      isOld = head.version < VERSION;
    } else state.apply(parsed(path, entry, framed.line, number));
    check = framed.check;
    bytes = end + 1;
  }
  return { state, isOld, bytes, check };
}

function unusable(path: string, reason: string, cause?: unknown): UploadError {
  return new UploadError('journalUnusable', { path, reason }, { cause });
}

function damaged(path: string, number: number): UploadError {
  return unusable(path, `line ${number} is damaged`);
}

/** The line in its frame, if its checksum holds. */
function unframed(bytes: Buffer, before: string): { line: string; check: string } | undefined {
  const text = bytes.toString('utf8');
  const [, check, line] = FRAME.exec(text) ?? [];
  if (check === undefined || line === undefined) return undefined;
  // Of the bytes themselves: different ones can be the same replacement character.
  const isExact = !text.includes(REPLACEMENT) || Buffer.from(text).equals(bytes);
  const isWhole = isExact && checkOf(before, line) === check;
  return isWhole ? { line, check } : undefined;
}

/** Tells what is no journal at all, or one of another version, from a damaged one. */
function checkKind(path: string, first: Uint8Array): void {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(first).toString('utf8'));
  } catch (cause) {
    throw unusable(path, 'it is another kind of file: line 1 is not that of a journal', cause);
  }
  const outer = (value ?? {}) as { readonly line?: unknown };
  const { kind, version } = ((outer.line ?? outer) || {}) as Readonly<Record<string, unknown>>;
  if (kind !== 'egvkit journal') {
    throw unusable(path, 'it is another kind of file: line 1 is not that of a journal');
  }
  const isKnown = Number(version) >= OLDEST_VERSION && Number(version) <= VERSION;
  if (!isKnown && Number.isInteger(version)) {
    const known = `only ${OLDEST_VERSION} and ${VERSION} are known here`;
    throw unusable(path, `it is a journal of version ${version}, and ${known}`);
  }
}

/**
 * True if the bytes from `from` on lack blocks that the disk never wrote: they are zeros, which JSON has nowhere.
 * A single zero is damage.
 */
function isTorn(data: Buffer, from: number): boolean {
  for (let at = from; at < data.length; ) {
    const next = Math.min((Math.floor(at / BLOCK) + 1) * BLOCK, data.length);
    const block = data.subarray(at, next);
    if (block.length > 1 && block.every((byte) => byte === 0)) return true;
    at = next;
  }
  return false;
}

/** A crash leaves the beginning of a line; a line with another byte at its end is damage. */
function checkTail(path: string, tail: Buffer, check: string, number: number): void {
  const isHeader = number === 1;
  if (isHeader || unframed(tail.subarray(0, -1), check) !== undefined) throw damaged(path, number);
}

function parsed<T>(path: string, schema: z.ZodMiniType<T>, line: string, number: number): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw unusable(path, `line ${number} is not JSON`, cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unusable(path, `line ${number} is not a line of a journal`);
}

function checkHeader(path: string, found: z.output<typeof header>, owner: JournalOwner): void {
  if (found.serialNumber !== owner.serialNumber) {
    throw new UploadError('journalForeign', { path, what: 'receiver' });
  }
  if (found.target !== owner.target) {
    throw new UploadError('journalForeign', { path, what: 'account or service' });
  }
}
