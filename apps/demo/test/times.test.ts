import { afterEach, describe, expect, it, vi } from 'vitest';
import { byDay } from '../src/readings/days.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const MINUTE_MS = 60_000;

/** In words, by formats that were made in the zone of this test. */
async function words(iso: string): Promise<string> {
  vi.resetModules();
  const { timeOf } = await import('../src/words/format.ts');
  return timeOf(Date.parse(iso)).replace(/\s/g, ' ');
}

describe('a time that the wall clock shows twice', () => {
  it.each([
    ['Europe/Berlin', '2026-10-24T23:57:00Z', '1:57 AM'],
    ['Europe/Berlin', '2026-10-25T00:02:00Z', '2:02 AM GMT+2'],
    ['Europe/Berlin', '2026-10-25T00:57:00Z', '2:57 AM GMT+2'],
    ['Europe/Berlin', '2026-10-25T01:02:00Z', '2:02 AM GMT+1'],
    ['Europe/Berlin', '2026-10-25T01:57:00Z', '2:57 AM GMT+1'],
    ['Europe/Berlin', '2026-10-25T02:02:00Z', '3:02 AM'],
    // The clock goes forward: no time is there twice.
    ['Europe/Berlin', '2026-03-29T00:57:00Z', '1:57 AM'],
    ['Europe/Berlin', '2026-03-29T01:02:00Z', '3:02 AM'],
    // By half an hour.
    ['Australia/Lord_Howe', '2026-04-04T14:27:00Z', '1:27 AM'],
    ['Australia/Lord_Howe', '2026-04-04T14:32:00Z', '1:32 AM GMT+11'],
    ['Australia/Lord_Howe', '2026-04-04T15:02:00Z', '1:32 AM GMT+10:30'],
    ['Australia/Lord_Howe', '2026-04-04T15:32:00Z', '2:02 AM'],
    ['America/New_York', '2026-11-01T05:30:00Z', '1:30 AM EDT'],
    ['America/New_York', '2026-11-01T06:30:00Z', '1:30 AM EST'],
    ['Asia/Kolkata', '2026-11-01T06:30:00Z', '12:00 PM'],
  ])('in %s at %s is %s', async (zone, iso, told) => {
    vi.stubEnv('TZ', zone);
    expect(await words(iso)).toBe(told);
  });
});

describe('days', () => {
  it.each([
    ['Europe/Berlin', '2026-10-25T12:00:00Z', 25 * 60],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', 23 * 60],
    ['Australia/Lord_Howe', '2026-04-05T01:00:00Z', 24.5 * 60],
    ['Asia/Kolkata', '2026-04-05T01:00:00Z', 24 * 60],
  ])('of %s with %s are %d minutes long', (zone, iso, minutes) => {
    vi.stubEnv('TZ', zone);
    const [day] = byDay([{ utcMs: Date.parse(iso) }]);
    expect(day === undefined ? 0 : (day.toMs - day.fromMs) / MINUTE_MS).toBe(minutes);
  });
});
