import { expect, it } from 'vitest';
import { formatGlucose, specialName } from '../src/output/glucose.ts';

it('shows LOW for 20 to 39, HIGH above 400, and the name of a state below 20', () => {
  for (let value = 20; value < 40; value++) expect(formatGlucose(value, 'mg/dL')).toBe('LOW');
  expect([40, 400, 401, 1023].map((value) => formatGlucose(value, 'mg/dL'))).toEqual([
    '40',
    '400',
    'HIGH',
    'HIGH',
  ]);
  expect([-1, 0, 5, 10, 19].map((value) => formatGlucose(value, 'mmol/L'))).toEqual([
    'unknown',
    'none',
    'sensorNotCalibrated',
    'powerDeviation',
    'unknown',
  ]);
  expect([19, 20, 401].map(specialName)).toEqual(['unknown', null, null]);
});
