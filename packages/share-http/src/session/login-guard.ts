import { ShareError } from '../errors/share-error.ts';
import type { StoredAccount, UnansweredLogin } from './store.ts';

/** Time without a login after a lock, unless a program chooses another; clients tell people so. */
export const LOCKED_FOR_MS = 10 * 60_000; // share §3.6
/** A lock that ends later than this was noted by a clock that was wrong. */
const LONGEST_LOCK_MS = 24 * 60 * 60_000;
/** Most logins in a row without a clear answer: a power cut and one more. */
const MOST_UNANSWERED = 2;
/** Time between two logins after those: each may count as refused. Longer than a lock. */
const UNANSWERED_EVERY_MS = 15 * 60_000;
/** A session that ends this soon after a login is an error, not a loop. */
const LOGIN_AGAIN_EVERY_MS = 3 * 60_000; // share §3.6
/** Most logins of an account that are remembered: several programs may have old passwords. */
const MOST_REMEMBERED = 8;

/**
 * Refuses a login while the service has locked the account.
 *
 * @throws ShareError `accountLocked`
 */
export function requireUnlocked(
  { lockedUntilMs: untilMs = 0 }: StoredAccount,
  host: string,
  nowMs: number,
  lockedForMs: number,
): void {
  const longestMs = Math.max(lockedForMs, LONGEST_LOCK_MS);
  if (nowMs < untilMs && untilMs <= nowMs + longestMs) {
    throw new ShareError('accountLocked', { host, untilMs });
  }
}

/**
 * Refuses for a while a login that got no clear answer the last times it was sent. A time that is
 * far ahead was noted by a clock that was wrong.
 *
 * @throws ShareError `loginUnanswered`
 */
export function requirePauseAfterUnanswered(
  { unanswered = [] }: StoredAccount,
  hash: string,
  host: string,
  nowMs: number,
): void {
  const own = unanswered.filter((one) => one.hash === hash);
  const untilMs = (own.at(-1)?.atMs ?? 0) + UNANSWERED_EVERY_MS;
  const retryAfterMs = untilMs - nowMs;
  if (
    own.length >= MOST_UNANSWERED &&
    retryAfterMs > 0 &&
    retryAfterMs <= 2 * UNANSWERED_EVERY_MS
  ) {
    throw new ShareError('loginUnanswered', { host, untilMs, retryAfterMs });
  }
}

/**
 * Refuses for a while to replace a session again that has just been replaced.
 *
 * @throws ShareError `sessionEndedAgain`
 */
export function requireRenewable(
  { loggedInAgainMs = Number.NaN }: StoredAccount,
  host: string,
  nowMs: number,
): void {
  const agoMs = nowMs - loggedInAgainMs;
  if (agoMs >= 0 && agoMs < LOGIN_AGAIN_EVERY_MS) {
    throw new ShareError('sessionEndedAgain', { host, agoMs, limitMs: LOGIN_AGAIN_EVERY_MS });
  }
}

/** Adds one to a list, and keeps the last few. */
export function remembered<Item>(all: readonly Item[] | undefined, one: Item): readonly Item[] {
  return [...(all ?? []), one].slice(-MOST_REMEMBERED);
}

/** Takes the unanswered logins with one hash out of a record. */
export function answered(account: StoredAccount, hash: string): StoredAccount {
  const { unanswered = [], ...rest } = account;
  const others = unanswered.filter((one: UnansweredLogin) => one.hash !== hash);
  return others.length > 0 ? { ...rest, unanswered: others } : rest;
}
