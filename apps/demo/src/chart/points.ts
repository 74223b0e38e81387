import type { TimedReading } from '../readings/reading.ts';

/** Points of the curve: one for each reading, and an empty one where readings are missing. */
export interface Points {
  /** Unix milliseconds, ascending. */
  readonly xs: readonly number[];
  /** The curve in the unit of the chart; null at gaps, LOW and HIGH, which have no number. */
  readonly ys: readonly (number | null)[];
  /** The reading at each place; undefined at gaps. */
  readonly readings: readonly (TimedReading | undefined)[];
}

/** Two readings further apart have one missing between them. */
export const GAP_MS = 11 * 60_000;

/** Readings, oldest first, as points; `inUnit` gives a value of mg/dL in the unit of the chart. */
export function pointsOf(
  readings: readonly TimedReading[],
  inUnit: (mgDl: number) => number,
): Points {
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  const shown: (TimedReading | undefined)[] = [];
  let beforeMs = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    const { utcMs, mgDl, status } = reading;
    if (utcMs - beforeMs > GAP_MS) {
      xs.push((utcMs + beforeMs) / 2);
      ys.push(null);
      shown.push(undefined);
    }
    xs.push(utcMs);
    ys.push(status === 'inRange' ? inUnit(mgDl) : null);
    shown.push(reading);
    beforeMs = utcMs;
  }
  return { xs, ys, readings: shown };
}

/** A time that is shown, Unix milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** True if a time is shown: from the first millisecond of a span, up to its last. */
export function isIn({ fromMs, toMs }: Span, { utcMs }: { readonly utcMs: number }): boolean {
  return utcMs >= fromMs && utcMs < toMs;
}

const MINUTE_MS = 60_000;
/** Closer than this there is nothing more to see. */
export const SHORTEST_MS = 60 * MINUTE_MS;
/** As much as is read. */
const LONGEST_MS = 31 * 1440 * MINUTE_MS;

/** A span made shorter or longer around its middle, within what makes sense. */
export function zoomed({ fromMs, toMs }: Span, factor: number): Span {
  const length = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (toMs - fromMs) * factor));
  const middle = (fromMs + toMs) / 2;
  return { fromMs: middle - length / 2, toMs: middle + length / 2 };
}

/** A span moved by a part of its length: negative to the past. */
export function moved({ fromMs, toMs }: Span, part: number): Span {
  const by = (toMs - fromMs) * part;
  return { fromMs: fromMs + by, toMs: toMs + by };
}

/** A span that is kept to where there is something, its length as it is if that fits. */
export function within(span: Span, bounds: Span): Span {
  const length = span.toMs - span.fromMs;
  if (length >= bounds.toMs - bounds.fromMs) return bounds;
  if (span.toMs > bounds.toMs) return { fromMs: bounds.toMs - length, toMs: bounds.toMs };
  if (span.fromMs < bounds.fromMs) return { fromMs: bounds.fromMs, toMs: bounds.fromMs + length };
  return span;
}

/** The place of the reading next to a time; undefined if there is none. */
export function nearest(points: Points, utcMs: number): number | undefined {
  let best: number | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < points.xs.length; i++) {
    if (points.readings[i] === undefined) continue;
    const ms = Math.abs((points.xs[i] ?? 0) - utcMs);
    if (ms < bestMs) {
      best = i;
      bestMs = ms;
    }
  }
  return best;
}

/** The next place with a reading, `step` 1 or -1; the same place if there is none. */
export function neighbour(points: Points, place: number, step: 1 | -1): number {
  for (let i = place + step; i >= 0 && i < points.xs.length; i += step) {
    if (points.readings[i] !== undefined) return i;
  }
  return place;
}

/** The place in other points of the reading at a place; undefined if it is not among them. */
export function samePlace(
  before: Points,
  place: number | undefined,
  points: Points,
): number | undefined {
  if (place === undefined || before === points) return place;
  const utcMs = before.readings[place]?.utcMs;
  const found = points.readings.findIndex((reading) => reading?.utcMs === utcMs);
  return utcMs === undefined || found < 0 ? undefined : found;
}
