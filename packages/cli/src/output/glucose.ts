import { glucoseStatus, mmolPerL, type TrendName } from '@egvkit/protocol';
import { glucoseOf } from '@egvkit/protocol/receiver/wire';
import type { Unit } from '../options/units.ts';

/** A glucose as people read it: `112`, `6.2`, `LOW`, `HIGH`; below 20 the name of the state. */
export function formatGlucose(mgDl: number, unit: Unit): string {
  switch (glucoseStatus(mgDl)) {
    case 'special':
      return specialName(mgDl) ?? 'unknown';
    case 'low':
      return 'LOW';
    case 'high':
      return 'HIGH';
    case 'inRange':
      return formatNumber(mgDl, unit);
  }
}

/** The same with its unit where it is a number, LOW or HIGH: ` 112 mg/dL`. */
export function formatWithUnit(mgDl: number, unit: Unit): string {
  const text = formatGlucose(mgDl, unit);
  return glucoseStatus(mgDl) === 'special' ? text : `${text.padStart(4)} ${unit}`;
}

/** The name of the state that a value below 20 stands for; null for a glucose. */
export function specialName(value: number): string | null {
  if (glucoseStatus(value) !== 'special') return null;
  return value < 0 ? 'unknown' : (glucoseOf(value).special ?? 'unknown');
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
export function formatTrend(trend: TrendName | 'unknown' | undefined): string {
  return trend === undefined || trend === 'unknown' ? '?' : ARROWS[trend];
}
