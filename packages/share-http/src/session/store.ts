import type { CallOptions } from '../call-options.ts';

/**
 * Refused logins as they are remembered: enough to recognise them, useless to log in with
 * (PBKDF2-SHA-256 with one salt for the account, hexadecimal).
 */
export interface RefusedLogins {
  readonly salt: string;
  /** The last few, oldest first. */
  readonly hashes: readonly string[];
}

/** A login that was begun and got no clear answer, or none that could be kept. */
export interface UnansweredLogin {
  /** Made with the salt of the refused ones. */
  readonly hash: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** Record of an account between calls and, with a lasting store, between runs. */
export interface StoredAccount {
  /** Good for about a day, and enough to read the account: keep it like a password. */
  readonly sessionId?: string;
  /** Logins that the service has refused; none of them is sent again. */
  readonly refused?: RefusedLogins;
  /** Logins that may have been refused; noted before they are sent. The last few, oldest first. */
  readonly unanswered?: readonly UnansweredLogin[];
  /** No login before this (Unix milliseconds), because the service has locked the account. */
  readonly lockedUntilMs?: number;
  /** Time of the last login that replaced a forgotten session (Unix milliseconds). */
  readonly loggedInAgainMs?: number;
  /** Time of the last attempt of an unattended program (Unix milliseconds). */
  readonly attemptMs?: number;
}

/**
 * Store of sessions and refusals. The key is a hash of service and account; it can be a file name
 * and tells nothing.
 */
export interface SessionStore {
  /** Loads the record that was saved last under this key. */
  load(key: string): Promise<StoredAccount | undefined>;
  /** Replaces a record. Resolves when the record would survive the end of the program. */
  save(key: string, account: StoredAccount): Promise<void>;
  /**
   * Runs `work`, a login, while no other program that uses the same store runs any for that key.
   * Rejects, having run nothing, if nothing can be saved, or if the signal is aborted before `work`
   * begins. Without this method, programs that start at once may each log in.
   */
  exclusively?<Value>(
    key: string,
    work: () => Promise<Value>,
    options?: CallOptions,
  ): Promise<Value>;
}

/** Store in memory. */
export class MemorySessionStore implements SessionStore {
  readonly #accounts = new Map<string, StoredAccount>();
  readonly #last = new Map<string, Promise<unknown>>();

  async load(key: string): Promise<StoredAccount | undefined> {
    return this.#accounts.get(key);
  }

  async save(key: string, account: StoredAccount): Promise<void> {
    this.#accounts.set(key, account);
  }

  exclusively<Value>(
    key: string,
    work: () => Promise<Value>,
    { signal }: CallOptions = {},
  ): Promise<Value> {
    const turn = (): Promise<Value> => {
      signal?.throwIfAborted();
      return work();
    };
    const next = Promise.resolve(this.#last.get(key)).then(turn, turn);
    this.#last.set(key, next);
    return next;
  }
}

/**
 * Makes a store that keeps everything until the program ends. Clients with the same store have
 * their sessions together.
 *
 * @example
 * ```ts
 * import { memorySessionStore, ShareClient } from '@egvkit/share-http';
 *
 * const store = memorySessionStore();
 * const account = { region: 'us', accountName: 'ann', password: 'secret', store } as const;
 * const [one, other] = [new ShareClient(account), new ShareClient(account)];
 * await Promise.all([one.latest(), other.latest()]); // one login
 * ```
 */
export function memorySessionStore(): Required<SessionStore> {
  return new MemorySessionStore();
}

const together = new MemorySessionStore();

/**
 * Store of a client without one. Refusals and locks are known to all of them until the program ends,
 * so that a client for each call does not lock the account; a session only to the client that has
 * it, since another's password may be wrong.
 */
export class SeparateSessions extends MemorySessionStore {
  override async load(key: string): Promise<StoredAccount | undefined> {
    return { ...(await together.load(key)), ...(await super.load(key)) };
  }

  override async save(key: string, { sessionId, ...rest }: StoredAccount): Promise<void> {
    await together.save(key, rest);
    await super.save(key, sessionId === undefined ? {} : { sessionId });
  }

  override exclusively<Value>(
    key: string,
    work: () => Promise<Value>,
    options?: CallOptions,
  ): Promise<Value> {
    return together.exclusively(key, work, options);
  }
}
