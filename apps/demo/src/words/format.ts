import { mmolPerL } from '@egvkit/protocol';
import { signal } from '@preact/signals';
import { locale, t } from './language.ts';

export type Unit = 'mg/dL' | 'mmol/L';

/** The unit in use. */
export const unit = signal<Unit>('mg/dL');

const MMOL_PER_MG = 0.0555;

/** A glucose of mg/dL as a number of the unit in use, not rounded: for scales. */
export function inUnit(mgDl: number): number {
  return unit.value === 'mg/dL' ? mgDl : mgDl * MMOL_PER_MG;
}

/** A whole number of mg/dL as people read it: `132`, `7.3`. */
export function glucose(mgDl: number): string {
  return unit.value === 'mg/dL' ? number(mgDl) : number(mmolPerL(mgDl), 1);
}

/** A reading as people read it, LOW and HIGH in words. */
export function glucoseOf(reading: {
  readonly mgDl: number;
  /** A state of the sensor is no glucose. */
  readonly status: 'inRange' | 'low' | 'high';
}): string {
  if (reading.status === 'low') return t('low');
  if (reading.status === 'high') return t('high');
  return glucose(reading.mgDl);
}

/** A mean of mg/dL: with one decimal more than a reading has no meaning. */
export function meanGlucose(mgDl: number): string {
  return unit.value === 'mg/dL' ? number(Math.round(mgDl)) : number(mgDl * MMOL_PER_MG, 1);
}

type Format = Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat;

const formats = new Map<string, Format>();

function remembered<T extends Format>(key: string, make: () => T): T {
  const known = formats.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
}

/** A number with so many decimals. */
export function number(value: number, decimals = 0): string {
  const where = locale();
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return remembered(`n${where}${decimals}`, () => new Intl.NumberFormat(where, options)).format(
    value,
  );
}

/** `84 %`, as the locale writes it. */
export function percent(value: number, decimals = 0): string {
  const where = locale();
  const options = {
    style: 'percent',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  return remembered(`p${where}${decimals}`, () => new Intl.NumberFormat(where, options)).format(
    value / 100,
  );
}

/** A part of 100, rounded; what is not quite nothing, or not quite all, is not rounded to that. */
export function partPercent(part: number, whole = Math.round(part)): string {
  if (whole === 0 && part > 0) return `<${percent(1)}`;
  return whole === 100 && part < 100 ? `>${percent(99)}` : percent(whole);
}

function date(utcMs: number, name: string, options: Intl.DateTimeFormatOptions): string {
  const where = locale();
  return remembered(`d${where}${name}`, () => new Intl.DateTimeFormat(where, options)).format(
    utcMs,
  );
}

/** Longer than any jump of a wall clock. */
const JUMP_MS = 3 * 3_600_000;

/** True if the wall clock shows this time twice, since it is set back soon or just was. */
function isTwice(utcMs: number): boolean {
  const offset = (ms: number): number => new Date(ms).getTimezoneOffset() * 60_000;
  const own = offset(utcMs);
  return [utcMs - JUMP_MS, utcMs + JUMP_MS].some((near) => {
    const other = offset(near);
    return other !== own && offset(utcMs + other - own) === other;
  });
}

/** `14:35`, on this computer's wall clock like all times of the page; of two that are alike with the zone. */
export function timeOf(utcMs: number): string {
  if (!isTwice(utcMs)) return date(utcMs, 'time', { timeStyle: 'short' });
  const options = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const;
  return date(utcMs, 'zoned', options);
}

/** `Sat 28 Nov`. */
export const dayOf = (utcMs: number): string =>
  date(utcMs, 'day', { weekday: 'short', day: 'numeric', month: 'short' });

/** `28 Nov`. */
export const shortDayOf = (utcMs: number): string =>
  date(utcMs, 'short', { day: 'numeric', month: 'short' });

/** `28 Nov, 14:35`. */
export const momentOf = (utcMs: number): string => `${shortDayOf(utcMs)}, ${timeOf(utcMs)}`;

/** `98 seconds`, `5 minutes`, `3.2 hours`, `4 days`, in the words of the locale. */
export function spanOf(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const [value, name, decimals] =
    seconds < 120
      ? [seconds, 'second', 0]
      : seconds < 7200
        ? [seconds / 60, 'minute', 0]
        : seconds < 172_800
          ? [seconds / 3600, 'hour', 1]
          : [seconds / 86_400, 'day', 0];
  const where = locale();
  const options = {
    style: 'unit',
    unit: name as string,
    unitDisplay: 'long',
    maximumFractionDigits: decimals as number,
  } as const;
  return remembered(`u${where}${name}`, () => new Intl.NumberFormat(where, options)).format(
    value as number,
  );
}

/** `3 min ago`, in the words of the locale. */
export function ageOf(utcMs: number, nowMs: number): string {
  const minutes = Math.max(0, Math.round((nowMs - utcMs) / 60_000));
  const where = locale();
  const options = { style: 'short', numeric: 'always' } as const;
  const words = remembered(`r${where}`, () => new Intl.RelativeTimeFormat(where, options));
  if (minutes < 120) return words.format(-minutes, 'minute');
  if (minutes < 2880) return words.format(-Math.round(minutes / 60), 'hour');
  return words.format(-Math.round(minutes / 1440), 'day');
}

/** Calls that make the formats of the first readings. */
const FIRST = [timeOf, dayOf, shortDayOf, (utcMs: number) => ageOf(utcMs, utcMs), number, percent];

/**
 * Makes the formats before they are needed, one in each task: browsers take some milliseconds for
 * the first of a kind.
 */
export function prepareFormats(): void {
  for (const make of FIRST) setTimeout(() => make(0));
}
