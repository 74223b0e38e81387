import { JOURNAL_MISTAKES } from './journal-mistakes.ts';
import { LOGIN_MISTAKES } from './login-mistakes.ts';
import type { Mistake } from './mistake.ts';
import { READING_MISTAKES } from './reading-mistakes.ts';
import { STATUS_MISTAKES } from './status-mistakes.ts';

/** Mistakes that the simulation is to find, each made anew for every start of the program. */
export const MISTAKES = {
  ...JOURNAL_MISTAKES,
  ...LOGIN_MISTAKES,
  ...READING_MISTAKES,
  ...STATUS_MISTAKES,
} as const satisfies Readonly<Record<string, () => Mistake>>;

export type MistakeName = keyof typeof MISTAKES;

export const MISTAKE_NAMES = Object.keys(MISTAKES) as readonly MistakeName[];
