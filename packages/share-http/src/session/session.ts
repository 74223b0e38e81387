import { orAborted } from '@egvkit/platform';
import { isId } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import type { AnswerContext, Refusals } from '../http/answer.ts';
import type { Wire } from '../http/exchange.ts';
import { AccountRecord } from './account-record.ts';
import { checkPassword, type ShareCredentials } from './credentials.ts';
import type { LogIn } from './login.ts';
import { attemptLogin, type Secrets } from './login-attempt.ts';
import { requireUnlocked } from './login-guard.ts';
import { type PendingLogin, type SharedState, sharedState } from './shared-state.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** Parts of a {@link Session}. */
export interface SessionOptions {
  readonly wire: Wire;
  readonly account: ShareCredentials;
  readonly store: SessionStore;
  readonly now: () => number;
  readonly lockedForMs: number;
  readonly loginTimeoutMs: number;
  readonly logIn: LogIn;
  readonly refusals: Refusals;
}

/** Options of getting a session. */
interface SessionIdOptions extends CallOptions {
  /** Logs in although there is a session: to find out if the password is right. */
  readonly anew?: boolean | undefined;
}

/** The end of the platform's time. */
const LATEST_MS = 8.64e15;

/**
 * One account's session: logs in when one is needed, once for any number of callers, and never
 * twice with refused credentials. Everything it holds is private.
 */
export class Session {
  /** The record of the account in the store. */
  readonly record: AccountRecord;
  readonly #options: SessionOptions;
  readonly #shared: SharedState;
  readonly #name: string;
  readonly #secrets: Secrets;

  constructor(options: SessionOptions) {
    const { wire, account, store } = options;
    const password = typeof account.password === 'string' ? account.password : '';
    this.#options = options;
    this.#name = account.accountName ?? account.accountId;
    this.#secrets = { password, sessionId: undefined, accountId: account.accountId };
    const credentials = [wire.origin, wire.applicationId, this.#name, password];
    this.#shared = password ? sharedState(store, credentials) : {};
    this.record = new AccountRecord(wire, this.#name, store, this.#shared);
  }

  /** The context that an answer is judged in. */
  context(): AnswerContext {
    const { wire, now, refusals, lockedForMs } = this.#options;
    const { password, accountId, sessionId } = this.#secrets;
    const secrets = [this.#name, password, accountId, sessionId, this.#shared.deadId];
    const nowMs = now();
    return {
      host: wire.host,
      secrets,
      nowMs,
      untilMs: Math.min(nowMs + lockedForMs, LATEST_MS),
      refusals,
      loginAdvice: refusals.adviseOnLogin(password),
    };
  }

  /**
   * The session id, after logging in if need be. Aborting leaves a login to other callers; a login
   * that nobody waits for any more is given up.
   */
  async id({ signal, anew = false }: SessionIdOptions = {}): Promise<string> {
    signal?.throwIfAborted();
    if (!anew && this.#secrets.sessionId !== undefined) return this.#secrets.sessionId;
    const sessionId = await this.#wait(this.#begin(anew), signal);
    if (sessionId !== this.#shared.deadId) this.#secrets.sessionId = sessionId;
    return sessionId;
  }

  /** Starts a login of this call alone (`anew`), or joins the shared one. */
  #begin(anew: boolean): PendingLogin {
    const stop = new AbortController();
    const begin = () => ({ stop, done: this.#logIn(anew, stop.signal), waiting: 0 });
    if (anew) return begin();
    this.#shared.login ??= begin();
    return this.#shared.login;
  }

  async #wait(login: PendingLogin, signal: AbortSignal | undefined): Promise<string> {
    login.waiting++;
    try {
      return await orAborted(login.done, signal);
    } finally {
      login.waiting--;
      if (login.waiting === 0) {
        if (this.#shared.login === login) this.#shared.login = undefined;
        login.stop.abort(signal?.reason);
      }
    }
  }

  /** Gives up a session that the service no longer knows, unless it has been replaced already. */
  drop(sessionId: string): void {
    if (this.#secrets.sessionId !== sessionId) return;
    this.#shared.deadId = sessionId;
    this.#secrets.sessionId = undefined;
  }

  /** The fingerprint of this login. */
  fingerprint(salt: string): Promise<string> {
    return this.record.fingerprint(this.#secrets.password, salt);
  }

  /** Asks for the password if it was not given yet, unless it could not be sent. */
  async requirePassword(options: CallOptions): Promise<void> {
    const { password } = this.#options.account;
    if (this.#secrets.password || typeof password === 'string') return;
    this.#requireUnlocked(await this.record.load());
    this.#secrets.password = checkPassword(await password(options));
  }

  #requireUnlocked(stored: StoredAccount): void {
    const { wire, now, lockedForMs } = this.#options;
    requireUnlocked(stored, wire.host, now(), lockedForMs);
  }

  async #logIn(anew: boolean, signal: AbortSignal): Promise<string> {
    const known = anew ? undefined : this.#usable(await this.record.load());
    if (known !== undefined) return known;
    await this.requirePassword({ signal });
    signal.throwIfAborted();
    return this.record.exclusively(() => this.#logInAlone(anew, signal), { signal });
  }

  #usable({ sessionId }: StoredAccount): string | undefined {
    return isId(sessionId) && sessionId !== this.#shared.deadId ? sessionId : undefined;
  }

  async #logInAlone(anew: boolean, signal: AbortSignal): Promise<string> {
    const { deadId } = this.#shared;
    const stored = await this.record.load();
    const known = anew ? undefined : this.#usable(stored);
    if (known !== undefined) return known;
    this.#requireUnlocked(stored);
    const context = () => this.context();
    const { record } = this;
    const parts = { ...this.#options, record, secrets: this.#secrets, deadId, context };
    try {
      return await attemptLogin(parts, stored, { signal });
    } catch (error) {
      // It may be another one by the next login.
      if (typeof this.#options.account.password === 'function') this.#secrets.password = '';
      throw error;
    }
  }
}
