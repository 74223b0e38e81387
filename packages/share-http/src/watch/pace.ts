import { ShareError } from '../errors/share-error.ts';
import { statusRow } from '../http/status-rows.ts';

const MINUTE_MS = 60_000;
const READING_EVERY_MS = 5 * MINUTE_MS;
// A reading shows up some seconds after it was measured; others wait 10 … 30 s (share §4.8).
const LAG_MS = 15_000;
const JITTER_MS = 15_000;
const FLOOR_MS = MINUTE_MS;

/**
 * Time until the next poll, in milliseconds: until the next reading is due, a minute while that one
 * is late, and five minutes after that. Never less than a minute, never more than the time between
 * two readings: either clock may be wrong.
 */
export function nextPollMs(newestMs: number, nowMs: number, random: () => number): number {
  const marginMs = LAG_MS + JITTER_MS * random();
  const longestMs = READING_EVERY_MS + marginMs;
  const dueMs = newestMs + longestMs;
  if (dueMs > nowMs) return Math.min(Math.max(dueMs - nowMs, FLOOR_MS), longestMs);
  const lateMs = nowMs - dueMs;
  if (lateMs < READING_EVERY_MS) return FLOOR_MS + (marginMs - LAG_MS);
  const nextMs = READING_EVERY_MS - ((nowMs - newestMs - marginMs) % READING_EVERY_MS);
  return Number.isFinite(nextMs) ? Math.max(nextMs, FLOOR_MS) : longestMs;
}

/** Names of the calls that log in; the table of all calls would be much to carry for that. */
const LOGIN = /^(?:Login|Authenticate)/;
// A login that fails may be counted, whatever it is answered (share §3.5).
const LOGIN_EVERY_MS = 60 * MINUTE_MS;
const ANSWERS = new Set<string>(['serviceFault', 'badReply', 'sessionRejected', 'badRequest']);

/**
 * Time to wait after so many failures in a row, in milliseconds: at most the time between two
 * readings, but an hour after a login whose answer makes no sense. Never less than the service asks.
 */
export function retryWaitMs(error: ShareError, failures: number, random: () => number): number {
  const { retryAfterMs = 0, endpoint = '' } = error.data as {
    readonly retryAfterMs?: number;
    readonly endpoint?: string;
  };
  const mostMs =
    ANSWERS.has(error.code) && LOGIN.test(endpoint) ? LOGIN_EVERY_MS : READING_EVERY_MS;
  const ms = Math.min(FLOOR_MS * 2 ** (failures - 1), mostMs) + JITTER_MS * random();
  return Math.max(ms, retryAfterMs);
}

/** Longest time that a gateway's "forbidden" or "not found" is waited out. */
const PASSING_MS = 3 * 60 * MINUTE_MS;

/**
 * True for a failure that waiting can cure.
 *
 * @param failingMs Time since the first failure in a row.
 */
export function canPass(error: unknown, failingMs: number): error is ShareError {
  if (!(error instanceof ShareError)) return false;
  if (error.retryable) return true;
  const { status = 0 } = error.data as { readonly status?: number };
  return error.code === 'badRequest' && !!statusRow(status)?.mayPass && failingMs < PASSING_MS;
}
