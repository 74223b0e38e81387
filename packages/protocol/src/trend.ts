/**
 * The trend arrow: one scale of ten for the receiver's records (spec/receiver §6.1), the Share
 * upload (a number) and the Share read (a name, spec/share §4.5). The position is the number.
 */
export const TREND_NAMES = [
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
