import { ShareError } from '@egvkit/protocol';
import { type Call, type CallData, encodeCall, isId, ZERO_ID } from '@egvkit/protocol/share';
import { type AnswerContext, interpret, type Refusal } from './answer.ts';
import { accountKey, fingerprint, isFingerprintOf } from './fingerprint.ts';
import { send, type Wire } from './http.ts';
import type { ShareAccount, Target } from './options.ts';
import { unlessAborted } from './platform.ts';
import type { LoginCall, SignIn } from './sign-in.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** What a {@link Session} is made of. */
export interface SessionOptions {
  readonly wire: Wire;
  readonly target: Target;
  readonly account: ShareAccount & { readonly password: string };
  readonly store: SessionStore;
  readonly now: () => number;
  readonly lockedForMs: number;
  readonly signIn: SignIn;
  readonly advise: AnswerContext['advise'];
}

/** A session that dies this soon after signing in again is an error, not a loop (spec/share §3.6). */
const SIGN_IN_AGAIN_EVERY_MS = 3 * 60 * 1000;

/** What all clients with the same store, account and password know together. */
interface Shared {
  signIn: Promise<string> | undefined;
  /** The last session that was refused: not taken from the store again. */
  deadId: string | undefined;
}

const shared = new WeakMap<SessionStore, Map<string, Shared>>();

function sharedState(store: SessionStore, attempt: readonly string[]): Shared {
  const ofStore = shared.get(store) ?? new Map<string, Shared>();
  shared.set(store, ofStore);
  const key = JSON.stringify(attempt);
  const state = ofStore.get(key) ?? { signIn: undefined, deadId: undefined };
  ofStore.set(key, state);
  return state;
}

/**
 * One account's session: signs in when one is needed, once for any number of callers, and never
 * twice with what was refused (spec/share §3.6). Everything it holds is private.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #shared: Shared;
  #sessionId: string | undefined;
  #accountId: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#accountId = options.account.accountId;
    this.#shared = sharedState(options.store, this.#attempt());
  }

  /** What an answer is judged with. */
  context(): AnswerContext {
    const { target, now, advise } = this.#options;
    return { host: target.host, secrets: this.#secrets(), nowMs: now(), advise };
  }

  /** The session id, after signing in if need be. Aborting leaves a sign-in to other callers. */
  async id(signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    if (this.#sessionId !== undefined) return this.#sessionId;
    this.#shared.signIn ??= this.#signIn().finally(() => {
      this.#shared.signIn = undefined;
    });
    const sessionId = await unlessAborted(this.#shared.signIn, signal);
    if (sessionId !== this.#shared.deadId) this.#sessionId = sessionId;
    return sessionId;
  }

  /** Gives up a session that the service no longer knows, unless it has been replaced already. */
  drop(sessionId: string): void {
    if (this.#sessionId !== sessionId) return;
    this.#shared.deadId = sessionId;
    this.#sessionId = undefined;
  }

  /** Lets the refused sign-in be tried again, because the user says so. */
  async forgetRefusal(): Promise<void> {
    const key = await this.key();
    const { refused: _, ...rest } = (await this.#options.store.load(key)) ?? {};
    await this.#options.store.save(key, rest);
  }

  /** Under which name the account is kept; tells nothing about it. */
  key(): Promise<string> {
    const { target, account } = this.#options;
    return accountKey(target.origin, account.accountName ?? account.accountId);
  }

  #secrets(): string[] {
    const { accountName, password } = this.#options.account;
    const all = [password, accountName, this.#accountId, this.#sessionId, this.#shared.deadId];
    return all.filter((secret) => secret !== undefined);
  }

  #attempt(): string[] {
    const { target, account } = this.#options;
    const name = account.accountName ?? account.accountId;
    return [target.origin, target.applicationId, name, account.password];
  }

  async #signIn(): Promise<string> {
    const { store, account, target, now, signIn } = this.#options;
    const key = await this.key();
    const stored = (await store.load(key)) ?? {};
    const { deadId } = this.#shared;
    if (isId(stored.sessionId) && stored.sessionId !== deadId) return stored.sessionId;
    await this.#guard(stored, deadId !== undefined);
    const { password } = account;
    const { applicationId } = target;
    const credentials = { account, password, applicationId, accountId: this.#accountId };
    const { sessionId, accountId } = await signIn(credentials, this.#loginCall(key));
    this.#accountId = accountId;
    const again = deadId === undefined ? {} : { signedInAgainMs: now() };
    await store.save(key, { sessionId, ...again });
    return sessionId;
  }

  /** Refuses on the service's behalf what it has refused or locked before. */
  async #guard(stored: StoredAccount, again: boolean): Promise<void> {
    const { host } = this.#options.target;
    const { blockedUntilMs, refused, signedInAgainMs } = stored;
    const nowMs = this.#options.now();
    if (blockedUntilMs !== undefined && nowMs < blockedUntilMs) {
      throw new ShareError('loginBlocked', { host, untilMs: blockedUntilMs });
    }
    if (refused !== undefined && (await isFingerprintOf(refused, this.#attempt()))) {
      throw new ShareError('credentialsRefusedBefore', { host });
    }
    const agoMs = nowMs - (signedInAgainMs ?? Number.NEGATIVE_INFINITY);
    if (again && agoMs >= 0 && agoMs < SIGN_IN_AGAIN_EVERY_MS) {
      const faultCode = 'signed in again a moment ago';
      throw new ShareError('sessionRejected', { host, endpoint: 'the sign-in', faultCode });
    }
  }

  #loginCall(key: string): LoginCall {
    return async (row, body) => {
      const { wire, target } = this.#options;
      const data = { query: {}, body } as unknown as CallData<typeof row>;
      const request = encodeCall(row, data);
      const answer = await send(wire, row, request, undefined);
      const outcome = interpret(row, this.context(), answer);
      if (outcome.refusal !== undefined) throw await this.#refused(row, outcome.refusal, key);
      if (outcome.value !== ZERO_ID) return String(outcome.value);
      await this.#remember(key);
      throw new ShareError('credentialsRefused', { host: target.host, faultCode: 'an empty id' });
    };
  }

  /** Remembers what follows from a refused sign-in, and gives the error to throw. */
  async #refused(row: Call, refusal: Refusal, key: string): Promise<ShareError> {
    const { verdict, error } = refusal;
    const { store, now, lockedForMs, target, advise } = this.#options;
    if (verdict.policy === 'block') {
      const untilMs = now() + lockedForMs;
      await store.save(key, { ...(await store.load(key)), blockedUntilMs: untilMs });
      return new ShareError('loginBlocked', { host: target.host, untilMs });
    }
    if (verdict.policy === 'stop') await this.#remember(key);
    if (verdict.known !== undefined || error.code !== 'serviceFault') return error;
    // Unknown refusals of a sign-in are not for repeating: they may count towards a lock.
    const data = { faultCode: 'Unknown', faultMessage: '', advice: advise(verdict) };
    return new ShareError('refused', { endpoint: row.method, ...data, ...error.data });
  }

  async #remember(key: string): Promise<void> {
    this.#accountId = this.#options.account.accountId;
    const refused = await fingerprint(this.#attempt());
    await this.#options.store.save(key, { refused });
  }
}
