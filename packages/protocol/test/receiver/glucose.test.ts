import { describe, expect, it } from 'vitest';
import {
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  SPECIAL_BELOW,
} from '../../src/glucose.ts';
import {
  type Glucose,
  glucoseOf,
  predictionOf,
  trendByteOf,
} from '../../src/receiver/records/glucose.ts';

const WORDS = Array.from({ length: 0x10000 }, (_, word) => word);

/** The rule of spec §5.3 (and the codes of §6.3) written out once more, on its own. */
function expectedGlucose(word: number): Glucose {
  const value = word % 1024;
  const flags = {
    word,
    value,
    displayOnly: word >= 0x8000,
    computedOnTransmitter: (word & 0x4000) > 0,
    backfilled: (word & 0x2000) > 0,
    unknownBits: (word >> 10) % 8,
  };
  if (value < 20) {
    const names: Record<number, Glucose['special']> = {
      0: 'none',
      1: 'sensorNotActive',
      2: 'minimalDeviation',
      3: 'noAntenna',
      5: 'sensorNotCalibrated',
      6: 'countsDeviation',
      9: 'absoluteDeviation',
      10: 'powerDeviation',
      12: 'badRf',
    };
    return { ...flags, status: 'special', special: names[value] ?? 'unknown' };
  }
  if (value <= 39) return { ...flags, status: 'low' };
  if (value <= 400) return { ...flags, status: 'inRange', mgDl: value };
  return { ...flags, status: 'high' };
}

describe('the glucose word', () => {
  it('of every value follows the decoding rule of §5.3 and keeps its 16 bits', () => {
    const wrong = WORDS.filter((word) => {
      const [got, expected] = [glucoseOf(word), expectedGlucose(word)];
      const keys = new Set([...Object.keys(got), ...Object.keys(expected)]) as Set<keyof Glucose>;
      return [...keys].some((key) => !Object.is(got[key], expected[key]));
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    [19, 'special', undefined],
    [20, 'low', undefined],
    [39, 'low', undefined],
    [40, 'inRange', 40],
    [400, 'inRange', 400],
    [401, 'high', undefined],
    [1023, 'high', undefined],
  ])('%i is %s, and gives mg/dL only when it is a number', (word, status, mgDl) => {
    expect(glucoseOf(word)).toMatchObject({ status, ...(mgDl !== undefined && { mgDl }) });
    expect('mgDl' in glucoseOf(word)).toBe(mgDl !== undefined);
  });

  it('has its thresholds named as §6.3 has them', () => {
    expect([SPECIAL_BELOW, LOW_MG_DL, LOWEST_NUMERIC_MG_DL]).toEqual([20, 39, 40]);
    expect([HIGHEST_NUMERIC_MG_DL, HIGH_MG_DL]).toEqual([400, 401]);
  });

  it('names sensor-not-calibrated instead of showing 5 mg/dL', () => {
    expect(glucoseOf(5)).toMatchObject({ status: 'special', special: 'sensorNotCalibrated' });
    expect(glucoseOf(0x8005)).toMatchObject({ status: 'special', displayOnly: true });
  });

  it('is frozen: no reader can change what another reads', () => {
    expect(WORDS.filter((word) => !Object.isFrozen(glucoseOf(word)))).toEqual([]);
    expect(WORDS.filter((word) => !Object.isFrozen(predictionOf(word)))).toEqual([]);
  });
});

describe('the trend byte', () => {
  it('of every value is split into arrow, noise and flag, and keeps its 8 bits', () => {
    const arrows = [
      'None',
      'DoubleUp',
      'SingleUp',
      'FortyFiveUp',
      'Flat',
      'FortyFiveDown',
      'SingleDown',
      'DoubleDown',
      'NotComputable',
      'RateOutOfRange',
    ];
    const noises = ['none', 'clean', 'light', 'medium', 'heavy', 'notComputed', 'max'];
    for (let byte = 0; byte < 256; byte++) {
      const arrow = byte % 16;
      const noise = Math.floor(byte / 16) % 8;
      expect(trendByteOf(byte)).toEqual({
        byte,
        arrow,
        arrowName: arrows[arrow] ?? 'unknown',
        noise,
        noiseName: noises[noise] ?? 'unknown',
        calibrationPending: byte >= 128,
      });
      expect(trendByteOf(byte)).toSatisfy(Object.isFrozen);
    }
  });
});

describe('the predicted word', () => {
  it('says that there is no prediction for exactly one word, 13, tested before masking', () => {
    const none = WORDS.filter((word) => predictionOf(word).mgDl === undefined);
    expect(none).toEqual([13]);
    expect(predictionOf(13)).toEqual({ word: 13, urgentLowSoon: false, backfilled: false });
    expect(predictionOf(0x2000 + 13).mgDl).toBe(13);
  });

  it('of every other value gives mg/dL and both flags, and keeps its 16 bits', () => {
    const wrong = WORDS.filter((word) => {
      const { word: kept, mgDl, urgentLowSoon, backfilled } = predictionOf(word);
      return !(
        kept === word &&
        (word === 13 || mgDl === word % 1024) &&
        urgentLowSoon === word >= 0x8000 &&
        backfilled === (word & 0x2000) > 0
      );
    });
    expect(wrong).toEqual([]);
  });
});
