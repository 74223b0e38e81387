import { expect, it, onTestFinished } from 'vitest';
import { MISTAKES, type MistakeName } from '../src/mistakes/index.ts';
import { Pool } from '../src/pool.ts';

const DAYS = 3;

/** A seed that shows each mistake, of the 200 among which `npm run simulate -- --mistakes --days 3` looks. */
const FOUND_AT: Readonly<Record<MistakeName, number>> = {
  notedAfterThePost: 31,
  watermark: 1,
  forgottenPending: 191,
  confirmedUnseen: 125,
  everythingNoted: 1,
  refusedLoginsForgotten: 57,
  locksForgotten: 148,
  sessionsForgotten: 137,
  attended: 110,
  retryAfterIgnored: 192,
  bookmarkSavedEarly: 1,
  specialCodesSent: 1,
  displayOnlySent: 2,
  timeLossIgnored: 15,
  noFence: 180,
  zoneKept: 192,
  displayTimeKept: 1,
  serviceClockIgnored: 30,
  swapUnnoticed: 198,
  readTwice: 1,
  clockSet: 1,
  nothingPending: 1,
  firstReadingShown: 1,
  nobodyTold: 2,
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
