import { ShareError } from '@egvkit/protocol';
import {
  type EndpointBody,
  type EndpointName,
  encodeRequest,
  isId,
  type RequestData,
  ZERO_ID,
} from '@egvkit/protocol/share';
import { interpret, type Outcome, type Refusal } from './answer.ts';
import { accountKey, fingerprint, isFingerprintOf } from './fingerprint.ts';
import { send, type Wire } from './http.ts';
import type { ShareAccount, Target } from './options.ts';
import { unlessAborted } from './platform.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** What a {@link Session} is made of. */
export interface SessionOptions {
  readonly wire: Wire;
  readonly target: Target;
  readonly account: ShareAccount & { readonly password: string };
  readonly store: SessionStore;
  readonly now: () => number;
  readonly lockedForMs: number;
}

type LoginCall = 'AuthenticatePublisherAccount' | 'LoginPublisherAccountById';

/**
 * One account's session: signs in when one is needed, once for any number of callers, and never
 * twice with what was refused (spec/share §3.6). Everything it holds is private.
 */
export class Session {
  readonly #options: SessionOptions;
  #sessionId: string | undefined;
  #accountId: string | undefined;
  /** The last one that was refused: not taken from the store again. */
  #deadId: string | undefined;
  #login: Promise<string> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#accountId = options.account.accountId;
  }

  /** What must not appear in anything that is shown. */
  secrets(): string[] {
    const { accountName, password } = this.#options.account;
    const all = [password, accountName, this.#accountId, this.#sessionId, this.#deadId];
    return all.filter((secret) => secret !== undefined);
  }

  /** The session id, after signing in if need be. Aborting leaves a sign-in to other callers. */
  async id(signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    if (this.#sessionId !== undefined) return this.#sessionId;
    this.#login ??= this.#signIn().finally(() => {
      this.#login = undefined;
    });
    return unlessAborted(this.#login, signal);
  }

  /** Gives up a session that the service no longer knows, unless it has been replaced already. */
  drop(sessionId: string): void {
    if (this.#sessionId !== sessionId) return;
    this.#deadId = sessionId;
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

  #attempt(): string[] {
    const { target, account } = this.#options;
    const name = account.accountName ?? account.accountId;
    return [target.origin, target.applicationId, name, account.password];
  }

  async #signIn(): Promise<string> {
    const key = await this.key();
    const stored = (await this.#options.store.load(key)) ?? {};
    const { sessionId } = stored;
    if (isId(sessionId) && sessionId !== this.#deadId) {
      this.#sessionId = sessionId;
      return sessionId;
    }
    await this.#guard(stored);
    const { password, accountName } = this.#options.account;
    const { applicationId } = this.#options.target;
    if (accountName !== undefined) {
      const body = { accountName, password, applicationId };
      this.#accountId ??= await this.#loginCall('AuthenticatePublisherAccount', body, key);
    }
    const accountId = this.#accountId ?? '';
    const body = { accountId, password, applicationId };
    const fresh = await this.#loginCall('LoginPublisherAccountById', body, key);
    this.#sessionId = fresh;
    await this.#options.store.save(key, { sessionId: fresh });
    return fresh;
  }

  /** Refuses on the service's behalf what it has refused or locked before. */
  async #guard(stored: StoredAccount): Promise<void> {
    const { host } = this.#options.target;
    const { blockedUntilMs, refused } = stored;
    if (blockedUntilMs !== undefined && this.#options.now() < blockedUntilMs) {
      throw new ShareError('loginBlocked', { host, untilMs: blockedUntilMs });
    }
    if (refused !== undefined && (await isFingerprintOf(refused, this.#attempt()))) {
      throw new ShareError('credentialsRefusedBefore', { host });
    }
  }

  async #loginCall<Name extends LoginCall>(
    name: Name,
    body: EndpointBody<Name>,
    key: string,
  ): Promise<string> {
    const { wire, target } = this.#options;
    const request = encodeRequest(name, { query: {}, body } as RequestData<Name>);
    const answer = await send(wire, name, request, undefined);
    const outcome: Outcome<string> = interpret<LoginCall>(
      name,
      target.host,
      this.secrets(),
      answer,
    );
    if (outcome.refusal !== undefined) throw await this.#refused(name, outcome.refusal, key);
    if (outcome.value !== ZERO_ID) return outcome.value;
    await this.#remember(key);
    throw new ShareError('credentialsRefused', { host: target.host, faultCode: 'an empty id' });
  }

  /** Remembers what follows from a refused sign-in, and gives the error to throw. */
  async #refused(endpoint: EndpointName, refusal: Refusal, key: string): Promise<ShareError> {
    const { verdict, error } = refusal;
    const { store, now, lockedForMs, target } = this.#options;
    if (verdict.policy === 'block') {
      const untilMs = now() + lockedForMs;
      await store.save(key, { ...(await store.load(key)), blockedUntilMs: untilMs });
      return new ShareError('loginBlocked', { host: target.host, untilMs });
    }
    if (verdict.policy === 'stop') await this.#remember(key);
    if (verdict.known !== undefined || error.code !== 'serviceFault') return error;
    // Unknown refusals of a sign-in are not for repeating: they may count towards a lock.
    const data = { endpoint, faultCode: 'Unknown', faultMessage: '', advice: verdict.tell };
    return new ShareError('refused', { ...data, ...error.data });
  }

  async #remember(key: string): Promise<void> {
    this.#accountId = this.#options.account.accountId;
    const refused = await fingerprint(this.#attempt());
    await this.#options.store.save(key, { refused });
  }
}
