import {
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  SPECIAL_BELOW,
  systemSeconds,
} from '@egvkit/protocol';
import type { EgvRecord, SensorRecord } from '@egvkit/protocol/receiver';
import { glucoseOf, predictionOf, trendByteOf } from '@egvkit/protocol/receiver/wire';
import type { Random } from '../random.ts';
import type { Timeline } from './timeline.ts';

export const TREND_NOT_COMPUTABLE = 8;
export const NOISE_CLEAN = 1;
export const NOISE_NOT_COMPUTED = 5;
export const CALIBRATION_PENDING = 0x80;
export const BACKFILLED = 0x2000;
export const DISPLAY_ONLY = 0x8000;
const NO_PREDICTION = 13;

/** Parts of a reading. */
export interface ReadingParts {
  /** Time of storing. */
  readonly storedMs: number;
  /** Time of the measurement; the same unless the reading is backfilled. */
  readonly measuredMs?: number;
  /** Value or special code, and flags. */
  readonly word: number;
  readonly arrow: number;
  readonly noise: number;
  /** Of the trend byte. */
  readonly flags?: number;
}

/** An EGV record in the revision of the receiver. */
export function egvRecord(timeline: Timeline, parts: ReadingParts): EgvRecord {
  // receiver §5.3
  const { egvRevision: revision } = timeline.profile;
  const { storedMs, measuredMs = storedMs, word, arrow, noise, flags = 0 } = parts;
  const glucose = glucoseOf(word);
  return {
    kind: 'egv',
    recordType: (word & BACKFILLED) === 0 ? 4 : 18,
    revision,
    index: 0,
    ...timeline.stamp(storedMs),
    glucose,
    trend: trendByteOf(arrow | (noise << 4) | flags),
    ...(revision >= 4 && {
      transmitter: {
        measuredSystemSeconds: systemSeconds(timeline.system(measuredMs) - 2),
        // No time of the transmitter on display-only records (§13); no rate there is ours.
        transmitterSeconds: glucose.displayOnly ? null : timeline.transmitterSeconds(measuredMs),
        filteredRate: glucose.displayOnly ? null : 0,
        algorithmState: 6,
      },
    }),
    ...(revision === 5 && { prediction: predictionOf(predictedWord(timeline, glucose.mgDl)) }),
  };
}

/** Predicted value: a G5 touchscreen stores 0, a G6 the glucose itself. */
function predictedWord({ profile }: Timeline, mgDl: number | undefined): number {
  // receiver §13; the value of a G6 is our choice.
  return profile.name === 'g5-touch' ? 0 : (mgDl ?? NO_PREDICTION);
}

/** The counts behind a reading, in the same second or the one before. */
export function sensorRecord(
  // receiver §5.2
  timeline: Timeline,
  random: Random,
  atMs: number,
  counts: { readonly unfiltered: number; readonly filtered: number },
): SensorRecord {
  const weak = random.chance(0.015);
  return {
    kind: 'sensor',
    recordType: 3,
    revision: 1,
    index: 0,
    ...timeline.stamp(atMs, random.chance(0.3) ? -1 : 0),
    ...counts,
    rssi: weak ? -random.integer(88, 96) : -random.integer(38, 85),
    unknown17: weak ? random.integer(1, 3) : 0,
  };
}

/** Gives the value that the receiver stores for a glucose: the sentinels outside 40 … 400. */
export function storedGlucose(glucose: number): number {
  const rounded = Math.round(glucose);
  if (rounded < LOWEST_NUMERIC_MG_DL) return LOW_MG_DL;
  return rounded > HIGHEST_NUMERIC_MG_DL ? HIGH_MG_DL : rounded;
}

/** Tells a glucose that is stored as LOW or HIGH. */
export function isOutOfRange(glucose: number): boolean {
  const value = storedGlucose(glucose);
  return value === LOW_MG_DL || value === HIGH_MG_DL;
}

/** Tells a glucose word that holds a value from one with a special code. */
export function isNumeric(word: number): boolean {
  return glucoseOf(word).value >= SPECIAL_BELOW;
}

/** The arrow; thresholds of 1, 2 and 3 mg/dL per minute. */
export function trendOf(glucose: number, before: number | undefined): number {
  // receiver §6.1
  if (before === undefined) return TREND_NOT_COMPUTABLE;
  const rate = (glucose - before) / 5;
  const steep = Math.abs(rate);
  if (steep <= 1) return 4;
  const step = steep <= 2 ? 1 : steep <= 3 ? 2 : 3;
  return rate > 0 ? 4 - step : 4 + step;
}
