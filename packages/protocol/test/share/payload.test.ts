import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displaySeconds,
  readingOf,
  receiverClockUnixMs,
  systemSeconds,
  TREND_NAMES,
  type TrendName,
} from '../../src/index.ts';
import {
  buildEgvUploads,
  decodeDate,
  normalizeSerialNumber,
  type UploadableReading,
} from '../../src/share/index.ts';

/** The recorded receiver: its clock 14365 s fast, looked at when the reading was made. */
const RECORDED_UTC_MS = 1426768741000;

function reading(
  value = 97,
  changes: Partial<{ utcMs: number; at: number; trend: TrendName | 'unknown' }> = {},
): UploadableReading {
  const { utcMs = RECORDED_UTC_MS, at = 196015106, trend: name = 'Flat' } = changes;
  const sourceClocks = {
    systemMs: receiverClockUnixMs(systemSeconds(at)),
    displayMs: receiverClockUnixMs(displaySeconds(at - 28_789)),
  };
  return {
    ...readingOf(value, { utcMs, trend: { raw: name, name }, source: 'receiver' }),
    sourceClocks,
  };
}

const upload = (readings: UploadableReading[], more: object = {}) =>
  buildEgvUploads({ readings, serialNumber: 'SM12345678', ...more });

describe('the recorded upload', () => {
  const seed = String.raw`{
    "SN":"YourSerialNumber",
    "Egvs":[{"Trend":4,"ST":"\/Date(1426783106000)\/","DT":"\/Date(1426754317000)\/","Value":97}],
    "TA":-14365
  }`;

  it('its upload is reproduced from the receiver clocks', () => {
    const [body] = upload([reading()], { encoding: 'receiverClock' });
    expect(body).toEqual({ ...JSON.parse(seed), SN: 'SM12345678' });
    expect(Object.keys(body!)).toEqual(['SN', 'Egvs', 'TA']);
    expect(Object.keys(body!.Egvs[0]!)).toEqual(['Trend', 'ST', 'DT', 'Value']);
  });

  it('by default the same reading is sent at its true time', () => {
    expect(JSON.stringify(upload([reading()]))).toBe(
      '[{"SN":"SM12345678","Egvs":[{"Trend":4,"ST":"/Date(1426768741000)/","DT":"/Date(1426768741000)/","Value":97}],"TA":0}]',
    );
  });
});

describe('the time adjustment', () => {
  it.each([
    [196015106, -14365],
    [196000741, 0],
    [196000734, 7],
  ])('with the receiver at %i s it is %i s', (at, seconds) => {
    const [body] = upload([reading(100, { at })], { encoding: 'receiverClock' });
    expect(body?.TA).toBe(seconds);
  });

  it('makes both encodings mean the same instant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 0, max: 86_400 }),
        (errorSeconds, ageSeconds) => {
          const utcMs = (1_700_000_000 - ageSeconds) * 1000;
          const at = utcMs / 1000 - 1_230_768_000 + errorSeconds;
          const one = reading(100, { utcMs, at });
          const [utc] = upload([one]);
          const [faithful] = upload([one], { encoding: 'receiverClock' });
          const shifted = decodeDate(faithful!.Egvs[0]!.ST)!.utcMs + faithful!.TA * 1000;
          expect(utc!.TA).toBe(0);
          expect(shifted).toBe(decodeDate(utc!.Egvs[0]!.ST)!.utcMs);
        },
      ),
    );
  });

  it('is one for each body: readings with another go into the next', () => {
    const readings = [0, 0, 5].map((later, i) => reading(100 + i, { at: 196015106 - later }));
    const bodies = upload(readings, { encoding: 'receiverClock' });
    expect(bodies.map(({ TA, Egvs }) => [TA, Egvs.length])).toEqual([
      [-14365, 2],
      [-14360, 1],
    ]);
    expect(upload(readings).map(({ Egvs }) => Egvs.length)).toEqual([3]);
  });

  it('cannot be told without the clocks of the receiver', () => {
    const { sourceClocks: _, ...bare } = reading();
    expect(() => upload([bare], { encoding: 'receiverClock' })).toThrow(
      expect.objectContaining({ code: 'outOfRange' }),
    );
    expect(upload([bare])).toHaveLength(1);
  });
});

describe('what is uploaded', () => {
  it.each([39, 40, 100, 400, 401])('%i mg/dL is sent as it is', (value) => {
    expect(upload([reading(value)])[0]?.Egvs[0]?.Value).toBe(value);
  });

  it.each([0, 5, 12, 19, 20, 38, 402, 1023, 99.5, Number.NaN])(
    'the value %d is refused and not clamped',
    (value) => {
      expect(() => upload([reading(100), reading(value)])).toThrow(
        expect.objectContaining({
          code: 'outOfRange',
          message: expect.stringContaining('39 (LOW) to 401 (HIGH)'),
        }),
      );
    },
  );

  it('trends without a name are sent as not computable', () => {
    const trends = [...TREND_NAMES, 'unknown' as const].map((trend) => reading(100, { trend }));
    expect(upload(trends)[0]?.Egvs.map(({ Trend }) => Trend)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8,
    ]);
  });

  it('is every reading, in order, and no empty body', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 39, max: 401 })), (values) => {
        const bodies = upload(values.map((value) => reading(value)));
        expect(bodies).toHaveLength(values.length === 0 ? 0 : 1);
        expect(bodies.flatMap(({ Egvs }) => Egvs.map(({ Value }) => Value))).toEqual(values);
      }),
    );
  });

  it('has times in whole seconds, floored', () => {
    const [body] = upload([reading(100, { utcMs: RECORDED_UTC_MS + 999 })]);
    expect(body?.Egvs[0]?.ST).toBe(`/Date(${RECORDED_UTC_MS})/`);
  });
});

describe('the serial number', () => {
  it('is trimmed and in upper case', () => {
    expect(normalizeSerialNumber(' sm12345678\n')).toBe('SM12345678');
    expect(upload([reading()], { serialNumber: 'sm1 ' })[0]?.SN).toBe('SM1');
  });

  it('must be there', () => {
    expect(() => upload([reading()], { serialNumber: '  ' })).toThrow(
      expect.objectContaining({
        code: 'outOfRange',
        message: expect.stringContaining('serial number'),
      }),
    );
  });
});
