import type { CallOptions } from '../call-options.ts';
import { ShareError } from '../errors/share-error.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** Time between two attempts to log in, if nobody watches. */
const ATTEMPT_EVERY_MS = 15 * 60_000;
/**
 * A computer's clock may be off by so much, as after a power cut, and be believed: an attempt of another run
 * is so much younger at the most.
 */
const CLOCK_OFF_MS = 2 * 60_000;

/** Clocks of this computer, and the service's name for errors. */
export interface PacedStoreOptions {
  readonly host: () => string;
  /** Unix ms; it may be set. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly monotonicMs: () => number;
}

/** An attempt to log in whose age is known, whatever the computer's clock is set to. */
interface Attempt {
  /** Ms of the steady clock. */
  readonly steadyMs: number;
  /** Time that was noted for it, Unix ms. */
  readonly notedMs: number | undefined;
}

/**
 * Store that lets a login be noted, and so be sent, once in 15 minutes at the most: whatever became of
 * the one before, also in an earlier run. Sessions and refusals pass through it.
 */
export class PacedStore implements SessionStore {
  readonly #store: SessionStore;
  readonly #options: PacedStoreOptions;
  /** This program's attempts, and noted times that cannot be, by account. */
  readonly #attempts = new Map<string, Attempt>();

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
    this.#attempts.set(key, {
      steadyMs: this.#options.monotonicMs(),
      notedMs: attempt.atMs,
    });
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
    const notedMs = before?.attemptMs;
    const agoMs = now() - (notedMs ?? Number.NEGATIVE_INFINITY);
    // A time yet to come was noted by another clock: how long ago it was is not known.
    if (agoMs < 0 && !this.#attempts.has(key)) {
      this.#attempts.set(key, { steadyMs: monotonicMs(), notedMs });
    }
    const own = this.#attempts.get(key);
    const ownAgoMs = monotonicMs() - (own?.steadyMs ?? Number.NEGATIVE_INFINITY);
    const byOwn = { agoMs: ownAgoMs, limitMs: ATTEMPT_EVERY_MS };
    const byOther = { agoMs, limitMs: ATTEMPT_EVERY_MS + CLOCK_OFF_MS };
    const isOther = agoMs >= 0 && notedMs !== own?.notedMs;
    const last = isOther && leftMs(byOther) > leftMs(byOwn) ? byOther : byOwn;
    const retryAfterMs = Math.ceil(leftMs(last));
    if (retryAfterMs <= 0) return;
    if (before?.unanswered === undefined) {
      throw new ShareError('sessionEndedAgain', { host: host(), ...last });
    }
    const untilMs = now() + retryAfterMs;
    throw new ShareError('loginUnanswered', { host: host(), untilMs, retryAfterMs });
  }
}

function leftMs({ agoMs, limitMs }: { readonly agoMs: number; readonly limitMs: number }): number {
  return limitMs - agoMs;
}
