/** Which door an account or a session belongs to: the wearer's or a follower's. */
export type Side = 'publisher' | 'subscriber';

/** An account of the emulated service: a wearer's, or the anonymous one of a follower. */
export interface StoredAccount {
  /** A UUID; what sign-in by name gives. */
  readonly id: string;
  readonly side: Side;
  /** What a wearer signs in with; a follower's account has its id here, nobody types it. */
  readonly name: string;
  readonly passwordHash: string;
  /** What `ReadPublisherAccountEmail` gives. */
  readonly email: string;
  /** Serial number of the receiver whose readings it takes. */
  readonly receiver: string | undefined;
  /** Whether it is sharing. */
  readonly monitoring: boolean;
  /** Refused sign-ins since the last good one. */
  readonly refusals: number;
  /** No sign-in before this (Unix milliseconds). */
  readonly lockedUntilMs: number;
  /** What the app last told about its phone, as JSON; undefined if it never did. */
  readonly runtimeInfo: string | undefined;
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
  readonly side: Side;
  readonly expiresMs: number;
}

/** Somebody a wearer has named, to be invited. */
export interface StoredContact {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly createdMs: number;
}

/** An invitation, and what it becomes when it is accepted. */
export interface StoredSubscription {
  readonly id: string;
  /** The wearer's account. */
  readonly accountId: string;
  readonly contactId: string;
  readonly invitationId: string;
  /** The follower's account; undefined until the invitation is accepted. */
  readonly subscriberId: string | undefined;
  /** How the wearer is shown to the follower. */
  readonly displayName: string;
  readonly permissions: number;
  readonly paused: boolean;
  /** Its contact was deleted. */
  readonly removed: boolean;
  /** The four alerts of the invitation, as JSON. */
  readonly alerts: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly inviteExpiresMs: number;
}

/**
 * What the service remembers. Everything is done when the call returns: a store that lasts has
 * written it down by then. Case does not matter in ids.
 */
export interface ShareStore {
  /** Case of the name does not matter. */
  accountByName(name: string): StoredAccount | undefined;
  accountById(id: string): StoredAccount | undefined;
  /** The account a receiver is assigned to. */
  accountByReceiver(serialNumber: string): StoredAccount | undefined;
  /** How many there are. */
  countAccounts(): number;
  /** Adds an account, or replaces the one with its id. */
  saveAccount(account: StoredAccount): void;

  session(id: string): StoredSession | undefined;
  saveSession(id: string, session: StoredSession): void;
  /** Ends every session that would last longer. */
  endSessions(atMs: number): void;
  /** Forgets sessions that ended before this. */
  forgetSessions(beforeMs: number): void;

  /** Whether the account has a reading with this system time. */
  hasReading(accountId: string, stMs: number): boolean;
  /** Adds all of them or, if it throws, none. None may be there already (by `stMs`). */
  addReadings(accountId: string, readings: readonly StoredReading[]): void;
  /** The newest first (by `wtMs`, then `stMs`), at most `count`, none from before `fromMs`. */
  newestReadings(accountId: string, fromMs: number, count: number): StoredReading[];
  /** Changes whenever the readings of the account may have. */
  readingsVersion(accountId: string): string;
  /** All of them, oldest first. */
  allReadings(accountId: string): StoredReading[];

  contact(id: string): StoredContact | undefined;
  /** Case of the name matters. */
  contactByName(accountId: string, name: string): StoredContact | undefined;
  saveContact(contact: StoredContact): void;
  deleteContact(id: string): void;

  subscription(id: string): StoredSubscription | undefined;
  /** Of a wearer, oldest first. */
  subscriptionsOf(accountId: string): StoredSubscription[];
  /** Of a follower, oldest first. */
  subscriptionsTo(subscriberId: string): StoredSubscription[];
  saveSubscription(subscription: StoredSubscription): void;
  deleteSubscription(id: string): void;
}
