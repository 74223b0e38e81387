import { RECORD_TYPES } from '@egvkit/protocol/receiver';
import { RECORD_NAMES, recordTypeOf } from '@egvkit/receiver';
import { listOf } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SPAN = /^(\d{1,6})([mhd])$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T|$)/;
const HIGHEST_TYPE = 255;

/** The moment that `--since` names: `30m`, `24h` or `7d` ago, or a date; undefined if it is left out. */
export function chooseSince(since: string | undefined, nowMs: number): Date | undefined {
  if (since === undefined) return undefined;
  const [, amount, unit] = SPAN.exec(since) ?? [];
  if (unit !== undefined) return new Date(nowMs - Number(amount) * (UNIT_MS[unit] ?? 0));
  const date = new Date(since);
  if (!ISO_DATE.test(since) || Number.isNaN(date.getTime())) {
    throw new UsageError(
      `"${since}" is no time; use 30m, 24h, 7d or a date like 2026-01-31T08:00:00Z.`,
    );
  }
  return date;
}

/**
 * The number of a record type that is named as egvkit names it, as the receiver names it, or by
 * its number.
 */
export function chooseType(words: readonly string[]): number {
  const [word, ...more] = words;
  if (word === undefined) {
    throw new UsageError(`Name the record type: ${listOf(RECORD_NAMES)}, or its number.`);
  }
  if (more.length > 0) throw new UsageError('One record type can be read at a time.');
  const wanted = word.toLowerCase();
  const name = RECORD_NAMES.find((one) => one.toLowerCase() === wanted);
  if (name !== undefined) return recordTypeOf(name);
  const partition = Object.entries(RECORD_TYPES).find(([, one]) => one.toLowerCase() === wanted);
  const number = partition?.[0] ?? word;
  if (!/^\d{1,3}$/.test(number) || Number(number) > HIGHEST_TYPE) {
    throw new UsageError(
      `There is no record type "${word}"; use ${listOf(RECORD_NAMES)}, or a number.`,
    );
  }
  return Number(number);
}
