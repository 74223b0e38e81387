/**
 * A refused sign-in as it is remembered: enough to recognise it, useless to sign in with
 * (PBKDF2-SHA-256, hexadecimal).
 */
export interface RefusalFingerprint {
  readonly salt: string;
  readonly iterations: number;
  readonly hash: string;
}

/** What is kept of an account between calls and, with a lasting store, between runs. */
export interface StoredAccount {
  /** Good for about a day. Whoever has it can read the account: keep it like a password. */
  readonly sessionId?: string;
  /** The last sign-in the service refused; it is not sent again. */
  readonly refused?: RefusalFingerprint;
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
}

/** Keeps everything until the program ends. Share one between clients to share their sessions. */
export class MemorySessionStore implements SessionStore {
  readonly #accounts = new Map<string, StoredAccount>();

  async load(key: string): Promise<StoredAccount | undefined> {
    return this.#accounts.get(key);
  }

  async save(key: string, account: StoredAccount): Promise<void> {
    this.#accounts.set(key, account);
  }

  /** Nothing: sessions are not for showing. */
  toJSON(): object {
    return {};
  }
}
