import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import {
  moved,
  nearest,
  neighbour,
  pointsOf,
  SHORTEST_MS,
  samePlace,
  within,
  zoomed,
} from '../src/chart/points.ts';
import { csvOf, jsonOf } from '../src/readings/export.ts';
import type { Reading } from '../src/readings/reading.ts';
import { waysIn } from '../src/receivers/ways.ts';
import { servicesFor, servicesOf } from '../src/share/services.ts';

const START_MS = Date.UTC(2026, 5, 1);

const stored = {
  recordType: 4,
  revision: 2,
  index: 1,
  systemSeconds: systemSeconds(1),
  displaySeconds: displaySeconds(1),
};

function reading(minutes: number, mgDl: number): Reading {
  const utcMs = START_MS + minutes * 60_000;
  const status = mgDl < 40 ? 'low' : mgDl > 400 ? 'high' : 'inRange';
  const key = `4:${minutes}@1`;
  return { key, utcMs, stored, mgDl, status, trend: 'Flat', backfilled: false };
}

const readings = [reading(0, 100), reading(5, 39), reading(10, 110), reading(40, 401)];
const asIs = (mgDl: number): number => mgDl;

describe('the points of a curve', () => {
  it('break at a gap, and have no number for LOW and HIGH', () => {
    const { ys, readings: shown } = pointsOf(readings, asIs);
    expect(ys).toEqual([100, null, 110, null, null]);
    expect(shown.map((one) => one?.mgDl)).toEqual([100, 39, 110, undefined, 401]);
  });

  it('are walked from reading to reading, over gaps, and not beyond the ends', () => {
    const points = pointsOf(readings, asIs);
    expect(neighbour(points, 2, 1)).toBe(4);
    expect(neighbour(points, 4, -1)).toBe(2);
    expect(neighbour(points, 0, -1)).toBe(0);
    expect(neighbour(points, 4, 1)).toBe(4);
    expect(nearest(points, START_MS + 24 * 60_000)).toBe(2);
    expect(nearest(pointsOf([], asIs), START_MS)).toBeUndefined();
  });
});

describe('a reading that is pointed at', () => {
  const before = pointsOf(readings, asIs);

  it('stays the same when older ones are read, and when a gap is filled', () => {
    const after = pointsOf([reading(-5, 90), ...readings, reading(45, 80)], asIs);
    expect(after.readings[samePlace(before, 2, after) ?? 0]).toBe(readings[2]);
    const filled = pointsOf(
      [...readings.slice(0, 3), reading(20, 90), readings[3] as Reading],
      asIs,
    );
    expect(filled.readings[samePlace(before, 4, filled) ?? 0]).toBe(readings[3]);
  });

  it('is none any more when it is gone', () => {
    const after = pointsOf(readings.slice(1), asIs);
    expect(samePlace(before, 0, after)).toBeUndefined();
    expect(samePlace(before, undefined, after)).toBeUndefined();
    expect(samePlace(before, 1, before)).toBe(1);
  });
});

describe('the time that is shown', () => {
  const bounds = { fromMs: 0, toMs: 100 * SHORTEST_MS };

  it('is zoomed around its middle, no closer than an hour', () => {
    const span = { fromMs: 10 * SHORTEST_MS, toMs: 14 * SHORTEST_MS };
    expect(zoomed(span, 0.5)).toEqual({ fromMs: 11 * SHORTEST_MS, toMs: 13 * SHORTEST_MS });
    const closest = zoomed(span, 0.01);
    expect(closest.toMs - closest.fromMs).toBe(SHORTEST_MS);
  });

  it('stays where there are readings', () => {
    const span = { fromMs: 95 * SHORTEST_MS, toMs: 99 * SHORTEST_MS };
    expect(within(moved(span, 1), bounds)).toEqual({
      fromMs: 96 * SHORTEST_MS,
      toMs: 100 * SHORTEST_MS,
    });
    expect(within(moved(span, -100), bounds)).toEqual({ fromMs: 0, toMs: 4 * SHORTEST_MS });
    expect(within(zoomed(span, 1000), bounds)).toEqual(bounds);
  });
});

describe('saving', () => {
  const history = {
    readings,
    marks: [
      {
        key: '10:1@1',
        utcMs: START_MS + 60_000,
        stored,
        kind: 'meter' as const,
        value: 105,
        detail: undefined,
      },
    ],
    leftOut: {},
  };

  it('writes CSV with a line for each reading and event, and no number for LOW and HIGH', () => {
    expect(csvOf(history).split('\r\n')).toEqual([
      'time_utc,kind,mg_dl,mmol_l,trend,value,detail',
      '2026-06-01T00:00:00.000Z,glucose,100,5.6,Flat,,',
      '2026-06-01T00:01:00.000Z,meter,105,5.8,,,',
      '2026-06-01T00:05:00.000Z,glucose_low,,,Flat,,',
      '2026-06-01T00:10:00.000Z,glucose,110,6.1,Flat,,',
      '2026-06-01T00:40:00.000Z,glucose_high,,,Flat,,',
      '',
    ]);
  });

  it('writes JSON that says where it comes from, and if it is made up', () => {
    const origin = {
      product: 'Dexcom G4 Receiver',
      serialNumber: 'SM00000001',
      isEmulated: true,
      savedMs: START_MS,
    };
    expect(JSON.parse(jsonOf(history, origin))).toMatchObject({
      format: 'egvkit readings',
      receiver: { serialNumber: 'SM00000001', isEmulated: true },
      readings: [{ mgDl: 100 }, { mgDl: null, status: 'low' }, {}, { mgDl: null, status: 'high' }],
      events: [{ kind: 'meter', value: 105 }],
    });
  });
});

describe('services', () => {
  const told = {
    services: [
      { kind: 'dexcom', region: 'ous' },
      { kind: 'dexcom', region: 'mars' },
      { kind: 'beside', origin: 'http://127.0.0.1:4711', account: { name: 'a', password: 'b' } },
      { kind: 'beside' },
      null,
    ],
  };

  it('are those that are understood', () => {
    expect(servicesOf(told).map(({ id }) => id)).toEqual(['ous', 'beside']);
    for (const nothing of [undefined, null, {}, 'x', { services: 'x' }]) {
      expect(servicesOf(nothing)).toEqual([]);
    }
  });

  it('never bring readings that are made up to a real account', () => {
    expect(servicesFor(servicesOf(told), true).map(({ id }) => id)).toEqual(['beside']);
    expect(servicesFor(servicesOf(told), false)).toHaveLength(2);
  });
});

describe('the ways to a receiver', () => {
  const browser = { hasSerial: true, hasUsb: true, isSecure: true, platform: 'other' } as const;
  const names = (given: Partial<Parameters<typeof waysIn>[0]>) =>
    waysIn({ ...browser, ...given }).map(({ name, closed }) => `${name} ${closed ?? 'open'}`);

  it('put Web Serial first on a computer, and WebUSB on phones and Chromebooks', () => {
    expect(names({})).toEqual(['webSerial open', 'webUsb open']);
    expect(names({ platform: 'android' })).toEqual(['webUsb open', 'webSerial open']);
    expect(names({ platform: 'chromeos' })).toEqual(['webUsb open', 'webSerial open']);
  });

  it('say why one is closed', () => {
    expect(names({ hasUsb: false })).toEqual(['webSerial open', 'webUsb notOffered']);
    expect(names({ hasSerial: false, hasUsb: false, isSecure: false })).toEqual([
      'webSerial notSecure',
      'webUsb notSecure',
    ]);
  });
});
