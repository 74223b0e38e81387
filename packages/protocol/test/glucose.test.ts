import { describe, expect, it } from 'vitest';
import { mmolPerL } from '../src/index.ts';

/** mgDl × 0.0555 in ten-thousandths, with half of a tenth rounded up: no binary fraction anywhere. */
function exactly(mgDl: number): string {
  const tenths = (BigInt(mgDl) * 555n + 500n) / 1000n;
  return `${tenths / 10n}.${tenths % 10n}`;
}

describe('mg/dL in mmol/L', () => {
  it('is the exact product, rounded half up', () => {
    for (let mgDl = 0; mgDl <= 1000; mgDl++) {
      expect(`${mgDl}: ${mmolPerL(mgDl).toFixed(1)}`).toBe(`${mgDl}: ${exactly(mgDl)}`);
      expect(mmolPerL(mgDl)).toBe(Number(exactly(mgDl)));
    }
  });

  it.each([
    [0, 0],
    [40, 2.2],
    [100, 5.6],
    [180, 10],
    [300, 16.7],
    [400, 22.2],
  ])('%i is %d', (mgDl, mmolL) => {
    expect(mmolPerL(mgDl)).toBe(mmolL);
  });
});
