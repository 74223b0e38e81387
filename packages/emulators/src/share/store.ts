/** An account of the emulated service. */
export interface StoredAccount {
  /** A UUID; what sign-in by name gives. */
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  /** Serial number of the receiver whose readings it takes. */
  readonly receiver: string | undefined;
  /** Whether it is sharing. */
  readonly monitoring: boolean;
  /** Refused sign-ins since the last good one. */
  readonly refusals: number;
  /** No sign-in before this (Unix milliseconds). */
  readonly lockedUntilMs: number;
}

/** A reading as it was posted, dates in Unix milliseconds. */
export interface StoredReading {
  readonly serialNumber: string;
  /** The receiver's system time, as posted. */
  readonly stMs: number;
  /** The receiver's display time, as posted: wall-clock digits as if they were UTC. */
  readonly dtMs: number;
  /** When it was, by the service's reckoning. */
  readonly wtMs: number;
  readonly trend: number;
  readonly mgDl: number;
}

/** A session: whose it is and when it ends (Unix milliseconds). */
export interface StoredSession {
  readonly accountId: string;
  readonly expiresMs: number;
}

/**
 * What the service remembers. Everything is done when the call returns: a store that lasts has
 * written it down by then.
 */
export interface ShareStore {
  /** Case of the name does not matter. */
  accountByName(name: string): StoredAccount | undefined;
  /** Case of the id does not matter. */
  accountById(id: string): StoredAccount | undefined;
  /** The account a receiver is assigned to. */
  accountByReceiver(serialNumber: string): StoredAccount | undefined;
  /** Adds an account, or replaces the one with its id. */
  saveAccount(account: StoredAccount): void;
  session(id: string): StoredSession | undefined;
  saveSession(id: string, session: StoredSession): void;
  /** Ends every session that would last longer. */
  endSessions(atMs: number): void;
  /** Whether the account has a reading with this system time. */
  hasReading(accountId: string, stMs: number): boolean;
  /** Adds all of them or, if it throws, none. */
  addReadings(accountId: string, readings: readonly StoredReading[]): void;
  /** The newest first, at most `count`, none from before `fromMs` (by `wtMs`). */
  newestReadings(accountId: string, fromMs: number, count: number): StoredReading[];
  /** All of them, oldest first. */
  allReadings(accountId: string): StoredReading[];
}
