import { constants, setPriority } from 'node:os';
import { afterAll, expect, it } from 'vitest';
import { Pool } from '../src/pool.ts';

/** `npm run simulate` runs more of them, for longer. */
const SEEDS = 200;
const DAYS = 7;
const SEEDS_OF_A_TEST = 20;

// They take minutes of every core: what waits for something real goes first.
setPriority(constants.priority.PRIORITY_LOW);
const pool = new Pool(2);
afterAll(() => pool[Symbol.asyncDispose]());

const firstSeeds = Array.from(
  { length: SEEDS / SEEDS_OF_A_TEST },
  (_, i) => i * SEEDS_OF_A_TEST + 1,
);

it.each(firstSeeds)(
  `breaks no rule in ${SEEDS_OF_A_TEST} families of ${DAYS} days, from seed %d on`,
  async (first) => {
    const seeds = Array.from({ length: SEEDS_OF_A_TEST }, (_, i) => first + i);
    const results = await Promise.all(seeds.map((seed) => pool.run({ seed, days: DAYS })));
    const broken = results.filter(({ outcome }) => outcome.violation !== undefined);
    expect(broken.map(({ seed, outcome }) => ({ seed, ...outcome.violation }))).toEqual([]);
    expect(results.every(({ outcome }) => outcome.readings > 0)).toBe(true);
  },
  600_000,
);
