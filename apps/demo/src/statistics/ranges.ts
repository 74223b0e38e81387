/**
 * The consensus ranges of glucose, mg/dL, lowest first: 70 and 180 are in the target (Battelino
 * 2019). A range ends where the next one begins.
 */
export const RANGES = [
  { name: 'veryLow', fromMgDl: 0 },
  { name: 'low', fromMgDl: 54 },
  { name: 'target', fromMgDl: 70 },
  { name: 'high', fromMgDl: 181 },
  { name: 'veryHigh', fromMgDl: 251 },
] as const;

export type RangeName = (typeof RANGES)[number]['name'];

/** The target of most adults, mg/dL, both ends inside. */
export const TARGET_MG_DL = { low: 70, high: 180 } as const;

/** The range of a whole number of mg/dL; LOW (39) is very low, HIGH (401) very high. */
export function rangeOf(mgDl: number): RangeName {
  let name: RangeName = 'veryLow';
  for (const range of RANGES) if (mgDl >= range.fromMgDl) name = range.name;
  return name;
}
