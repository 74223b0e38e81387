import { BETWEEN_LOGINS_MS, type LoginCall } from '../world/share-side.ts';
import { iso } from './ledger.ts';
import type { Verdict } from './violation.ts';

/** The two calls of one attempt follow each other within this time. */
const ONE_ATTEMPT_MS = 120_000;
/** Timers ring at whole milliseconds, and requests take different times to arrive. */
const SLACK_MS = 5000;

/** Watches the logins of one account. */
export class LoginWatch {
  readonly #verdict: Verdict;
  readonly #lockMs: number;
  readonly #refused = new Set<string>();
  #attemptMs = Number.NEGATIVE_INFINITY;
  #lockedUntilMs = Number.NEGATIVE_INFINITY;
  /** True while the second call of an attempt may come. */
  #isHalf = false;
  #attempts = 0;
  #lastRefusal:
    | { readonly from: string; readonly heardMs: number; readonly password: string }
    | undefined;

  constructor(verdict: Verdict, lockMs: number) {
    this.#verdict = verdict;
    this.#lockMs = lockMs;
  }

  get attempts(): number {
    return this.#attempts;
  }

  called({ atMs, password }: LoginCall): void {
    const verdict = this.#verdict;
    if (this.#refused.has(password)) {
      verdict.broken('refusedAgain', 'The same login was sent again after it had been refused.');
    }
    if (atMs < this.#lockedUntilMs) {
      verdict.broken('lockedLogin', `A login was sent before ${iso(this.#lockedUntilMs)}.`);
    }
    const agoMs = atMs - this.#attemptMs;
    if (this.#isHalf && agoMs <= ONE_ATTEMPT_MS) {
      this.#isHalf = false;
      return;
    }
    if (agoMs < BETWEEN_LOGINS_MS - SLACK_MS) {
      const seconds = Math.round(agoMs / 1000);
      verdict.broken('loginsTooOften', `Two attempts to log in within ${seconds} s.`);
    }
    this.#attemptMs = atMs;
    this.#attempts++;
    this.#isHalf = false;
  }

  /** The answer to a call has reached the program, at this time. */
  heard({ from, atMs, password, outcome, isFirst }: LoginCall, heardMs: number): void {
    if (outcome === 'refused') {
      this.#refused.add(password);
      this.#lastRefusal = { from, heardMs, password };
    }
    if (outcome === 'locked') this.#lockedUntilMs = atMs + this.#lockMs;
    if (outcome === 'good' && isFirst) this.#isHalf = true;
  }

  /** The program has died. If it had just heard of a refusal, it could not note it, and nobody knows of it. */
  died(from: string, nowMs: number): void {
    const last = this.#lastRefusal;
    if (last?.from === from && last.heardMs === nowMs) this.#refused.delete(last.password);
  }

  /** A person has made this password the right one. */
  corrected(password: string): void {
    this.#refused.delete(password);
  }
}
