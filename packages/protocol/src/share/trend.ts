import { TREND_NAMES, type TrendName, type TrendNumber } from '../trend.ts';

/** A trend as it came and its meaning; `number` and `name` are undefined if that is unknown. */
export type ShareTrend =
  | { readonly raw: unknown; readonly number: TrendNumber; readonly name: TrendName }
  | { readonly raw: unknown; readonly number: undefined; readonly name: undefined };

const key = (name: string): string => name.toLowerCase().replace(/[\s_]/g, '');

const KEYS: readonly string[] = TREND_NAMES.map(key);

/** True for a number on the scale of ten. */
export function isTrendNumber(value: unknown): value is TrendNumber {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9;
}

/** Reads the number of a trend; gives something else if it is none. */
function trendNumber(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw ?? 0;
  if (/^\s*\d\s*$/.test(raw)) return Number(raw);
  const name = key(raw) || 'none';
  return KEYS.indexOf(name === 'outofrange' ? 'rateoutofrange' : name);
}

/**
 * Reads a trend in every form met: a number, a number as text, a name in any case with or without
 * spaces and underscores, `OutOfRange`; nothing at all is `None`. Never throws.
 */
export function decodeTrend(raw: unknown): ShareTrend {
  const number = trendNumber(raw);
  return isTrendNumber(number)
    ? { raw, number, name: TREND_NAMES[number] }
    : { raw, number: undefined, name: undefined };
}

/** Spelling of trends: numbers until December 2021, names since. */
export type TrendSpelling = 'number' | 'name';

/** Writes a trend as a service of either generation does. */
export function encodeTrend(number: TrendNumber, spelling: TrendSpelling): TrendNumber | TrendName {
  return spelling === 'number' ? number : TREND_NAMES[number];
}
