/**
 * The trend arrow: one scale of ten for the receiver's records, the Share
 * upload (a number) and the Share read (a name). The position is the number.
 */
export const TREND_NAMES = [
  // receiver §6.1, share §4.5
  'None',
  'DoubleUp',
  'SingleUp',
  'FortyFiveUp',
  'Flat',
  'FortyFiveDown',
  'SingleDown',
  'DoubleDown',
  'NotComputable',
  'RateOutOfRange',
] as const;

export type TrendName = (typeof TREND_NAMES)[number];

/** 0 … 9, see {@link TREND_NAMES}. */
export type TrendNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** `NotComputable`: goes out for a trend that has no name. */
const NOT_COMPUTABLE: TrendNumber = 8; // share §4.5

/** Gives the number to send for a trend: 8, `NotComputable`, for one without a name. */
export function trendNumber(name: TrendName | 'unknown'): TrendNumber {
  return name === 'unknown' ? NOT_COMPUTABLE : (TREND_NAMES.indexOf(name) as TrendNumber);
}
