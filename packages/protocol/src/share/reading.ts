import { HIGHEST_NUMERIC_MG_DL, LOW_MG_DL, LOWEST_NUMERIC_MG_DL } from '../glucose.ts';
import { decodeDate } from './date.ts';
import { decodeTrend, type ShareTrend } from './trend.ts';
import type { GlucoseRecord } from './wire.ts';

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
    status: glucoseStatus(raw.Value),
    trend: decodeTrend(raw.Trend),
    raw,
  };
}
