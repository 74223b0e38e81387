import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displaySeconds, receiverClockUnixMs, systemSeconds } from '../../src/index.ts';
import {
  buildEgvUpload,
  classifyForUpload,
  decodeDate,
  normalizeSerialNumber,
  timeAdjustmentSeconds,
  type UploadRecord,
} from '../../src/share/index.ts';

/** The receiver of the seed: its clock 14365 s fast, looked at when the reading was made. */
const SEED_UTC_MS = 1426768741000;
const clock = { systemSeconds: systemSeconds(196015106), hostUnixMs: SEED_UTC_MS };
const nowMs = SEED_UTC_MS + 60_000;

function record(
  value = 97,
  changes: Partial<{ at: number; shown: number; trend: number; displayOnly: boolean }> = {},
): UploadRecord {
  const { at = 196015106, shown = 195986317, trend = 4, displayOnly = false } = changes;
  return {
    systemSeconds: systemSeconds(at),
    displaySeconds: displaySeconds(shown),
    glucose: { value, displayOnly },
    trend,
  };
}

const upload = (records: UploadRecord[], more: object = {}) =>
  buildEgvUpload({ records, serialNumber: 'SM12345678', clock, nowMs, ...more });

describe('the seed document', () => {
  const seed = String.raw`{
    "SN":"YourSerialNumber",
    "Egvs":[{"Trend":4,"ST":"\/Date(1426783106000)\/","DT":"\/Date(1426754317000)\/","Value":97}],
    "TA":-14365
  }`;

  it('its upload is reproduced from the receiver clocks', () => {
    const { body } = upload([record()], { encoding: 'receiverClock' });
    expect(body).toEqual({ ...JSON.parse(seed), SN: 'SM12345678' });
    expect(Object.keys(body!)).toEqual(['SN', 'Egvs', 'TA']);
    expect(Object.keys(body!.Egvs[0]!)).toEqual(['Trend', 'ST', 'DT', 'Value']);
  });

  it('by default the same reading is sent at its true time', () => {
    const { body, accepted } = upload([record()]);
    expect(JSON.stringify(body)).toBe(
      '{"SN":"SM12345678","Egvs":[{"Trend":4,"ST":"/Date(1426768741000)/","DT":"/Date(1426768741000)/","Value":97}],"TA":0}',
    );
    expect(accepted.map(({ utcMs }) => utcMs)).toEqual([1426768741000]);
  });
});

describe('the time adjustment', () => {
  it.each([
    [SEED_UTC_MS, -14365],
    [SEED_UTC_MS + 499, -14365],
    [receiverClockUnixMs(systemSeconds(196015106)), 0],
    [receiverClockUnixMs(systemSeconds(196015106)) + 400, 0],
    [receiverClockUnixMs(systemSeconds(196015106)) + 7000, 7],
  ])('with the host at %i it is %i s', (hostUnixMs, seconds) => {
    const adjustment = timeAdjustmentSeconds({ ...clock, hostUnixMs });
    expect(adjustment).toBe(seconds);
  });

  it('both encodings mean the same instant, to the second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 0, max: 86_400 }),
        (errorSeconds, hostFractionMs, ageSeconds) => {
          const hostUnixMs = 1_700_000_000_000 + hostFractionMs;
          const at = 1_700_000_000 - 1_230_768_000 + errorSeconds;
          const now = { systemSeconds: systemSeconds(at), hostUnixMs };
          const given = {
            records: [record(100, { at: at - ageSeconds })],
            serialNumber: 'SM1',
            clock: now,
            nowMs: hostUnixMs,
          };
          const utc = buildEgvUpload(given).body!;
          const faithful = buildEgvUpload({ ...given, encoding: 'receiverClock' }).body!;
          const shifted = decodeDate(faithful.Egvs[0]!.ST)!.utcMs + faithful.TA * 1000;
          const direct = decodeDate(utc.Egvs[0]!.ST)!.utcMs;
          expect(utc.TA).toBe(0);
          expect(Math.abs(shifted - direct)).toBeLessThanOrEqual(1000);
        },
      ),
    );
  });
});

describe('what is uploaded', () => {
  it.each([39, 40, 100, 400, 401])('%i mg/dL is sent as it is', (value) => {
    expect(upload([record(value)]).body?.Egvs[0]?.Value).toBe(value);
  });

  it.each([
    [0, 'specialCode'],
    [5, 'specialCode'],
    [12, 'specialCode'],
    [19, 'specialCode'],
    [20, 'outOfRange'],
    [38, 'outOfRange'],
    [402, 'outOfRange'],
    [1023, 'outOfRange'],
    [99.5, 'outOfRange'],
    [Number.NaN, 'outOfRange'],
  ])('the value %d is refused as %s and not clamped', (value, reason) => {
    const { body, refused } = upload([record(value)]);
    expect(body).toBeUndefined();
    expect(refused).toMatchObject([{ accepted: false, reason, timeProblem: undefined }]);
  });

  it('what was only shown after a calibration is refused', () => {
    expect(upload([record(120, { displayOnly: true })]).refused[0]?.reason).toBe('displayOnly');
    expect(upload([record(5, { displayOnly: true })]).refused[0]?.reason).toBe('specialCode');
  });

  it('trends past the scale are sent as not computable', () => {
    const trends = [0, 4, 9, 10, 15].map((trend) => record(100, { trend }));
    expect(upload(trends).body?.Egvs.map(({ Trend }) => Trend)).toEqual([0, 4, 9, 8, 8]);
  });

  it('the order is kept, and every record is accounted for once', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            value: fc.integer({ min: 0, max: 1023 }),
            age: fc.nat(90_000),
            displayOnly: fc.boolean(),
          }),
        ),
        (made) => {
          const records = made.map(({ value, age, displayOnly }) =>
            record(value, { at: 196015106 - age, displayOnly }),
          );
          const { body, accepted, refused } = upload(records, { oldestUtcMs: nowMs - 86_400_000 });
          const ours = new Set(accepted.map((one) => one.record));
          expect(accepted.map((one) => one.record)).toEqual(records.filter((one) => ours.has(one)));
          expect(accepted.length + refused.length).toBe(records.length);
          expect((body?.Egvs ?? []).map(({ Value }) => Value)).toEqual(
            accepted.map((one) => one.record.glucose.value),
          );
          for (const { Value } of body?.Egvs ?? []) {
            expect(Value).toBeGreaterThanOrEqual(39);
            expect(Value).toBeLessThanOrEqual(401);
          }
        },
      ),
    );
  });
});

describe('when a reading was made', () => {
  const verdict = (at: number, more: object = {}) =>
    classifyForUpload(record(100, { at }), { clock, nowMs, ...more });
  const secondsFromNow = (s: number) => 196015106 + 60 + s;

  it('up to two minutes ahead is taken for clocks that differ', () => {
    expect(verdict(secondsFromNow(120))).toMatchObject({ accepted: true, utcMs: nowMs + 120_000 });
    expect(verdict(secondsFromNow(121))).toMatchObject({
      accepted: false,
      reason: 'implausibleTime',
      timeProblem: 'future',
    });
    expect(verdict(secondsFromNow(1), { futureToleranceMs: 0 }).accepted).toBe(false);
  });

  it('before the limit is refused, at the limit is not, and there is none by default', () => {
    const limit = { oldestUtcMs: nowMs - 3_600_000 };
    expect(verdict(secondsFromNow(-3600), limit).accepted).toBe(true);
    expect(verdict(secondsFromNow(-3601), limit)).toMatchObject({
      reason: 'implausibleTime',
      timeProblem: 'tooOld',
    });
    expect(verdict(secondsFromNow(-86_400 * 365)).accepted).toBe(true);
  });

  it('a system time in 2009 is from before the clock was set', () => {
    const fresh = { systemSeconds: systemSeconds(5000), hostUnixMs: nowMs };
    expect(verdict(4900, { clock: fresh })).toMatchObject({ timeProblem: 'clockNeverSet' });
    expect(verdict(31_535_999)).toMatchObject({ timeProblem: 'clockNeverSet' });
    expect(verdict(31_536_000)).toMatchObject({ accepted: true });
  });

  it('times are floored to whole seconds', () => {
    const late = { ...clock, hostUnixMs: SEED_UTC_MS + 999 };
    expect(verdict(196015106, { clock: late }).utcMs).toBe(SEED_UTC_MS);
  });
});

describe('the serial number', () => {
  it('is trimmed and in upper case', () => {
    expect(normalizeSerialNumber(' sm12345678\n')).toBe('SM12345678');
    expect(upload([record()], { serialNumber: 'sm1 ' }).body?.SN).toBe('SM1');
  });

  it('must be there', () => {
    expect(() => upload([record()], { serialNumber: '  ' })).toThrow(
      expect.objectContaining({
        code: 'outOfRange',
        message: expect.stringContaining('serial number'),
      }),
    );
  });
});
