import { ShareError } from '@egvkit/protocol';
import { type BodyOf, type Call, type CallData, encodeCall, isId } from '@egvkit/protocol/share';
import { type AnswerContext, interpret, type Refusals } from './answer.ts';
import { accountKey, fingerprint, isFingerprintOf } from './fingerprint.ts';
import { send, type Wire } from './http.ts';
import type { ShareAccount, Target } from './options.ts';
import { unlessAborted } from './platform.ts';
import type { SignIn } from './sign-in.ts';
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
  readonly refusals: Refusals;
}

/** A session that dies this soon after signing in again is an error, not a loop (spec/share §3.6). */
const SIGN_IN_AGAIN_EVERY_MS = 3 * 60 * 1000;

/** What all clients with the same store, account and password know together. */
interface Shared {
  signIn?: Promise<string> | undefined;
  /** The last session that was refused: not taken from the store again. */
  deadId?: string;
}

const shared = new WeakMap<SessionStore, Record<string, Shared>>();

function sharedState(store: SessionStore, attempt: readonly string[]): Shared {
  const ofStore = shared.get(store) ?? {};
  shared.set(store, ofStore);
  const key = JSON.stringify(attempt);
  ofStore[key] ??= {};
  return ofStore[key];
}

/**
 * One account's session: signs in when one is needed, once for any number of callers, and never
 * twice with what was refused (spec/share §3.6). Everything it holds is private.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #shared: Shared;
  /** What a sign-in is made with: service, application, account, password. */
  readonly #attempt: readonly [string, string, string, string];
  #sessionId: string | undefined;
  #accountId: string | undefined;

  constructor(options: SessionOptions) {
    const { target, account, store } = options;
    const name = account.accountName ?? account.accountId;
    this.#options = options;
    this.#accountId = account.accountId;
    this.#attempt = [target.origin, target.applicationId, name, account.password];
    this.#shared = sharedState(store, this.#attempt);
  }

  /** What an answer is judged with. */
  context(): AnswerContext {
    const { target, now, refusals } = this.#options;
    const secrets = [...this.#attempt.slice(2), this.#accountId, this.#sessionId];
    const known = [...secrets, this.#shared.deadId].filter((secret) => secret !== undefined);
    return { host: target.host, secrets: known, nowMs: now(), refusals };
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

  /** Changes what is kept of the account. */
  async keep(change: (stored: StoredAccount) => StoredAccount): Promise<void> {
    const { store } = this.#options;
    const key = await this.key();
    await store.save(key, change((await store.load(key)) ?? {}));
  }

  /** Under which name the account is kept; tells nothing about it. */
  key(): Promise<string> {
    const [origin, , name] = this.#attempt;
    return accountKey(origin, name);
  }

  async #signIn(): Promise<string> {
    const { store, account, target, now, signIn } = this.#options;
    const { deadId } = this.#shared;
    const stored = (await store.load(await this.key())) ?? {};
    if (isId(stored.sessionId) && stored.sessionId !== deadId) return stored.sessionId;
    await this.#guard(stored);
    const { sessionId, accountId } = await signIn(
      { ...target, account, password: account.password, accountId: this.#accountId },
      (row, body) => this.#login(row, body),
    );
    this.#accountId = accountId;
    const again = deadId === undefined ? {} : { signedInAgainMs: now() };
    await this.keep(() => ({ sessionId, ...again }));
    return sessionId;
  }

  /** Refuses on the service's behalf what it has refused or locked before. */
  async #guard({ blockedUntilMs = 0, refused, signedInAgainMs }: StoredAccount): Promise<void> {
    const { host } = this.#options.target;
    const nowMs = this.#options.now();
    if (nowMs < blockedUntilMs) {
      throw new ShareError('loginBlocked', { host, untilMs: blockedUntilMs });
    }
    if (refused !== undefined && (await isFingerprintOf(refused, this.#attempt))) {
      throw new ShareError('credentialsRefusedBefore', { host });
    }
    const agoMs = nowMs - (signedInAgainMs ?? Number.NaN);
    if (this.#shared.deadId !== undefined && agoMs >= 0 && agoMs < SIGN_IN_AGAIN_EVERY_MS) {
      const faultCode = 'signed in again a moment ago';
      throw new ShareError('sessionRejected', { host, endpoint: 'the sign-in', faultCode });
    }
  }

  /** One call that signs in. What follows from a refusal is kept before it is thrown. */
  async #login<Row extends Call>(row: Row, body: BodyOf<Row>): Promise<string> {
    const { wire, target, account, now, lockedForMs } = this.#options;
    const data = { query: {}, body } as unknown as CallData<Row>;
    const answer = await send(wire, row, encodeCall(row, data), undefined);
    const outcome = interpret(row, this.context(), answer);
    if (outcome.refusal === undefined) return String(outcome.value);
    const { verdict, error } = outcome.refusal;
    if (verdict.policy === 'block') {
      const untilMs = now() + lockedForMs;
      await this.keep((stored) => ({ ...stored, blockedUntilMs: untilMs }));
      throw new ShareError('loginBlocked', { host: target.host, untilMs });
    }
    if (verdict.policy === 'stop') {
      this.#accountId = account.accountId;
      const refused = await fingerprint(this.#attempt);
      await this.keep(() => ({ refused }));
    }
    throw error;
  }
}
