import { expect, it, onTestFinished } from 'vitest';
import { Pool } from '../src/pool.ts';

/** `npm run simulate` runs more of them, for longer. */
const SEEDS = 12;
const DAYS = 2;

it(`breaks no rule in ${SEEDS} families of ${DAYS} days`, async () => {
  const pool = new Pool(2);
  onTestFinished(() => pool[Symbol.asyncDispose]());
  const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1);
  const results = await Promise.all(seeds.map((seed) => pool.run({ seed, days: DAYS })));
  const broken = results.filter(({ outcome }) => outcome.violation !== undefined);
  expect(broken.map(({ seed, outcome }) => ({ seed, ...outcome.violation }))).toEqual([]);
  expect(results.every(({ outcome }) => outcome.readings > 0)).toBe(true);
}, 600_000);
