import { describe, expect, it } from 'vitest';
import { formatGlucose, formatTrend } from '../src/output/glucose.ts';
import { plotGlucose } from '../src/output/plot.ts';
import { describeClockError } from '../src/output/words.ts';

describe('plotGlucose', () => {
  it('puts readings where they belong in time and height', () => {
    const points = [
      { utcMs: 0, mgDl: 70 },
      { utcMs: 50, mgDl: 180 },
      { utcMs: 100, mgDl: 200 },
      { utcMs: 101, mgDl: 39 },
    ];
    const lines = plotGlucose(points, {
      width: 27,
      height: 11,
      fromMs: 0,
      toMs: 100,
      unit: 'mg/dL',
      formatTime: (ms) => `t${ms}`,
    });
    expect(lines).toEqual([
      '  200                     ●',
      '  180 · · · · · ● · · · · ·',
      '      ',
      '      ',
      '      ',
      '      ',
      '      ',
      '   70 ● · · · · · · · · · ·',
      '      ',
      '      ',
      '      ',
      '      t0      t50      t100',
    ]);
  });

  it('draws nothing but the scale without readings', () => {
    const lines = plotGlucose([], {
      width: 40,
      height: 11,
      fromMs: 0,
      toMs: 1,
      unit: 'mmol/L',
      formatTime: () => '',
    });
    expect(lines.join('')).not.toContain('●');
    expect(lines[0]).toContain('11.1');
  });
});

describe('formatGlucose', () => {
  it('shows LOW and HIGH as words and mmol/L as Dexcom does', () => {
    expect([39, 40, 112, 400, 401].map((mgDl) => formatGlucose(mgDl, 'mg/dL'))).toEqual([
      'LOW',
      '40',
      '112',
      '400',
      'HIGH',
    ]);
    expect(
      [39, 40, 100, 112, 180, 300, 400, 401].map((mgDl) => formatGlucose(mgDl, 'mmol/L')),
    ).toEqual(['LOW', '2.2', '5.6', '6.2', '10.0', '16.7', '22.2', 'HIGH']);
  });

  it('shows a trend as an arrow', () => {
    expect([formatTrend('DoubleUp'), formatTrend('NotComputable'), formatTrend(undefined)]).toEqual(
      ['↑↑', '?', '?'],
    );
  });
});

describe('describeClockError', () => {
  it('says how far the clock is off, in the unit people think in', () => {
    expect(
      [0, 1, -98, 300, -14_365, 19_168_117].map((seconds) => describeClockError(seconds)),
    ).toEqual([
      'right',
      'right',
      '98 s behind UTC',
      '5 min ahead of UTC',
      '4.0 h behind UTC',
      '221.9 days ahead of UTC',
    ]);
  });
});
