/**
 * Refused sign-ins as they are remembered: enough to recognise them, useless to sign in with
 * (PBKDF2-SHA-256 with one salt for the account, hexadecimal).
 */
export interface RefusedSignIns {
  readonly salt: string;
  /** The last few, oldest first. */
  readonly hashes: readonly string[];
}

/** What is kept of an account between calls and, with a lasting store, between runs. */
export interface StoredAccount {
  /** Good for about a day. Whoever has it can read the account: keep it like a password. */
  readonly sessionId?: string;
  /** What the service has refused; none of it is sent again. */
  readonly refused?: RefusedSignIns;
  /** No sign-in before this (Unix milliseconds), because the service has locked the account. */
  readonly blockedUntilMs?: number;
  /** When a forgotten session was last replaced (Unix milliseconds): not done every moment. */
  readonly signedInAgainMs?: number;
}

/**
 * Where sessions and refusals are kept. The key is a hash of service and account; it can be a
 * file name and tells nothing.
 */
export interface SessionStore {
  /** What was saved last under this key. */
  load(key: string): Promise<StoredAccount | undefined>;
  /** Replaces what is there. Done when it would survive the end of the program. */
  save(key: string, account: StoredAccount): Promise<void>;
  /**
   * Does `work`, a sign-in, while nobody else who uses the same place does any for that key; other
   * programs wait. Rejects, having done nothing, if nothing can be saved: what a service refuses
   * must be remembered. Without it, programs that start at once may each sign in.
   */
  exclusively?<Value>(key: string, work: () => Promise<Value>): Promise<Value>;
}

/** Keeps everything until the program ends. Share one between clients to share their sessions. */
export class MemorySessionStore implements SessionStore {
  readonly #accounts = new Map<string, StoredAccount>();
  readonly #last = new Map<string, Promise<unknown>>();

  async load(key: string): Promise<StoredAccount | undefined> {
    return this.#accounts.get(key);
  }

  async save(key: string, account: StoredAccount): Promise<void> {
    this.#accounts.set(key, account);
  }

  exclusively<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const next = Promise.resolve(this.#last.get(key)).then(work, work);
    this.#last.set(key, next);
    return next;
  }
}
