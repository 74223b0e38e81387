/** Side of an account or a session: the wearer's or a follower's. */
export type Side = 'publisher' | 'subscriber';

/** An account of the emulated service: a wearer's, or the anonymous one of a follower. */
export interface StoredAccount {
  /** A UUID; a login by name gives it. */
  readonly id: string;
  readonly side: Side;
  /** Name of a wearer's account, for logins; a follower's account has its id here. */
  readonly name: string;
  readonly passwordHash: string;
  /** E-mail address, as `ReadPublisherAccountEmail` gives it. */
  readonly email: string;
  /** Serial number of the receiver whose readings it takes. */
  readonly receiver: string | undefined;
  /** True if it is sharing. */
  readonly sharing: boolean;
  /** Refused logins since the last good one. */
  readonly refusals: number;
  /** No login before this (Unix milliseconds). */
  readonly lockedUntilMs: number;
  /** Last runtime info of the app, as JSON; undefined if there was none. */
  readonly runtimeInfo: string | undefined;
}

/** A reading as it was posted, dates in Unix milliseconds. */
export interface StoredReading {
  readonly serialNumber: string;
  /** The receiver's system time, as posted. */
  readonly stMs: number;
  /** The receiver's display time, as posted: wall-clock digits as if they were UTC. */
  readonly dtMs: number;
  /** True time, as the service computes it. */
  readonly wtMs: number;
  readonly trend: number;
  readonly mgDl: number;
}

/** The instants a reading may have: 1970 to 2100. Ours: the real limits are unknown. */
export const READING_INSTANTS = { firstMs: 0, endMs: Date.UTC(2100, 0, 1) } as const;

/** True for an instant that a reading may have. */
export function isReadingInstant(ms: number): boolean {
  return Number.isInteger(ms) && ms >= READING_INSTANTS.firstMs && ms < READING_INSTANTS.endMs;
}

/**
 * True for a reading that can be read back. One with an impossible time is left out, not moved to a
 * time at which nothing was measured.
 */
export function isReadable({ wtMs, stMs, dtMs }: StoredReading): boolean {
  return [wtMs, stMs, dtMs].every(isReadingInstant);
}

/** A session: its account and its end (Unix milliseconds). */
export interface StoredSession {
  readonly accountId: string;
  readonly side: Side;
  readonly expiresMs: number;
}

/** A person that a wearer has named, to be invited. */
export interface StoredContact {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly createdMs: number;
}

/** An invitation, or the subscription that it becomes when it is accepted. */
export interface StoredSubscription {
  readonly id: string;
  /** The wearer's account. */
  readonly accountId: string;
  readonly contactId: string;
  readonly invitationId: string;
  /** The follower's account; undefined until the invitation is accepted. */
  readonly subscriberId: string | undefined;
  /** The wearer's name as the follower sees it. */
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
 * Memory of the service. Everything is done when the call returns: a store that lasts has
 * written it down by then. Case does not matter in ids.
 */
export interface ShareStore {
  /** Case of the name does not matter. */
  accountByName(name: string): StoredAccount | undefined;
  accountById(id: string): StoredAccount | undefined;
  /** The account a receiver is assigned to. */
  accountByReceiver(serialNumber: string): StoredAccount | undefined;
  /** Counts the accounts. */
  countAccounts(): number;
  /** Adds an account, or replaces the one with its id. */
  saveAccount(account: StoredAccount): void;

  session(id: string): StoredSession | undefined;
  saveSession(id: string, session: StoredSession): void;
  /** Ends every session that would last longer. */
  endSessions(atMs: number): void;
  /** Forgets sessions that ended before this. */
  forgetSessions(beforeMs: number): void;

  /** True if the account has a reading with this system time. */
  hasReading(accountId: string, stMs: number): boolean;
  /** Adds all of them or, if it throws, none. None may be there already (by `stMs`). */
  addReadings(accountId: string, readings: readonly StoredReading[]): void;
  /**
   * The newest first (by `wtMs`, then `stMs`), at most `count`, none from before `fromMs` and none
   * that cannot be read back: one of its three times is before 1970 or after 2099.
   */
  newestReadings(accountId: string, fromMs: number, count: number): StoredReading[];
  /** Changes whenever the readings of the account may have. */
  readingsVersion(accountId: string): string;
  /** All that can be read back, oldest first. */
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

/** SQLite's words for a file that another program has locked: SQLITE_BUSY and SQLITE_LOCKED. */
const BUSY_CODES = [5, 6];

/** Tells a store that another program keeps from its file from one that is broken. */
export function isStoreBusy(error: unknown): boolean {
  const code = error instanceof Error ? (error as { errcode?: unknown }).errcode : undefined;
  return typeof code === 'number' && BUSY_CODES.includes(code & 0xff);
}
