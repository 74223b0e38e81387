import { ShareError } from '@egvkit/share-http';
import { describe, expect, it } from 'vitest';
import { waitAfter } from '../../src/keep/backoff.ts';

const NOW_MS = Date.UTC(2026, 4, 4);
const LONGEST_MS = 900_000;

function waits(error: unknown, count: number, random = () => 0, longestMs = LONGEST_MS): number[] {
  return Array.from({ length: count }, (_, i) =>
    waitAfter({ error, failures: i + 1, longestMs, nowMs: NOW_MS, random }),
  );
}

const HOST = { host: 'share.example' };
const DOWN = new ShareError('unavailable', {
  ...{ ...HOST, endpoint: 'x', status: 500, excerpt: '', outcomeUnknown: false },
});

describe('the wait after a failure', () => {
  it('is 30 s, then 1, 2, 5, 15 and always 15 minutes', () => {
    expect(waits(DOWN, 6).map((ms) => ms / 1000)).toEqual([30, 60, 120, 300, 900, 900]);
  });

  it('is at most what is wanted of a receiver, and up to a fifth of that', () => {
    expect(waits(DOWN, 6, () => 0, 300_000).at(-1)).toBe(300_000);
    expect(waits(DOWN, 6, () => 0.999, 300_000).at(-1)).toBeCloseTo(359_940);
  });

  it('is up to a fifth longer, and never shorter', () => {
    expect(waits(DOWN, 1, () => 0.999)[0]).toBeCloseTo(35_994);
  });

  it('is as long as the service asks', () => {
    const busy = { ...HOST, endpoint: 'x', status: 429, retryAfterMs: 3_600_000 };
    expect(waits(new ShareError('tooManyRequests', busy), 1)).toEqual([3_600_000]);
  });

  it('is a day at the most, whatever the service asks', () => {
    const busy = { ...HOST, endpoint: 'x', status: 429, retryAfterMs: 1e12 };
    expect(waits(new ShareError('tooManyRequests', busy), 1)).toEqual([86_400_000]);
  });

  it('is 15 minutes at once for a refused login, and until the end of a lock', () => {
    const refused = new ShareError('credentialsRefused', { ...HOST, faultCode: '', advice: '' });
    expect(waits(refused, 2)).toEqual([900_000, 900_000]);
    const locked = new ShareError('accountLocked', { ...HOST, untilMs: NOW_MS + 1_800_000 });
    expect(waits(locked, 1)).toEqual([1_800_000]);
  });

  it('is one of the same ladder for an error of no table', () => {
    expect(waits(new TypeError('x'), 2)).toEqual([30_000, 60_000]);
  });
});
