import type { Evidence } from '../../evidence.ts';
import { type GlucoseStatus, glucoseStatus, LOW_MG_DL } from '../../glucose.ts';
import { type Named, named } from '../../named.ts';
import { TREND_NAMES, type TrendName } from '../../trend.ts';
import { NOISE_LEVELS, SPECIAL_GLUCOSE_CODES } from '../enumerations.ts';

/**
 * The packed words of an EGV record and what they mean. A word's meaning
 * depends on nothing else, so each is worked out once and shared by all records that hold it.
 */

// The masks of bits in a word. Each is a constant of its own: a bundle holds its number alone, and
// of an object all names.

const VALUE = 0x03ff;
const UNKNOWN_BITS = 0x1c00;
const BACKFILLED = 0x2000;
const COMPUTED_ON_TRANSMITTER = 0x4000;
const DISPLAY_ONLY = 0x8000;
const ARROW = 0x0f;
const NOISE = 0x70;
const CALIBRATION_PENDING = 0x80;
const URGENT_LOW_SOON = 0x8000;

/** The glucose word. */
export const GLUCOSE_BITS = {
  value: VALUE,
  unknownBits: UNKNOWN_BITS,
  backfilled: BACKFILLED,
  computedOnTransmitter: COMPUTED_ON_TRANSMITTER,
  displayOnly: DISPLAY_ONLY,
} as const;

/** The trend byte. */
export const TREND_BITS = {
  arrow: ARROW,
  noise: NOISE,
  calibrationPending: CALIBRATION_PENDING,
} as const;

/** The predicted word, unless it is 13: no prediction. */
export const PREDICTION_BITS = {
  mgDl: VALUE,
  backfilled: BACKFILLED,
  urgentLowSoon: URGENT_LOW_SOON,
} as const;

/** The number or the flag in these bits. */
function bitsOf(word: number, mask: number): number {
  return (word & mask) / (mask & -mask);
}

function isSet(word: number, mask: number): boolean {
  return (word & mask) !== 0;
}

export type SpecialGlucoseName =
  | (typeof SPECIAL_GLUCOSE_CODES)[keyof typeof SPECIAL_GLUCOSE_CODES]
  | 'unknown';

/** The glucose word: 16 bits of value and flags. */
export interface Glucose {
  /** All 16 bits as stored. */
  readonly raw: number;
  /** Bits 0–9: mg/dL, or a special code when below 20. Read `status` before using it. */
  readonly value: number;
  readonly status: GlucoseStatus;
  /** mg/dL, only when `status` is `inRange` (40 … 400). */
  readonly mgDl: number | undefined;
  /** Only when `status` is `special`. */
  readonly special: SpecialGlucoseName | undefined;
  /** A value that was shown after a calibration beside the real one: not a reading (bit 15). */
  readonly displayOnly: boolean;
  /** Bit 14. */
  readonly computedOnTransmitter: boolean;
  /** Bit 13; evaluated from revision 5 on. */
  readonly backfilled: boolean;
  /** Bits 10–12 as a number 0 … 7; 0 in all captures, meaning unknown. */
  readonly unknownBits: number;
}

function decodeGlucose(raw: number): Glucose {
  const value = bitsOf(raw, VALUE);
  const status = glucoseStatus(value);
  const names: Readonly<Record<number, SpecialGlucoseName>> = SPECIAL_GLUCOSE_CODES;
  return Object.freeze({
    raw,
    value,
    status,
    mgDl: status === 'inRange' ? value : undefined,
    special: status === 'special' ? (names[value] ?? 'unknown') : undefined,
    displayOnly: isSet(raw, DISPLAY_ONLY),
    computedOnTransmitter: isSet(raw, COMPUTED_ON_TRANSMITTER),
    backfilled: isSet(raw, BACKFILLED),
    unknownBits: bitsOf(raw, UNKNOWN_BITS),
  });
}

/** The trend byte: arrow, noise and one flag. */
export interface TrendByte {
  /** All 8 bits as stored. */
  readonly raw: number;
  /** Bits 0–3; 0 to 9 have a name. */
  readonly arrow: Named<TrendName>;
  /** Bits 4–6. */
  readonly noise: Named<(typeof NOISE_LEVELS)[keyof typeof NOISE_LEVELS]>;
  /** Bit 7: stored while the newest calibration is provisional (captured; the name is ours). */
  readonly calibrationPending: boolean;
}

function decodeTrendByte(raw: number): TrendByte {
  return Object.freeze({
    raw,
    arrow: Object.freeze(named(TREND_NAMES, bitsOf(raw, ARROW))),
    noise: Object.freeze(named(NOISE_LEVELS, bitsOf(raw, NOISE))),
    calibrationPending: isSet(raw, CALIBRATION_PENDING),
  });
}

/** The predicted word of revision 5 (one source). */
export interface Prediction {
  /** All 16 bits as stored. */
  readonly raw: number;
  /** mg/dL of bits 0–9; null where they hold no glucose (below 39). */
  readonly mgDl: number | null; // receiver §13
  /** Bit 15. */
  readonly urgentLowSoon: boolean;
  /** Bit 13. */
  readonly backfilled: boolean;
}

function decodePrediction(raw: number): Prediction {
  // Of no prediction, which is 13, this makes none as well.
  const mgDl = bitsOf(raw, VALUE);
  return Object.freeze({
    raw,
    mgDl: mgDl < LOW_MG_DL ? null : mgDl,
    urgentLowSoon: isSet(raw, URGENT_LOW_SOON),
    backfilled: isSet(raw, BACKFILLED),
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

/** Decodes a glucose word. */
export const glucoseOf: (raw: number) => Glucose = remembered(0x10000, decodeGlucose);

/** Decodes a trend byte. */
export const trendByteOf: (raw: number) => TrendByte = remembered(0x100, decodeTrendByte);

/** Decodes a predicted word. */
export const predictionOf: (raw: number) => Prediction = remembered(0x10000, decodePrediction);

/** Facts about the bits of a word, for people; apart, so that a driver does not carry them along. */
type About<Bits> = {
  readonly [Name in keyof Bits]: { readonly doc: string; readonly evidence: Evidence };
};

/** The glucose word. */
export const ABOUT_GLUCOSE_BITS: About<typeof GLUCOSE_BITS> = {
  value: { doc: 'mg/dL, or a special code below 20', evidence: 'captured' },
  unknownBits: { doc: 'unknown; 0 in captures', evidence: 'unconfirmed' },
  backfilled: { doc: 'delivered late; from revision 5 on', evidence: 'one source' },
  computedOnTransmitter: { doc: 'computed on the transmitter', evidence: 'one source' },
  displayOnly: {
    doc: 'shown after a calibration beside the real value: no reading',
    evidence: 'captured',
  },
};

/** The trend byte. */
export const ABOUT_TREND_BITS: About<typeof TREND_BITS> = {
  arrow: { doc: 'trend arrow', evidence: 'captured' },
  noise: { doc: 'noise level', evidence: 'captured' },
  calibrationPending: {
    doc: 'stored while the newest calibration is provisional',
    evidence: 'captured',
  },
};

/** The predicted word, unless it is 13: no prediction. */
export const ABOUT_PREDICTION_BITS: About<typeof PREDICTION_BITS> = {
  mgDl: { doc: 'predicted glucose, mg/dL', evidence: 'one source' },
  backfilled: { doc: 'of a value delivered late', evidence: 'one source' },
  urgentLowSoon: { doc: 'urgent low soon', evidence: 'one source' },
};
