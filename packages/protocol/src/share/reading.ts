import { HIGHEST_NUMERIC_MG_DL, LOW_MG_DL, LOWEST_NUMERIC_MG_DL, mmolPerL } from '../glucose.ts';
import type { GlucoseRecord } from './calls/glucose.ts';
import { decodeDate } from './date.ts';
import { decodeTrend, type ShareTrend } from './trend.ts';

/** `special`: a receiver's error code that should never have been uploaded, not a glucose. */
export type GlucoseStatus = 'inRange' | 'low' | 'high' | 'special';

/** A reading from Share, raw record beside meaning. */
export interface ShareReading {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** The wearer's zone, where the service tells it: what to add to UTC. */
  readonly offsetMinutes: number | undefined;
  /** As it came; LOW is 39, HIGH is 401. Look at `status` before showing it. */
  readonly mgDl: number;
  /** The same in mmol/L with one decimal, as Dexcom shows it. */
  readonly mmolL: number;
  readonly status: GlucoseStatus;
  readonly trend: ShareTrend;
  readonly raw: GlucoseRecord;
}

/** What a value in mg/dL means (spec/share §4.4). */
export function glucoseStatus(mgDl: number): GlucoseStatus {
  if (mgDl < LOW_MG_DL) return 'special';
  if (mgDl < LOWEST_NUMERIC_MG_DL) return 'low';
  return mgDl > HIGHEST_NUMERIC_MG_DL ? 'high' : 'inRange';
}

/**
 * A record as a reading: the time is WT, else ST, else DT; the zone is that of DT (§4.9).
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

/** A reading and its copies: two devices that publish to one account send each about 10 s apart. */
export interface FoldedReading extends ShareReading {
  /** The later copies, oldest first; none usually. */
  readonly duplicates: readonly ShareReading[];
}

/** The same value within this of another is taken for a copy of it (spec/share §0.10, §9 #7). */
export const DUPLICATE_WITHIN_MS = 30_000;

/**
 * Folds copies into the first of them: the same value within 30 s. Nothing is lost, the copies
 * are kept beside it.
 *
 * @returns newest first, whatever order they came in
 */
export function foldDuplicates(readings: readonly ShareReading[]): FoldedReading[] {
  const firsts: (ShareReading & { readonly duplicates: ShareReading[] })[] = [];
  for (const reading of readings.toSorted((a, b) => a.utcMs - b.utcMs)) {
    // Two devices may take turns, so the one before need not be the one it is a copy of.
    const first = firsts.findLast(
      ({ utcMs, mgDl }) => mgDl === reading.mgDl && reading.utcMs - utcMs <= DUPLICATE_WITHIN_MS,
    );
    if (first === undefined) firsts.push({ ...reading, duplicates: [] });
    else first.duplicates.push(reading);
  }
  return firsts.reverse();
}
