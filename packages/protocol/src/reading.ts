import { type GlucoseStatus, glucoseStatus } from './glucose.ts';
import type { Named } from './named.ts';
import type { Measurement } from './same-reading.ts';
import type { TrendName } from './trend.ts';

/** A glucose reading, wherever it is stored. */
export interface Reading {
  /** Time of the measurement: Unix milliseconds. */
  readonly utcMs: number;
  /** mg/dL, 40 to 400; undefined for LOW, HIGH and states of the receiver: see `status`. */
  readonly mgDl: number | undefined;
  readonly status: GlucoseStatus;
  /**
   * As it was stored or served, to compare and to pass on: mg/dL, LOW and HIGH (39 and 401), or a
   * state of the receiver (below 20).
   */
  readonly value: number;
  readonly trend: Named<TrendName, unknown>;
  /** `receiver`, `share`, or the name of another place that serves readings. */
  readonly source: string;
}

/** Clocks of the device that stored a reading, as if each showed UTC: Unix milliseconds. */
export interface SourceClocks {
  /** Its internal clock, which nobody sets. */
  readonly systemMs: number;
  /** The clock on its screen. */
  readonly displayMs: number;
}

/** Makes a reading of a value on the one scale of receivers and Share (39 is LOW, 401 is HIGH). */
export function readingOf(
  value: number,
  parts: Pick<Reading, 'utcMs' | 'trend' | 'source'>,
): Reading {
  const { utcMs, trend, source } = parts;
  const status = glucoseStatus(value);
  const mgDl = status === 'inRange' ? value : undefined;
  return { utcMs, mgDl, status, value, trend, source };
}

/** Gives of a reading what tells it from others; see `isSameReading`. */
export function measurementOf({ utcMs, value }: Pick<Reading, 'utcMs' | 'value'>): Measurement {
  return { utcMs, mgDl: value };
}
