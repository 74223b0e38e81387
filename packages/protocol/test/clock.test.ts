import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displaySeconds,
  RECEIVER_EPOCH_UNIX_SECONDS,
  receiverClockUnixMs,
  systemClockErrorSeconds,
  systemSeconds,
  systemTimeToUtcMs,
  wallClock,
} from '../src/clock.ts';
import { InputError } from '../src/errors/input.ts';
import { VECTORS } from './support/vectors.ts';

const U32 = 0xffff_ffff;

describe('the receiver clock', () => {
  it('starts at midnight of 2009-01-01', () => {
    expect(RECEIVER_EPOCH_UNIX_SECONDS * 1000).toBe(Date.UTC(2009, 0, 1));
  });

  it('gives the time of every vector, as Unix milliseconds and as a wall clock', () => {
    expect(VECTORS.time).toHaveLength(6);
    for (const { seconds, iso } of VECTORS.time) {
      expect(receiverClockUnixMs(systemSeconds(seconds))).toBe(Date.parse(`${iso}Z`));
      expect(wallClock(displaySeconds(seconds))).toBe(iso);
    }
  });

  it('reaches to February 2145, the last second of an unsigned word', () => {
    expect(wallClock(displaySeconds(U32))).toBe('2145-02-07T06:28:15');
  });

  it.each([-1, U32 + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s seconds', (bad) => {
    for (const make of [systemSeconds, displaySeconds]) {
      const attempt = () => make(bad);
      expect(attempt).toThrow(InputError);
      expect(attempt).toThrow(expect.objectContaining({ code: 'outOfRange' }));
      expect(attempt).toThrow(/ time is .*; it must be a whole number from 0 to 4294967295\.$/);
    }
  });

  it('takes every whole number of 32 bits as it is', () => {
    for (const seconds of [0, 1, 0x7fff_ffff, 0x8000_0000, U32]) {
      expect(systemSeconds(seconds)).toBe(seconds);
      expect(displaySeconds(seconds)).toBe(seconds);
    }
  });
});

describe('true UTC of a system time', () => {
  // The recorded numbers (share §4.2): the receiver was 14365 s fast.
  const hostUnixMs = 1_426_768_741_000;
  const observed = { systemSeconds: systemSeconds(196_015_106), hostUnixMs };

  it('is the host clock for the observed moment itself, as recorded', () => {
    expect(receiverClockUnixMs(observed.systemSeconds)).toBe(1_426_783_106_000);
    expect(systemTimeToUtcMs(observed.systemSeconds, observed)).toBe(hostUnixMs);
    expect(systemTimeToUtcMs(systemSeconds(196_015_106 + 1200), observed)).toBe(1_426_769_941_000);
  });

  it('tells how far the receiver is ahead, as recorded', () => {
    expect(systemClockErrorSeconds(observed)).toBe(14_365);
  });

  it('tells a receiver that is behind by a negative number', () => {
    const late = { systemSeconds: systemSeconds(100), hostUnixMs: (1_230_768_000 + 199) * 1000 };
    expect(systemClockErrorSeconds(late)).toBe(-99);
  });

  it.each([
    [400, 0],
    [-400, 0],
    [600, -1],
    [-600, 1],
  ])('rounds a host clock %i ms off the second to %i s, and never gives -0', (offMs, error) => {
    const seconds = systemSeconds(400_000_000);
    const hostUnixMs = receiverClockUnixMs(seconds) + offMs;
    expect(Object.is(systemClockErrorSeconds({ systemSeconds: seconds, hostUnixMs }), error)).toBe(
      true,
    );
  });

  it('keeps distances between records, before and after the observation', () => {
    const second = fc.integer({ min: 0, max: U32 });
    fc.assert(
      fc.property(second, second, fc.integer({ min: 0, max: 4e12 }), (now, then, host) => {
        const at = { systemSeconds: systemSeconds(now), hostUnixMs: host };
        expect(systemTimeToUtcMs(systemSeconds(then), at) - host).toBe((then - now) * 1000);
      }),
    );
  });

  it('is the receiver clock less its error, within half a second', () => {
    const second = fc.integer({ min: 0, max: U32 });
    fc.assert(
      fc.property(second, fc.integer({ min: 0, max: 4e12 }), (now, host) => {
        const at = { systemSeconds: systemSeconds(now), hostUnixMs: host };
        const corrected =
          receiverClockUnixMs(at.systemSeconds) - systemClockErrorSeconds(at) * 1000;
        expect(Math.abs(corrected - host)).toBeLessThanOrEqual(500);
      }),
    );
  });
});
