import { expect, it, onTestFinished } from 'vitest';
import { Pool } from '../src/pool.ts';

it.each([4])(
  'gives seed %d the same history, byte by byte, in any thread',
  async (seed) => {
    const pool = new Pool(2);
    onTestFinished(() => pool[Symbol.asyncDispose]());
    const other = pool.run({ seed: seed + 100, days: 0.1 });
    const first = pool.run({ seed, days: 0.8 });
    const [{ outcome: one }] = await Promise.all([first, other]);
    const { outcome: again } = await pool.run({ seed, days: 0.8 });
    expect(again).toEqual(one);
    expect(one).toMatchObject({
      violation: undefined,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(one.readings).toBeGreaterThan(100);
  },
  300_000,
);
