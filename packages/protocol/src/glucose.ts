/** The values that mean something else than a number of mg/dL (spec/receiver §6.3, spec/share §4.4). */

/** Below this a receiver's value is a state, never glucose. */
export const SPECIAL_BELOW = 20;
/** What a receiver stores, and Share shows, for LOW. */
export const LOW_MG_DL = 39;
export const LOWEST_NUMERIC_MG_DL = 40;
export const HIGHEST_NUMERIC_MG_DL = 400;
/** The same for HIGH. */
export const HIGH_MG_DL = 401;

/**
 * A whole number of mg/dL in mmol/L with one decimal, as Dexcom shows it: 0.0555 for each, half
 * rounded up. In thousandths, because the binary product of 100 and 0.0555 is less than 5.55.
 */
export const mmolPerL = (mgDl: number): number => Math.round((mgDl * 555) / 1000) / 10;
