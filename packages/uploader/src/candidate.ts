import {
  type ClockObservation,
  type DisplaySeconds,
  type Named,
  type Reading,
  readingOf,
  receiverClockUnixMs,
  type SystemSeconds,
  systemTimeToUtcMs,
  TREND_NAMES,
  type TrendName,
  trendNumber,
} from '@egvkit/protocol';
import type { Calibration, MeterValue, PlannedReading, ReadingDetails } from './uploaded-data.ts';

/** A stored record that may become a reading on the destination. */
export interface Candidate {
  /** The same for the same record for ever; ends in `@` and the system seconds of its record. */
  readonly key: string;
  readonly recordType: number;
  /** Running index within its type: the order in which records were stored, whatever their times. */
  readonly index: number;
  /** Delivered late by the transmitter, and stored as such. */
  readonly backfilled: boolean;
  /** Time of the measurement, by the two clocks of its source. */
  readonly systemSeconds: SystemSeconds;
  readonly displaySeconds: DisplaySeconds;
  readonly glucose: {
    /** mg/dL, LOW and HIGH (39 and 401), or a special code below 20. */
    readonly value: number;
    /** Shown after a calibration, not measured. */
    readonly displayOnly: boolean;
  };
  readonly trend: Named<TrendName, unknown>;
  /** See `Reading`. */
  readonly source: string;
  readonly details?: ReadingDetails | undefined;
  /** True if it was stored before the source's clock lost time, so that its true time is unknown. */
  readonly beforeTimeLoss?: boolean | undefined;
}

/** A stored meter value or calibration; its `key` is one among those of the readings. */
export type CalibrationCandidate = Pick<Candidate, 'systemSeconds' | 'beforeTimeLoss'> &
  (Omit<MeterValue, 'utcMs'> | Omit<Calibration, 'utcMs'>);

/** Computes the true time of a candidate, floored to whole steps, in Unix milliseconds. */
export function candidateUtcMs(
  { systemSeconds }: Pick<Candidate, 'systemSeconds'>,
  clock: ClockObservation,
  stepMs = 1,
): number {
  return Math.floor(systemTimeToUtcMs(systemSeconds, clock) / stepMs) * stepMs;
}

/** Reads the system seconds of a record off its key; undefined if it is no such key. */
export function systemSecondsOfKey(key: string): number | undefined {
  const seconds = /@(\d+)$/.exec(key)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Makes a reading of a candidate; its trend has a name, so that it comes back as it was sent. */
export function readingOfCandidate(
  { glucose, trend, source }: Pick<Candidate, 'glucose' | 'trend' | 'source'>,
  utcMs: number,
): Reading {
  return storedReading({ utcMs, value: glucose.value, trend: trendNumber(trend.name), source });
}

/** The part of a reading that a journal keeps. */
export interface StoredReading {
  readonly utcMs: number;
  readonly value: number;
  /** 0 … 9; see `TREND_NAMES`. */
  readonly trend: number;
  readonly source: string;
}

/** Makes a reading again of what is kept of it. */
export function storedReading({ utcMs, value, trend, source }: StoredReading): Reading {
  return readingOf(value, {
    utcMs,
    trend: { raw: trend, name: TREND_NAMES[trend] ?? 'unknown' },
    source,
  });
}

/** Makes of a candidate what is posted. */
export function plannedReading(candidate: Candidate, utcMs: number): PlannedReading {
  const { key, systemSeconds, displaySeconds, details } = candidate;
  const sourceClocks = {
    systemMs: receiverClockUnixMs(systemSeconds),
    displayMs: receiverClockUnixMs(displaySeconds),
  };
  const reading = readingOfCandidate(candidate, utcMs);
  return details === undefined
    ? { ...reading, key, sourceClocks }
    : { ...reading, key, sourceClocks, details };
}
