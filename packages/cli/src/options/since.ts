import { Option } from '@commander-js/extra-typings';
import { parseSpan } from './span.ts';
import { invalid } from './usage.ts';

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)? ?(Z|[+-]\d\d:\d\d)?)?$/;
const LONGEST_OFFSET_MINUTES = 14 * 60;

/**
 * The moment that `--since` names: `30m`, `24h` or `7d` ago, or a date.
 * A date, or a date and time without a zone, is of this computer's clock; of an hour that comes
 * twice, the first one.
 */
export function parseSince(since: string, nowMs: number): Date {
  const span = parseSpan(since);
  if (span !== undefined) return new Date(nowMs - span);
  const match = DATE.exec(since);
  const date = match === null ? undefined : dateOf(match);
  if (date === undefined) {
    throw invalid(
      '--since',
      since,
      "use 30m, 24h, 7d, a date like 2026-01-31 or 2026-01-31T08:00 of this computer's clock, " +
        'or 2026-01-31T08:00Z or +01:00 for another',
    );
  }
  return date;
}

/** Undefined for what no calendar or clock has: 30 February, 25:00, an hour that is skipped. */
function dateOf(match: RegExpExecArray): Date | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match;
  const [y, mo, d] = [Number(year), Number(month) - 1, Number(day)];
  const [h, mi, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  const ms = Number(fraction.padEnd(3, '0'));
  const utc = new Date(Date.UTC(y, mo, d, h, mi, s, ms));
  utc.setUTCFullYear(y, mo, d); // years below 100 are those, not of 1900
  const exists = utc.getUTCMonth() === mo && utc.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  if (!exists) return undefined;
  if (zone !== undefined) {
    const minutes = offsetMinutes(zone);
    return minutes === undefined ? undefined : new Date(utc.getTime() - minutes * 60_000);
  }
  const local = new Date(y, mo, d, h, mi, s, ms);
  local.setFullYear(y, mo, d);
  // A day may begin later than at midnight; a time or a day that the clock skips is none.
  const isDay = local.getFullYear() === y && local.getMonth() === mo && local.getDate() === d;
  const isTime = hour === undefined || (local.getHours() === h && local.getMinutes() === mi);
  return isDay && isTime ? local : undefined;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  const size = hours * 60 + minutes;
  if (minutes > 59 || size > LONGEST_OFFSET_MINUTES) return undefined;
  return zone.startsWith('-') ? -size : size;
}

export const SINCE_OPTION = new Option(
  '--since <time>',
  "only what is newer: 30m, 24h or 7d ago, or a date such as 2026-01-31 or 2026-01-31T08:00 (this computer's clock; add Z or +01:00 for another)",
).argParser((text: string): Date => parseSince(text, Date.now()));
