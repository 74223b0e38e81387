import { expect, it, onTestFinished } from 'vitest';
import { MISTAKES, type MistakeName } from '../src/mistakes/index.ts';
import { Pool } from '../src/pool.ts';

const DAYS = 3;

/** The first seed that shows each mistake; `npm run simulate -- --mistakes --days 3` finds them. */
const FOUND_AT: Partial<Record<MistakeName, number>> = {
  watermark: 1,
  everythingNoted: 1,
  bookmarkSavedEarly: 1,
  specialCodesSent: 1,
  displayOnlySent: 2,
  readTwice: 1,
  clockSet: 1,
  nothingPending: 1,
  firstReadingShown: 1,
  nobodyTold: 1,
  errorStays: 1,
  endsAtAnError: 1,
};

it.each(Object.entries(FOUND_AT))(
  'finds %s at seed %d',
  async (name, seed) => {
    const pool = new Pool(1);
    onTestFinished(() => pool[Symbol.asyncDispose]());
    const { outcome } = await pool.run({ seed, days: DAYS, mistake: name });
    expect(MISTAKES[name as MistakeName]().breaks).toContain(outcome.violation?.rule);
  },
  300_000,
);
