/** The values that mean something else than a number of mg/dL. */

/** Below this a receiver's value is a state, never glucose. */
export const SPECIAL_BELOW = 20;
/** LOW, as a receiver stores it and Share shows it. */
export const LOW_MG_DL = 39;
export const LOWEST_NUMERIC_MG_DL = 40;
export const HIGHEST_NUMERIC_MG_DL = 400;
/** The same for HIGH. */
export const HIGH_MG_DL = 401;

/** `special`: a state of the receiver, not a glucose. */
export type GlucoseStatus = 'inRange' | 'low' | 'high' | 'special';

/**
 * Tells the meaning of a value in mg/dL from a receiver or Share: special codes below 20, LOW to 39
 * (Share has given 20 to 38 for LOW), numbers to 400, HIGH above.
 */
export function glucoseStatus(value: number): GlucoseStatus {
  // share Appendix C
  if (value < SPECIAL_BELOW) return 'special';
  if (value < LOWEST_NUMERIC_MG_DL) return 'low';
  return value > HIGHEST_NUMERIC_MG_DL ? 'high' : 'inRange';
}

/** Tells what is uploaded: numbers and the two values that stand for LOW and HIGH, nothing else. */
export function isUploadable(value: number): boolean {
  return Number.isInteger(value) && value >= LOW_MG_DL && value <= HIGH_MG_DL;
}

/**
 * A whole number of mg/dL in mmol/L with one decimal, as Dexcom shows it: 0.0555 for each, half
 * rounded up. In thousandths, because the binary product of 100 and 0.0555 is less than 5.55.
 */
export const mmolPerL = (mgDl: number): number => Math.round((mgDl * 555) / 1000) / 10;
