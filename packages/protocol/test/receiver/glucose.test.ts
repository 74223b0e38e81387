import { describe, expect, it } from 'vitest';
import {
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  SPECIAL_BELOW,
} from '../../src/glucose.ts';
import { SPECIAL_GLUCOSE_CODES } from '../../src/receiver/enumerations.ts';
import {
  type Glucose,
  glucoseOf,
  predictionOf,
  trendByteOf,
} from '../../src/receiver/records/glucose.ts';
import { TREND_NAMES } from '../../src/trend.ts';

const WORDS = Array.from({ length: 0x10000 }, (_, word) => word);

/** The decoding rule of the glucose word written out once more, on its own. */
function expectedGlucose(word: number): Glucose {
  // receiver §6.3
  const value = word % 1024;
  const flags = {
    raw: word,
    value,
    displayOnly: word >= 0x8000,
    computedOnTransmitter: (word & 0x4000) > 0,
    backfilled: (word & 0x2000) > 0,
    unknownBits: (word >> 10) % 8,
    mgDl: undefined,
    special: undefined,
  };
  if (value < 20) {
    const names: Record<number, Glucose['special']> = SPECIAL_GLUCOSE_CODES;
    return { ...flags, status: 'special', special: names[value] ?? 'unknown' };
  }
  if (value <= 39) return { ...flags, status: 'low' };
  if (value <= 400) return { ...flags, status: 'inRange', mgDl: value };
  return { ...flags, status: 'high' };
}

describe('the glucose word', () => {
  it('of every value follows the decoding rule and keeps its 16 bits', () => {
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
    expect(glucoseOf(word)).toMatchObject({ status, mgDl });
    expect(glucoseOf(word).mgDl).toBe(mgDl);
  });

  it('has its thresholds at 20, 39, 40, 400 and 401', () => {
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
    const noises = ['none', 'clean', 'light', 'medium', 'heavy', 'notComputed', 'max'];
    for (let byte = 0; byte < 256; byte++) {
      const arrow = byte % 16;
      const noise = Math.floor(byte / 16) % 8;
      expect(trendByteOf(byte)).toEqual({
        raw: byte,
        arrow: { raw: arrow, name: TREND_NAMES[arrow] ?? 'unknown' },
        noise: { raw: noise, name: noises[noise] ?? 'unknown' },
        calibrationPending: byte >= 128,
      });
      for (const one of [trendByteOf(byte), trendByteOf(byte).arrow, trendByteOf(byte).noise]) {
        expect(one).toSatisfy(Object.isFrozen);
      }
    }
  });
});

describe('the predicted word', () => {
  it('holds no glucose where its value is below 39: 0 of a G5 touchscreen, 5, 13', () => {
    const none = WORDS.filter((word) => predictionOf(word).mgDl === null);
    expect(none).toEqual(WORDS.filter((word) => word % 1024 < 39));
    for (const word of [0, 5, 13]) {
      const flags = { urgentLowSoon: false, backfilled: false };
      expect(predictionOf(word)).toEqual({ raw: word, mgDl: null, ...flags });
    }
    expect(predictionOf(0x8000 + 39)).toMatchObject({ mgDl: 39, urgentLowSoon: true });
  });

  it('of every other value gives mg/dL and both flags, and keeps its 16 bits', () => {
    const wrong = WORDS.filter((word) => {
      const { raw: kept, mgDl, urgentLowSoon, backfilled } = predictionOf(word);
      return !(
        kept === word &&
        (word % 1024 < 39 ? mgDl === null : mgDl === word % 1024) &&
        urgentLowSoon === word >= 0x8000 &&
        backfilled === (word & 0x2000) > 0
      );
    });
    expect(wrong).toEqual([]);
  });
});
