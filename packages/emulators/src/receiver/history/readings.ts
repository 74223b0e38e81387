import {
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  SPECIAL_BELOW,
  systemSeconds,
} from '@egvkit/protocol';
import {
  type EgvRecord,
  glucoseOf,
  predictionOf,
  type SensorRecord,
  trendByteOf,
} from '@egvkit/protocol/receiver';
import type { Random } from '../random.ts';
import type { Timeline } from './timeline.ts';

export const TREND_NOT_COMPUTABLE = 8;
export const NOISE_CLEAN = 1;
export const NOISE_NOT_COMPUTED = 5;
export const CALIBRATION_PENDING = 0x80;
export const BACKFILLED = 0x2000;
export const DISPLAY_ONLY = 0x8000;
const NO_PREDICTION = 13;

/** What a reading is made from. */
export interface ReadingParts {
  /** When it was stored. */
  readonly storedMs: number;
  /** When it was measured; the same unless it is backfilled. */
  readonly measuredMs?: number;
  /** Value or special code, and flags. */
  readonly word: number;
  readonly arrow: number;
  readonly noise: number;
  /** Of the trend byte. */
  readonly flags?: number;
}

/** An EGV record in the revision of the receiver (§5.3). */
export function egvRecord(timeline: Timeline, parts: ReadingParts): EgvRecord {
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
        transmitterSeconds: timeline.transmitterSeconds(measuredMs),
        filteredRate: 0,
        algorithmState: 6,
      },
    }),
    ...(revision === 5 && { prediction: predictionOf(glucose.mgDl ?? NO_PREDICTION) }),
  };
}

/** The counts behind a reading, in the same second or the one before (§5.2). */
export function sensorRecord(
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

/** What the receiver stores for a glucose: the sentinels outside 40 … 400. */
export function storedGlucose(glucose: number): number {
  const rounded = Math.round(glucose);
  if (rounded < LOWEST_NUMERIC_MG_DL) return LOW_MG_DL;
  return rounded > HIGHEST_NUMERIC_MG_DL ? HIGH_MG_DL : rounded;
}

/** Whether it is stored as LOW or HIGH. */
export function isOutOfRange(glucose: number): boolean {
  const value = storedGlucose(glucose);
  return value === LOW_MG_DL || value === HIGH_MG_DL;
}

/** Whether a glucose word holds a value and not a special code. */
export function isNumeric(word: number): boolean {
  return glucoseOf(word).value >= SPECIAL_BELOW;
}

/** The arrow; thresholds of 1, 2 and 3 mg/dL per minute (§6.1). */
export function trendOf(glucose: number, before: number | undefined): number {
  if (before === undefined) return TREND_NOT_COMPUTABLE;
  const rate = (glucose - before) / 5;
  const steep = Math.abs(rate);
  if (steep <= 1) return 4;
  const step = steep <= 2 ? 1 : steep <= 3 ? 2 : 3;
  return rate > 0 ? 4 - step : 4 + step;
}
