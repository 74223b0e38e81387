import type { CallOptions } from '../call-options.ts';
import { ShareError } from '../errors/share-error.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** Time between two attempts to log in, if nobody watches. */
const ATTEMPT_EVERY_MS = 15 * 60_000;

/** Clocks of this computer, and the service's name for errors. */
export interface PacedStoreOptions {
  readonly host: () => string;
  /** Unix ms; it may be set. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly monotonicMs: () => number;
}

/**
 * Store that lets a login be noted, and so be sent, once in 15 minutes at the most: whatever became of
 * the one before, also in an earlier run. Sessions and refusals pass through it.
 */
export class PacedStore implements SessionStore {
  readonly #store: SessionStore;
  readonly #options: PacedStoreOptions;
  /** Of this program's attempts, and of noted times that cannot be, by account; ms of the steady clock. */
  readonly #attempts = new Map<string, number>();

  constructor(store: SessionStore, options: PacedStoreOptions) {
    this.#store = store;
    this.#options = options;
  }

  load(key: string): Promise<StoredAccount | undefined> {
    return this.#store.load(key);
  }

  async save(key: string, account: StoredAccount): Promise<void> {
    const before = await this.#store.load(key);
    const attempt = account.unanswered?.at(-1);
    const isNoted = before?.unanswered?.some(
      ({ hash, atMs }) => hash === attempt?.hash && atMs === attempt.atMs,
    );
    if (attempt === undefined || isNoted) {
      const { attemptMs = before?.attemptMs } = account;
      await this.#store.save(key, { ...account, ...(attemptMs !== undefined && { attemptMs }) });
      return;
    }
    this.#requirePace(key, before);
    await this.#store.save(key, { ...account, attemptMs: attempt.atMs });
    this.#attempts.set(key, this.#options.monotonicMs());
  }

  exclusively<Value>(
    key: string,
    work: () => Promise<Value>,
    options?: CallOptions,
  ): Promise<Value> {
    return this.#store.exclusively?.(key, work, options) ?? work();
  }

  #requirePace(key: string, before: StoredAccount | undefined): void {
    const { now, monotonicMs, host } = this.#options;
    const agoMs = now() - (before?.attemptMs ?? Number.NEGATIVE_INFINITY);
    // A time yet to come was noted by another clock: how long ago it was is not known.
    if (agoMs < 0 && !this.#attempts.has(key)) this.#attempts.set(key, monotonicMs());
    const ownAgoMs = monotonicMs() - (this.#attempts.get(key) ?? Number.NEGATIVE_INFINITY);
    const passedMs = Math.min(ownAgoMs, agoMs < 0 ? Number.POSITIVE_INFINITY : agoMs);
    const retryAfterMs = Math.ceil(ATTEMPT_EVERY_MS - passedMs);
    if (retryAfterMs <= 0) return;
    if (before?.unanswered === undefined) {
      const limitMs = ATTEMPT_EVERY_MS;
      throw new ShareError('sessionEndedAgain', { host: host(), agoMs: passedMs, limitMs });
    }
    const untilMs = now() + retryAfterMs;
    throw new ShareError('loginUnanswered', { host: host(), untilMs, retryAfterMs });
  }
}
