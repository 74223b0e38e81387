import { createShareService, generatedReadings } from '@egvkit/share-emulator';
import { describe, expect, it } from 'vitest';
import { growReadings } from '../src/commands/emulate/growth.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 10, 29, 8);

describe('readings that go on', () => {
  it('appear when their time has come, never before, and never twice', async () => {
    let nowMs = START_MS;
    const now = () => nowMs;
    const passwords = { hash: async () => 'x', matches: async () => true };
    const accounts = [{ name: 'ann', password: 'b' }];
    const service = createShareService({ now, accounts, passwords });
    await service.ready;
    service.addReadings('ann', generatedReadings({ seed: 1, days: 1, nowMs }));
    const before = service.readings('ann').length;
    const stop = growReadings(service, [{ name: 'ann', seed: 1, offsetMinutes: 0 }], now);
    const call = () =>
      service.fetch(new Request('http://x/ShareWebServices/Services/General/SystemUtcTime'));
    for (let minutes = 0; minutes <= 3 * 1440; minutes += 7) {
      nowMs = START_MS + minutes * MINUTE_MS;
      await call();
      expect(service.readings('ann').at(-1)?.stMs).toBeLessThanOrEqual(nowMs);
    }
    const times = service.readings('ann').map(({ stMs }) => stMs);
    expect(times.length - before).toBeGreaterThan(3 * 200);
    expect(new Set(times).size).toBe(times.length);
    stop();
    nowMs += 1440 * MINUTE_MS;
    await call();
    expect(service.readings('ann')).toHaveLength(times.length);
  });
});
