import { describe, expect, it } from 'vitest';
import { clockCheck } from '../src/commands/doctor/network-checks.ts';

const io = { env: {} };

describe('egvkit doctor, about this computer’s clock', () => {
  it('calls it right by an answer that came at once', () => {
    expect(clockCheck({ offsetMs: 300, uncertaintyMs: 100 }, io)).toMatchObject({
      state: 'ok',
      found: 'It is right.',
    });
  });

  it('says nothing of it by an answer that took nineteen seconds', () => {
    const result = clockCheck({ offsetMs: 300, uncertaintyMs: 9500 }, io);
    expect(result).toMatchObject({
      found: 'The service took so long to answer that its clock is known to 9.5 s only.',
    });
    expect(result.state).toBe('warn');
  });

  it('calls it wrong by a slow answer that is far enough off', () => {
    const result = clockCheck({ offsetMs: 3_600_000, uncertaintyMs: 9500 }, io);
    expect(JSON.stringify(result)).toMatch(/Nothing is uploaded by it/);
  });
});
