import { ShareError } from '@egvkit/protocol';
import { type BodyOf, type Call, type CallData, encodeCall, isId } from '@egvkit/protocol/share';
import { type AnswerContext, interpret, type Refusals } from './answer.ts';
import { accountKey, fingerprint, newSalt } from './fingerprint.ts';
import { send, type Wire } from './http.ts';
import type { ShareAccount } from './options.ts';
import { unlessAborted } from './platform.ts';
import type { SignIn } from './sign-in.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** What a {@link Session} is made of. */
export interface SessionOptions {
  readonly wire: Wire;
  readonly account: ShareAccount & { readonly password: string };
  readonly store: SessionStore;
  readonly now: () => number;
  readonly lockedForMs: number;
  readonly signIn: SignIn;
  readonly refusals: Refusals;
}

/** A session that dies this soon after signing in again is an error, not a loop (spec/share §3.6). */
const SIGN_IN_AGAIN_EVERY_MS = 3 * 60 * 1000;
/** A lock that ends later than this was noted by a clock that was wrong. */
const LONGEST_LOCK_MS = 24 * 60 * 60 * 1000;
/** The end of the platform's time. */
const LATEST_MS = 8.64e15;
/** How many refused sign-ins of an account are remembered: several programs may have old passwords. */
const MOST_REFUSALS = 8;

/** What all clients with the same store, account and password know together. */
interface Shared {
  signIn?: Promise<string> | undefined;
  /** The last session that was refused: not taken from the store again. */
  deadId?: string;
  /** What the store could not take. */
  unsaved?: StoredAccount | undefined;
}

type Change = (stored: StoredAccount) => StoredAccount | Promise<StoredAccount>;

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
    const { wire, account, store } = options;
    const name = account.accountName ?? account.accountId;
    this.#options = options;
    this.#accountId = account.accountId;
    this.#attempt = [wire.origin, wire.applicationId, name, account.password];
    this.#shared = sharedState(store, this.#attempt);
  }

  /** What an answer is judged with. */
  context(): AnswerContext {
    const { wire, now, refusals } = this.#options;
    const [, , name, password] = this.#attempt;
    const ids = [this.#accountId, this.#sessionId, this.#shared.deadId];
    return { host: wire.host, secrets: [name, password, ...ids], nowMs: now(), refusals };
  }

  /**
   * The session id, after signing in if need be. Aborting leaves a sign-in to other callers.
   *
   * @param anew Sign in although there is a session: whether the password is right is the question.
   */
  async id(signal: AbortSignal | undefined, anew = false): Promise<string> {
    signal?.throwIfAborted();
    if (!anew && this.#sessionId !== undefined) return this.#sessionId;
    const join = (): Promise<string> => {
      this.#shared.signIn ??= this.#signIn(false).finally(() => {
        this.#shared.signIn = undefined;
      });
      return this.#shared.signIn;
    };
    const sessionId = await unlessAborted(anew ? this.#signIn(true) : join(), signal);
    if (sessionId !== this.#shared.deadId) this.#sessionId = sessionId;
    return sessionId;
  }

  /** Gives up a session that the service no longer knows, unless it has been replaced already. */
  drop(sessionId: string): void {
    if (this.#sessionId !== sessionId) return;
    this.#shared.deadId = sessionId;
    this.#sessionId = undefined;
  }

  /** Changes what is kept of the account: by the store or, if that fails, by this program. */
  async keep(change: Change): Promise<void> {
    const account = await change(await this.#stored());
    this.#shared.unsaved = account;
    await this.#options.store.save(await this.key(), account);
    this.#shared.unsaved = undefined;
  }

  async #stored(): Promise<StoredAccount> {
    return { ...(await this.#options.store.load(await this.key())), ...this.#shared.unsaved };
  }

  /** What a refusal of this sign-in is recognised by. */
  fingerprint(salt: string): Promise<string> {
    return fingerprint(this.#attempt, salt);
  }

  /** Under which name the account is kept; tells nothing about it. */
  key(): Promise<string> {
    const [origin, , name] = this.#attempt;
    return accountKey(origin, name);
  }

  /** Does something while nobody else signs in to the account, as far as the store sees to that. */
  async alone<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#options.store.exclusively?.(await this.key(), work) ?? work();
  }

  #signIn(anew: boolean): Promise<string> {
    return this.alone(() => this.#signInAlone(anew));
  }

  async #signInAlone(anew: boolean): Promise<string> {
    const { account, wire, now, signIn } = this.#options;
    const { deadId } = this.#shared;
    const stored = await this.#stored();
    const { sessionId: known } = stored;
    if (!anew && isId(known) && known !== deadId) return known;
    await this.#guard(stored);
    const { sessionId, accountId } = await signIn(
      { ...account, applicationId: wire.applicationId, accountId: this.#accountId },
      (row, body) => this.#login(row, body),
    );
    this.#accountId = accountId;
    // Of use to this program, should the store not take it.
    this.#sessionId = sessionId;
    await this.keep(({ refused }) => ({
      ...(refused && { refused }),
      ...(deadId && { signedInAgainMs: now() }),
      sessionId,
    }));
    return sessionId;
  }

  /** Refuses on the service's behalf what it has refused or locked before. */
  async #guard({ blockedUntilMs = 0, refused, signedInAgainMs }: StoredAccount): Promise<void> {
    const { wire, now, lockedForMs } = this.#options;
    const { host } = wire;
    const nowMs = now();
    const longestMs = Math.max(lockedForMs, LONGEST_LOCK_MS);
    if (nowMs < blockedUntilMs && blockedUntilMs <= nowMs + longestMs) {
      throw new ShareError('loginBlocked', { host, untilMs: blockedUntilMs });
    }
    const hash = refused && (await this.fingerprint(refused.salt));
    if (hash && refused.hashes.includes(hash)) {
      throw new ShareError('credentialsRefusedBefore', { host });
    }
    const agoMs = nowMs - (signedInAgainMs ?? Number.NaN);
    if (this.#shared.deadId && agoMs >= 0 && agoMs < SIGN_IN_AGAIN_EVERY_MS) {
      const faultCode = 'it ended twice in three minutes';
      throw new ShareError('sessionRejected', { host, endpoint: 'a call', faultCode });
    }
  }

  /** One call that signs in. What follows from a refusal is kept before it is thrown. */
  async #login<Row extends Call>(row: Row, body: BodyOf<Row>): Promise<string> {
    const { wire, account, now, lockedForMs } = this.#options;
    const data = { query: {}, body } as unknown as CallData<Row>;
    const answer = await send(wire, row, encodeCall(row, data), undefined);
    const outcome = interpret(row, this.context(), answer);
    if (outcome.refusal === undefined) return String(outcome.value);
    const { verdict, error } = outcome.refusal;
    if (verdict.policy === 'block') {
      const untilMs = Math.min(now() + lockedForMs, LATEST_MS);
      const blocked = new ShareError('loginBlocked', { host: wire.host, untilMs });
      await this.#remember(blocked, (stored) => ({ ...stored, blockedUntilMs: untilMs }));
      throw blocked;
    }
    if (verdict.policy === 'stop') {
      this.#accountId = account.accountId;
      await this.#remember(error, async (stored) => {
        const { salt, hashes } = stored.refused ?? { salt: newSalt(), hashes: [] };
        const hash = await this.fingerprint(salt);
        return { ...stored, refused: { salt, hashes: [...hashes, hash].slice(-MOST_REFUSALS) } };
      });
    }
    throw error;
  }

  /** Keeps what follows from a refusal; if the store cannot, the error tells why. */
  async #remember(error: Error, change: Change): Promise<void> {
    await this.keep(change).catch((cause: unknown) => {
      error.cause = cause;
    });
  }
}
