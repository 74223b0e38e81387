import type { TrendName } from '@egvkit/protocol';
import type { RecordBase } from '@egvkit/protocol/receiver';

/** A reading at its true time, wherever it comes from. */
export interface TimedReading {
  /** Unix milliseconds, whole seconds. */
  readonly utcMs: number;
  /** mg/dL; 39 for LOW and 401 for HIGH: look at `status` before showing it. */
  readonly mgDl: number;
  readonly status: 'inRange' | 'low' | 'high';
  readonly trend: TrendName | undefined;
}

/** A reading of the receiver. */
export interface Reading extends TimedReading {
  /** Of its record: the same for ever. */
  readonly key: string;
  /** Of its record, the place and times. */
  readonly stored: RecordBase;
  /** Delivered late by the transmitter, and stored as such. */
  readonly backfilled: boolean;
}

/** Something that happened: what the user entered, or a new sensor. */
export interface Mark {
  readonly key: string;
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** Of its record, the place and times. */
  readonly stored: RecordBase;
  readonly kind: 'meter' | 'carbohydrates' | 'insulin' | 'exercise' | 'health' | 'sensor' | 'other';
  /** mg/dL of a meter, grams, units of insulin or minutes; undefined where there is none. */
  readonly value: number | undefined;
  /** The receiver's word for kinds that have several: `illness`, `light`; undefined if none. */
  readonly detail: string | undefined;
}

/** Reasons why records are not among the readings. */
export type LeftOutReason =
  | 'specialCode'
  | 'displayOnly'
  | 'outOfRange'
  | 'timeLost'
  | 'clockNeverSet'
  | 'future'
  | 'repeated'
  | 'damaged';

/** Reasons for leaving records out, by the keys of the records. */
export type LeftOut = Readonly<Record<string, LeftOutReason>>;

/** Readings and marks of a receiver at true times, and the records that are left out. */
export interface History {
  /** Oldest first, every measurement once. */
  readonly readings: readonly Reading[];
  /** Oldest first. */
  readonly marks: readonly Mark[];
  readonly leftOut: LeftOut;
}

export const EMPTY_HISTORY: History = { readings: [], marks: [], leftOut: {} };
