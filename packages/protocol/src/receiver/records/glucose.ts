import type { Evidence } from '../../evidence.ts';
import { HIGHEST_NUMERIC_MG_DL, LOWEST_NUMERIC_MG_DL, SPECIAL_BELOW } from '../../glucose.ts';
import { TREND_NAMES, type TrendName } from '../../trend.ts';
import { NOISE_LEVELS, SPECIAL_GLUCOSE_CODES } from '../enumerations.ts';

/**
 * The packed words of an EGV record and what they mean (spec/receiver §5.3). A word's meaning
 * depends on nothing else, so each is worked out once and shared by all records that hold it.
 */

/** Some bits of a word, and what they say. */
interface Bits {
  readonly mask: number;
  readonly doc: string;
  readonly evidence: Evidence;
}

type BitRows = Readonly<Record<string, Bits>>;

/** The glucose word. */
export const GLUCOSE_BITS = {
  value: { mask: 0x03ff, doc: 'mg/dL, or a special code below 20', evidence: 'captured' },
  unknownBits: { mask: 0x1c00, doc: 'unknown; 0 in captures', evidence: 'unconfirmed' },
  backfilled: { mask: 0x2000, doc: 'delivered late; from revision 5 on', evidence: 'one source' },
  computedOnTransmitter: {
    mask: 0x4000,
    doc: 'computed on the transmitter',
    evidence: 'one source',
  },
  displayOnly: {
    mask: 0x8000,
    doc: 'shown after a calibration beside the real value: no reading',
    evidence: 'captured',
  },
} as const satisfies BitRows;

/** The trend byte. */
export const TREND_BITS = {
  arrow: { mask: 0x0f, doc: 'trend arrow', evidence: 'captured' },
  noise: { mask: 0x70, doc: 'noise level', evidence: 'captured' },
  calibrationPending: {
    mask: 0x80,
    doc: 'stored while the newest calibration is provisional',
    evidence: 'captured',
  },
} as const satisfies BitRows;

/** The predicted word, unless it is 13: no prediction. */
export const PREDICTION_BITS = {
  mgDl: { mask: 0x03ff, doc: 'predicted glucose, mg/dL', evidence: 'one source' },
  backfilled: { mask: 0x2000, doc: 'of a value delivered late', evidence: 'one source' },
  urgentLowSoon: { mask: 0x8000, doc: 'urgent low soon', evidence: 'one source' },
} as const satisfies BitRows;

/** The number or the flag in these bits. */
function bitsOf(word: number, { mask }: Bits): number {
  const lowest = mask & -mask;
  return (word & mask) / lowest;
}

function isSet(word: number, bits: Bits): boolean {
  return (word & bits.mask) !== 0;
}

export type SpecialGlucoseName =
  | (typeof SPECIAL_GLUCOSE_CODES)[keyof typeof SPECIAL_GLUCOSE_CODES]
  | 'unknown';

/** The glucose word: 16 bits of value and flags. */
export interface Glucose {
  /** All 16 bits as stored. */
  readonly word: number;
  /** Bits 0–9: mg/dL, or a special code when below 20. Read `status` before using it. */
  readonly value: number;
  readonly status: 'inRange' | 'low' | 'high' | 'special';
  /** mg/dL, only when `status` is `inRange` (40 … 400). */
  readonly mgDl?: number;
  /** Only when `status` is `special`. */
  readonly special?: SpecialGlucoseName;
  /** A value that was shown after a calibration beside the real one: not a reading (bit 15). */
  readonly displayOnly: boolean;
  /** Bit 14. */
  readonly computedOnTransmitter: boolean;
  /** Bit 13; evaluated from revision 5 on. */
  readonly backfilled: boolean;
  /** Bits 10–12 as a number 0 … 7; 0 in all captures, meaning unknown. */
  readonly unknownBits: number;
}

function statusOf(value: number): Glucose['status'] {
  if (value < SPECIAL_BELOW) return 'special';
  if (value < LOWEST_NUMERIC_MG_DL) return 'low';
  return value > HIGHEST_NUMERIC_MG_DL ? 'high' : 'inRange';
}

function decodeGlucose(word: number): Glucose {
  const value = bitsOf(word, GLUCOSE_BITS.value);
  const status = statusOf(value);
  const names: Readonly<Record<number, SpecialGlucoseName>> = SPECIAL_GLUCOSE_CODES;
  return Object.freeze({
    word,
    value,
    status,
    ...(status === 'inRange' && { mgDl: value }),
    ...(status === 'special' && { special: names[value] ?? 'unknown' }),
    displayOnly: isSet(word, GLUCOSE_BITS.displayOnly),
    computedOnTransmitter: isSet(word, GLUCOSE_BITS.computedOnTransmitter),
    backfilled: isSet(word, GLUCOSE_BITS.backfilled),
    unknownBits: bitsOf(word, GLUCOSE_BITS.unknownBits),
  });
}

/** The trend byte: arrow, noise and one flag. */
export interface TrendByte {
  /** All 8 bits as stored. */
  readonly byte: number;
  /** Bits 0–3; 0 … 9 have a name. */
  readonly arrow: number;
  readonly arrowName: TrendName | 'unknown';
  /** Bits 4–6. */
  readonly noise: number;
  readonly noiseName: (typeof NOISE_LEVELS)[keyof typeof NOISE_LEVELS] | 'unknown';
  /** Bit 7: stored while the newest calibration is provisional (captured; the name is ours). */
  readonly calibrationPending: boolean;
}

function decodeTrendByte(byte: number): TrendByte {
  const arrow = bitsOf(byte, TREND_BITS.arrow);
  const noise = bitsOf(byte, TREND_BITS.noise);
  const noiseNames: Readonly<Record<number, TrendByte['noiseName']>> = NOISE_LEVELS;
  return Object.freeze({
    byte,
    arrow,
    arrowName: TREND_NAMES[arrow] ?? 'unknown',
    noise,
    noiseName: noiseNames[noise] ?? 'unknown',
    calibrationPending: isSet(byte, TREND_BITS.calibrationPending),
  });
}

/** The predicted word of revision 5 (one source). */
export interface Prediction {
  /** All 16 bits as stored. */
  readonly word: number;
  /** mg/dL of bits 0–9; undefined when the word says that there is no prediction. */
  readonly mgDl?: number;
  /** Bit 15. */
  readonly urgentLowSoon: boolean;
  /** Bit 13. */
  readonly backfilled: boolean;
}

const NO_PREDICTION = 13;

function decodePrediction(word: number): Prediction {
  if (word === NO_PREDICTION) {
    return Object.freeze({ word, urgentLowSoon: false, backfilled: false });
  }
  return Object.freeze({
    word,
    mgDl: bitsOf(word, PREDICTION_BITS.mgDl),
    urgentLowSoon: isSet(word, PREDICTION_BITS.urgentLowSoon),
    backfilled: isSet(word, PREDICTION_BITS.backfilled),
  });
}

function remembered<T>(size: number, decode: (raw: number) => T): (raw: number) => T {
  const known: (T | undefined)[] = new Array(size);
  return (raw) => {
    const before = known[raw];
    if (before !== undefined) return before;
    const value = decode(raw);
    known[raw] = value;
    return value;
  };
}

/** What a glucose word means. */
export const glucoseOf: (word: number) => Glucose = remembered(0x10000, decodeGlucose);

/** What a trend byte means. */
export const trendByteOf: (byte: number) => TrendByte = remembered(0x100, decodeTrendByte);

/** What a predicted word means. */
export const predictionOf: (word: number) => Prediction = remembered(0x10000, decodePrediction);
