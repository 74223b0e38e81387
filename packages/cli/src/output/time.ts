import type { Clock } from '../options/time.ts';

const pad = (n: number): string => String(n).padStart(2, '0');

/**
 * An instant as readings and records have it everywhere: `2026-01-31 14:05:00 +01:00`, on this
 * computer's wall clock with its offset, because one hour of the year comes twice.
 */
export function formatTime(utcMs: number): string {
  const date = new Date(utcMs);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${formatClock(date)}:${pad(date.getSeconds())} ${formatOffset(date)}`;
}

/** The hour of an instant on this computer's wall clock, for a scale: `14:05`. */
export function formatHour(utcMs: number): string {
  return formatClock(new Date(utcMs));
}

/** The offset of this computer's wall clock at an instant, for a scale: `+01:00`. */
export function offsetAt(utcMs: number): string {
  return formatOffset(new Date(utcMs));
}

/** Times at which a record was stored, besides its own fields. */
export interface RecordTimes {
  /** True UTC by the clock of this computer, ISO 8601. */
  readonly utc: string;
  /** Time on the receiver's screen, ISO 8601 without a zone: the receiver knows no time zones. */
  readonly displayTime: string;
  /** A reason not to trust `utc`; null if none is known. */
  readonly timeDoubt: TimeDoubt | null;
}

/**
 * A reason not to trust a time: `timeLost` the receiver's clock may have lost time after the record
 * was stored · `laterThanClock` the record is later than that clock is now.
 */
export type TimeDoubt = 'timeLost' | 'laterThanClock';

/** Explanation of the mark `*` beside a time. */
export const TIME_DOUBT_LEGEND =
  "* The true time is in doubt: the receiver's clock may have lost time after the record was stored.";

/** The time of a record by a clock, which it names: `… +01:00`, `… UTC`, `… display`. */
export function formatRecordTime(
  { utc, displayTime }: Pick<RecordTimes, 'utc' | 'displayTime'>,
  clock: Clock,
): string {
  const withoutZone = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
  switch (clock) {
    case 'local':
      return formatTime(Date.parse(utc));
    case 'utc':
      return `${withoutZone(utc)} UTC`;
    case 'display':
      return `${withoutZone(displayTime)} display`;
  }
}

function formatClock(date: Date): string {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

function formatOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
