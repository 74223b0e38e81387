import { expect, it } from 'vitest';
import { calibrationFinality } from '../../src/receiver/records/calibration.ts';

it.each([
  [0, true],
  [8, true],
  [1, false],
  [3, false],
  [9, false],
])('byte 34 of a calibration set: with %i, provisional is %s', (raw, provisional) => {
  // receiver §5.5
  expect(calibrationFinality(raw)).toEqual({ raw, provisional });
});
