import { expect, it } from 'vitest';
import { ShareClient, type WatchedReading } from '../../src/index.ts';
import { NAME, NOW_MS, PASSWORD } from '../harness.ts';
import { world } from './world.ts';

const DAY_MS = 86_400_000;

it('a month of watching, with outages, expiries, gaps and sleep, gives each reading exactly once', async () => {
  const { fetch, platform, timeoutMs, measured, count, time, endMs } = world(NOW_MS, 30);
  const client = new ShareClient({
    region: 'ous',
    accountName: NAME,
    password: PASSWORD,
    fetch,
    timeoutMs,
    loginTimeoutMs: timeoutMs,
    ...platform,
  });
  const failures = new Map<string, number>();
  const got: WatchedReading[] = [];
  const stop = new AbortController();
  const watching = async () => {
    const onFailure = ({ code }: { code: string }) =>
      void failures.set(code, (failures.get(code) ?? 0) + 1);
    for await (const reading of client.watch({ signal: stop.signal, onFailure })) {
      got.push(reading);
      if (time.ms >= endMs) break;
    }
  };
  // Ends with the month, or when nothing new comes although time goes on.
  await watching();

  const lastMs = Math.max(...got.map(({ utcMs }) => utcMs));
  const firstMs = got[0]!.utcMs;
  const expected = measured
    .filter(({ utcMs, thereMs }) => utcMs >= firstMs && utcMs <= lastMs && thereMs <= time.ms)
    .map(({ utcMs, mgDl }) => `${utcMs} ${mgDl}`);
  const given = got.map(({ utcMs, mgDl }) => `${utcMs} ${mgDl}`);
  expect(expected.length).toBeGreaterThan(8000);
  expect(new Set(given).size).toBe(given.length);
  expect(given.toSorted()).toEqual(expected.toSorted());

  // In order, but for the gaps that were filled afterwards, which say so.
  let newestMs = 0;
  for (const { utcMs, late } of got) {
    expect(late).toBe(utcMs < newestMs);
    newestMs = Math.max(newestMs, utcMs);
  }
  expect(lastMs - firstMs).toBeGreaterThan(29 * DAY_MS);
  // It was a month worth watching, and the service was not pestered.
  expect(got.some(({ late }) => late)).toBe(true);
  expect(got.some(({ duplicates }) => duplicates.length > 0)).toBe(true);
  expect(count.sleeps).toBeGreaterThan(5);
  expect(count.refusedSessions).toBeGreaterThan(20);
  expect(count.logins).toBe(count.refusedSessions + 1);
  expect([...failures.keys()].toSorted()).toEqual(
    expect.arrayContaining(['badReply', 'connectionLost', 'tooManyRequests', 'unavailable']),
  );
  expect(count.reads).toBeLessThan(1.3 * 288 * 30);
}, 120_000);
