import { expect, it, onTestFinished } from 'vitest';
import { measureDays, measureJournal } from '../src/long-life.ts';
import { Pool } from '../src/pool.ts';

const MOST_JOURNAL_BYTES = 2 * 1024 * 1024;
/** `npm run simulate -- --long --days 365` measures a year. */
const MOST_PROGRAM_BYTES = 16 * 1024 * 1024;

/** Longer than anything is kept: after that a journal grows no more. `--long --days 365` tries a year. */
const JOURNAL_DAYS = 60;

it('keeps a journal of at most 2 MB', async () => {
  const bytes = await measureJournal(JOURNAL_DAYS);
  expect(bytes).toBeGreaterThan(500_000);
  expect(bytes).toBeLessThan(MOST_JOURNAL_BYTES);
}, 300_000);

it('needs little memory and little room on the disk', async () => {
  const pool = new Pool(1);
  onTestFinished(() => pool[Symbol.asyncDispose]());
  const { outcome, programBytes } = await measureDays(pool, 3, 0.5);
  expect(outcome.violation).toBeUndefined();
  expect(outcome.largestFileBytes).toBeLessThan(MOST_JOURNAL_BYTES);
  expect(programBytes).toBeLessThan(MOST_PROGRAM_BYTES);
}, 300_000);
