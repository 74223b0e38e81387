import { type GlucoseStatus, glucoseStatus, mmolPerL } from '../glucose.ts';
import { type Reading, readingOf } from '../reading.ts';
import { isSameReading } from '../same-reading.ts';
import type { GlucoseRecord } from './calls/glucose.ts';
import { decodeDate } from './date.ts';
import { decodeTrend, type ShareTrend } from './trend.ts';

/** A reading from Share, raw record beside meaning. */
export interface ShareReading {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** The wearer's zone, to add to UTC; undefined if the service does not tell it. */
  readonly offsetMinutes: number | undefined;
  /** As it came; LOW is 39 or less, HIGH is 401. Look at `status` before showing it. */
  readonly mgDl: number;
  /** The same in mmol/L with one decimal, as Dexcom shows it. */
  readonly mmolL: number;
  readonly status: GlucoseStatus;
  readonly trend: ShareTrend;
  readonly raw: GlucoseRecord;
}

/**
 * Decodes a record: the time is WT, else ST, else DT; the zone is that of DT.
 *
 * @returns undefined if none of the three dates can be read
 */
export function decodeReading(raw: GlucoseRecord): ShareReading | undefined {
  const displayed = decodeDate(raw.DT);
  const instant = decodeDate(raw.WT) ?? decodeDate(raw.ST) ?? displayed;
  if (instant === undefined) return undefined;
  return {
    utcMs: instant.utcMs,
    offsetMinutes: displayed?.offsetMinutes,
    mgDl: raw.Value,
    mmolL: mmolPerL(raw.Value),
    status: glucoseStatus(raw.Value),
    trend: decodeTrend(raw.Trend),
    raw,
  };
}

/** Makes the reading that receivers and Share have in common. */
export function readingOfShare({ utcMs, mgDl, trend }: ShareReading): Reading {
  const { raw, name = 'unknown' } = trend;
  return readingOf(mgDl, { utcMs, trend: { raw, name }, source: 'share' });
}

/** A reading and its copies: two devices that publish to one account send each about 10 s apart. */
export interface FoldedReading extends ShareReading {
  /** The later copies, oldest first; none usually. */
  readonly duplicates: readonly ShareReading[];
}

/**
 * Folds copies into the first of them; see {@link isSameReading}. Nothing is lost, the copies are
 * kept beside it.
 *
 * @returns newest first, whatever order they came in
 */
export function foldDuplicates(readings: readonly ShareReading[]): FoldedReading[] {
  type First = ShareReading & { readonly duplicates: ShareReading[] };
  const firsts: First[] = [];
  /** The newest first of each value: an older one is further away still. */
  const newest = new Map<number, First>();
  for (const reading of readings.toSorted((a, b) => a.utcMs - b.utcMs)) {
    // Two devices may take turns, so the one before need not be the one it is a copy of.
    const known = newest.get(reading.mgDl);
    if (known !== undefined && isSameReading(known, reading)) {
      known.duplicates.push(reading);
      continue;
    }
    const first = { ...reading, duplicates: [] };
    newest.set(reading.mgDl, first);
    firsts.push(first);
  }
  return firsts.reverse();
}
