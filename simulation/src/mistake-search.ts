import type { JobResult } from './job.ts';
import { MISTAKES, type MistakeName } from './mistakes/index.ts';
import type { Pool } from './pool.ts';

/** Seeds among which each planted mistake is to be found. */
const MOST_SEEDS = 200;

/** Finds the first seed, one after the other, that shows a mistake; undefined if none does. */
export async function findMistake(
  pool: Pool,
  mistake: MistakeName,
  days: number,
): Promise<JobResult | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const result = await pool.run({ seed, days, mistake });
    const { violation } = result.outcome;
    if (violation === undefined) continue;
    if (MISTAKES[mistake]().breaks.some((rule) => rule === violation.rule)) return result;
  }
  return undefined;
}
