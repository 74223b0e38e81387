import type { Reading, SourceClocks } from '@egvkit/protocol';

/** Details of a reading beside its value, as far as its source knows them. */
export interface ReadingDetails {
  /** Noise of the signal as receivers count it: 0 none told, 1 clean, 2 light, 3 medium, 4 heavy, 5 not computed, 6 most. */
  readonly noise?: number | undefined;
  /** Raw counts of the sensor. */
  readonly unfiltered?: number | undefined;
  /** Raw counts of the sensor. */
  readonly filtered?: number | undefined;
  /** Strength of the transmitter's signal, like dBm. */
  readonly rssi?: number | undefined;
}

/** A value of a blood glucose meter that was entered. */
export interface MeterValue {
  readonly kind: 'meter';
  /** See {@link PlannedReading}. */
  readonly key: string;
  /** Unix milliseconds. */
  readonly utcMs: number;
  readonly mgDl: number;
}

/** Coefficients that make glucose of raw counts: `scale × (counts − intercept) / slope`. */
export interface Calibration {
  readonly kind: 'calibration';
  /** See {@link PlannedReading}. */
  readonly key: string;
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** Counts per mg/dL. */
  readonly slope: number;
  /** Counts. */
  readonly intercept: number;
  readonly scale: number;
}

/** Record that a source stores beside its readings. */
export type CalibrationData = MeterValue | Calibration;

/** A reading on its way to a destination, exactly as it is (and would again be) posted. */
export interface PlannedReading extends Reading {
  /**
   * Identifies the reading among all that its source ever stored; the same whenever it is read
   * again. With the serial number of the source it is unique.
   */
  readonly key: string;
  /** For destinations that are told them. */
  readonly sourceClocks?: SourceClocks | undefined;
  /** For destinations that are told them. */
  readonly details?: ReadingDetails | undefined;
}

/** Limits of a destination. */
export interface DestinationLimits {
  /** Age of the oldest reading that is taken, ms. */
  readonly windowMs: number;
  /** Readings of one post at the most. */
  readonly batchSize: number;
  /** Least and greatest value taken, on the one scale: 39 is LOW, 401 is HIGH. */
  readonly lowestValue: number;
  readonly highestValue: number;
  /** Times are kept in steps of this many ms. */
  readonly timeStepMs: number;
}
