import { Option } from '@commander-js/extra-typings';
import { invalid } from './usage.ts';

/** Least and most. */
export type Range = readonly [least: number, most: number];

/** An option that takes a whole number within limits. */
export function numberOption<const Flags extends string>(
  flags: Flags,
  description: string,
  range: Range,
) {
  const flag = flags.replace(/ .*$/, '');
  return new Option(flags, description).argParser((text: string): number =>
    wholeNumber(flag, text, range),
  );
}

function wholeNumber(flag: string, text: string, [least, most]: Range): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  throw invalid(flag, text, `use a whole number from ${least} to ${most}`);
}

/** Enough days for any receiver or test. */
const MOST_DAYS = 1100;
const HIGHEST_SEED = 2 ** 31 - 1;

/** `--days` of generated readings. */
export function daysOption(description: string, least: 0 | 1) {
  return numberOption('--days <n>', description, [least, MOST_DAYS]);
}

export const SEED_OPTION = numberOption('--seed <n>', 'seed of the generated readings (1)', [
  0,
  HIGHEST_SEED,
]);
