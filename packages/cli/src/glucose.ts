import {
  HIGHEST_NUMERIC_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  mmolPerL,
  type TrendName,
} from '@egvkit/protocol';

/** The units people read glucose in. Everything inside egvkit is mg/dL. */
export const UNITS = ['mg/dL', 'mmol/L'] as const;

export type Unit = (typeof UNITS)[number];

/** A glucose as people read it: `112`, `6.2`, `LOW`, `HIGH`. */
export function formatGlucose(mgDl: number, unit: Unit): string {
  if (mgDl < LOWEST_NUMERIC_MG_DL) return 'LOW';
  if (mgDl > HIGHEST_NUMERIC_MG_DL) return 'HIGH';
  return formatNumber(mgDl, unit);
}

/** A number of mg/dL in a unit, LOW and HIGH not regarded: for scales. */
export function formatNumber(mgDl: number, unit: Unit): string {
  return unit === 'mg/dL' ? String(mgDl) : mmolPerL(mgDl).toFixed(1);
}

const ARROWS: Readonly<Record<TrendName, string>> = {
  None: '',
  DoubleUp: '↑↑',
  SingleUp: '↑',
  FortyFiveUp: '↗',
  Flat: '→',
  FortyFiveDown: '↘',
  SingleDown: '↓',
  DoubleDown: '↓↓',
  NotComputable: '?',
  RateOutOfRange: '?',
};

/** A trend as an arrow; `?` where there is none to be known. */
export function formatTrend(trend: TrendName | undefined): string {
  return trend === undefined ? '?' : ARROWS[trend];
}
