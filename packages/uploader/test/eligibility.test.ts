import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  type EligibilityContext,
  judgeCandidate,
  SHARE_LIMITS,
} from '../src/index.ts';

/** The recorded receiver of spec/share appendix A3: its clock 14365 s fast. */
const RECORDED_UTC_MS = 1_426_768_741_000;
const clock = { systemSeconds: systemSeconds(196_015_106), hostUnixMs: RECORDED_UTC_MS };
const nowMs = RECORDED_UTC_MS + 60_000;
const YEARS_10_MS = 10 * 365 * 86_400_000;

function candidate(value: number, at = 196_015_106, displayOnly = false): Candidate {
  return {
    ...{ key: `4:1@${at}`, recordType: 4, index: 1, backfilled: false, source: 'receiver' },
    systemSeconds: systemSeconds(at),
    displaySeconds: displaySeconds(Math.max(0, at - 28_789)),
    glucose: { value, displayOnly },
    trend: { raw: 4, name: 'Flat' },
  };
}

const judge = (record: Candidate, more: Partial<EligibilityContext> = {}) =>
  judgeCandidate(record, { clock, nowMs, windowMs: YEARS_10_MS, limits: SHARE_LIMITS, ...more });

describe('what is uploaded', () => {
  it.each([39, 40, 100, 400, 401])('%i mg/dL is', (value) => {
    expect(judge(candidate(value))).toMatchObject({ accepted: true, utcMs: RECORDED_UTC_MS });
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
  ])('the value %d is not: %s, for whatever destination', (value, reason) => {
    const greedy = { ...SHARE_LIMITS, lowestValue: 0, highestValue: 2000 };
    for (const limits of [SHARE_LIMITS, greedy]) {
      expect(judge(candidate(value), { limits })).toMatchObject({
        accepted: false,
        reason,
        timeProblem: undefined,
      });
    }
  });

  it('is not what was only shown after a calibration', () => {
    const shown = (value: number) => judge(candidate(value, undefined, true));
    expect(shown(120)).toMatchObject({ reason: 'displayOnly' });
    expect(shown(5)).toMatchObject({ reason: 'specialCode' });
  });
});

describe('when a reading was made', () => {
  const at = (seconds: number, more: Partial<EligibilityContext> = {}) =>
    judge(candidate(100, seconds), more);
  const secondsFromNow = (s: number) => 196_015_106 + 60 + s;

  it('up to two minutes ahead is taken for clocks that differ', () => {
    const latest = { accepted: true, utcMs: nowMs + 120_000 };
    expect(at(secondsFromNow(120))).toMatchObject(latest);
    expect(at(secondsFromNow(121))).toMatchObject({
      accepted: false,
      reason: 'implausibleTime',
      timeProblem: 'future',
    });
  });

  it('before the window is refused, at its edge is not', () => {
    const hour = { windowMs: 3_600_000 };
    expect(at(secondsFromNow(-3600), hour).accepted).toBe(true);
    expect(at(secondsFromNow(-3601), hour)).toMatchObject({
      reason: 'implausibleTime',
      timeProblem: 'tooOld',
    });
  });

  it('a system time in 2009 is from before the clock was set', () => {
    expect(at(4900)).toMatchObject({ timeProblem: 'clockNeverSet' });
    expect(at(31_535_999)).toMatchObject({ timeProblem: 'clockNeverSet' });
    expect(at(31_536_000)).toMatchObject({ accepted: true });
  });

  it('a system time in 2009 is right while the clock is in 2009 as well: it began again', () => {
    const fresh = { systemSeconds: systemSeconds(5000), hostUnixMs: nowMs };
    expect(at(4900, { clock: fresh })).toMatchObject({ accepted: true });
  });

  it.each([
    [1000, RECORDED_UTC_MS],
    [10, RECORDED_UTC_MS + 990],
    [1, RECORDED_UTC_MS + 999],
  ])('times are floored to steps of %i ms, as the destination keeps them', (timeStepMs, utcMs) => {
    const late = { ...clock, hostUnixMs: RECORDED_UTC_MS + 999 };
    const limits = { ...SHARE_LIMITS, timeStepMs };
    expect(at(196_015_106, { clock: late, limits }).utcMs).toBe(utcMs);
  });
});
