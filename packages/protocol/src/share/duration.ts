import { outOfRange } from '../errors/input.ts';

/** Days, hours, minutes and seconds, at least one of them. */
const GRAMMAR =
  /^P(?=.)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
const MINUTE_SECONDS = 60;

/**
 * Reads an ISO-8601 duration as Share writes them, such as `PT1H30M`, in seconds; `PT0M` and
 * `PT0S` are the same.
 *
 * @returns undefined for anything else, such as `PT`, `P` or `30`. Never throws.
 */
export function decodeDuration(text: unknown): number | undefined {
  const match = typeof text === 'string' ? GRAMMAR.exec(text) : null;
  if (match === null) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    (days ?? 0) * DAY_SECONDS +
    (hours ?? 0) * HOUR_SECONDS +
    (minutes ?? 0) * MINUTE_SECONDS +
    (seconds ?? 0)
  );
}

/**
 * Writes whole seconds as Share's own applications do: hours, then minutes, seconds only if there
 * are any, `PT0M` for none.
 *
 * @throws InputError `outOfRange` for anything but whole seconds from 0
 */
export function encodeDuration(seconds: number): string {
  const most = 999_999_999 * HOUR_SECONDS;
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > most) {
    throw outOfRange('the duration', seconds, `whole seconds from 0 to ${most}`);
  }
  const parts = [
    [Math.floor(seconds / HOUR_SECONDS), 'H'],
    [Math.floor((seconds % HOUR_SECONDS) / MINUTE_SECONDS), 'M'],
    [seconds % MINUTE_SECONDS, 'S'],
  ] as const;
  const written = parts.filter(([size]) => size > 0).map(([size, unit]) => `${size}${unit}`);
  return `PT${written.join('') || '0M'}`;
}
