import { outOfRange } from '../errors/input.ts';

// The spellings of share §5.1.
/** An instant as Share writes it, with the zone to show it in if one was given. */
export interface ShareDate {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** Minutes to add to UTC for the digits on a local clock: -420 for `-0700`. */
  readonly offsetMinutes: number | undefined;
}

/**
 * Spelling of a date: `slashed` is `/Date(ms)/`, read until December 2021 and uploaded to this
 * day; `bare` is `Date(ms)`, read since then.
 */
export type DateSpelling = 'slashed' | 'bare';

/** The range of the platform's dates: 100,000,000 days around 1970. */
const MAX_MS = 8_640_000_000_000_000;
/** The largest offset of a zone; zones reach from -12:00 to +14:00. */
const MAX_OFFSET_MINUTES = 14 * 60;

// Both slashes or none: half a wrapper has never been seen.
const GRAMMAR = /^(\/?)Date\((-?\d{1,16})(?:([+-])(\d\d)(\d\d))?\)\1$/;

/**
 * Reads any of Share's four date forms: with or without slashes, with or without an offset.
 *
 * @returns undefined for anything else: other text, a one-sided slash, an offset that is no zone,
 *   an instant out of the platform's range. Never throws.
 */
export function decodeDate(text: unknown): ShareDate | undefined {
  const match = typeof text === 'string' ? GRAMMAR.exec(text) : null;
  if (match === null) return undefined;
  const utcMs = Number(match[2]) + 0; // -0 becomes 0
  if (Math.abs(utcMs) > MAX_MS) return undefined;
  if (match[3] === undefined) return { utcMs, offsetMinutes: undefined };
  const minutes = Number(match[5]);
  const offset = Number(match[4]) * 60 + minutes;
  if (minutes > 59 || offset > MAX_OFFSET_MINUTES) return undefined;
  return { utcMs, offsetMinutes: match[3] === '-' && offset > 0 ? -offset : offset };
}

/** A date without slashes; `offset` is its text. */
function bareDate(utcMs: number, offset: string): string {
  if (!Number.isInteger(utcMs) || Math.abs(utcMs) > MAX_MS) {
    throw outOfRange(
      'the date to write',
      utcMs,
      'whole Unix milliseconds in the range of the platform',
    );
  }
  return `Date(${utcMs}${offset})`;
}

function offsetText(minutes: number): string {
  if (!Number.isInteger(minutes) || Math.abs(minutes) > MAX_OFFSET_MINUTES) {
    throw outOfRange(
      'the zone offset',
      minutes,
      `whole minutes from -${MAX_OFFSET_MINUTES} to ${MAX_OFFSET_MINUTES}`,
    );
  }
  const digits = (n: number): string => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}${digits(size % 60)}`;
}

/**
 * Writes a date exactly as given, as the service does; {@link decodeDate} reads it back.
 *
 * @throws InputError `outOfRange` for an instant or an offset that cannot be written
 */
export function encodeDate(date: ShareDate, spelling: DateSpelling): string {
  const { utcMs, offsetMinutes } = date;
  const bare = bareDate(utcMs, offsetMinutes === undefined ? '' : offsetText(offsetMinutes));
  return spelling === 'slashed' ? `/${bare}/` : bare;
}

/**
 * Writes a date for an upload: `/Date(ms)/`, whole seconds, no offset.
 *
 * @throws InputError `outOfRange` for an instant that cannot be written
 */
export function encodeUploadDate(utcMs: number): string {
  return `/${bareDate(Math.floor(utcMs / 1000) * 1000, '')}/`;
}
