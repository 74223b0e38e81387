import type { PasswordHasher } from './passwords.ts';
import type { ShareStore } from './store.ts';

/** An account the service starts with. */
export interface AccountSeed {
  readonly name: string;
  readonly password: string;
  /** A random one if left out; an account that the store knows keeps the one it has. */
  readonly accountId?: string;
  /**
   * What the service knows as its e-mail address. The name if that is one, else the name at
   * `example.invalid`.
   */
  readonly email?: string;
  /** Serial number of the receiver it takes readings from; none if left out. */
  readonly receiver?: string;
  /** Whether it is sharing; no if left out. */
  readonly monitoring?: boolean;
}

/**
 * How the service behaves. What the specification knows is said with its section; what is "ours"
 * is invented, because nobody knows what the real service does.
 */
export interface ServiceBehaviour {
  /**
   * `current`: dates without slashes, trends as names, `SubCode` as JSON. `2015`: dates with
   * slashes, trends as numbers, status words without quotes, `SubCode` as XML (§1.6, §4.5, §5.1).
   */
  readonly generation: 'current' | '2015';
  /** About a day (§3.3); the exact 24 hours are ours. */
  readonly sessionLifetimeMs: number;
  /** Both are recorded (§3.5); which of them an old session gets is ours. */
  readonly expiredSessionCode: 'SessionNotValid' | 'SessionIdNotFound';
  /** Refused sign-ins until the account is locked. Ours: the real number is unknown (§10.2). */
  readonly lockAfterRefusals: number;
  /** Ours: clients tell people ten minutes (§3.6). */
  readonly lockedForMs: number;
  /**
   * What becomes of a batch in which something is there already: nothing of it is stored, or all
   * that is new. Ours: unknown (§4.6). Refused as `DuplicateEgvPosted` either way.
   */
  readonly duplicateBatch: 'storeNothing' | 'storeTheRest';
  /** Whether `WT` is `ST` corrected by `TA`. It was in 2015; ours for today (§4.2). */
  readonly honoursTimeAdjustment: boolean;
  /**
   * The zone put behind `DT`. The service of 2015 used its own, -0700 (§4.3), which is the default
   * of that generation; ours for today, where it is UTC.
   */
  readonly displayOffsetMinutes: number | undefined;
  /** The longest window that is answered. Ours: that longer ones are cut to the known limit (§4.8). */
  readonly maxMinutes: number;
  /** The most readings in one answer. Ours, likewise. */
  readonly maxCount: number;
  /** Said of a receiver that is assigned to another account. Ours: the real word is unknown (§2.1). */
  readonly otherAccountWord: string;
  /** Longer requests get HTTP 413. Ours. */
  readonly maxBodyBytes: number;
}

/** What holds unless an option says otherwise. */
export const DEFAULT_BEHAVIOUR: ServiceBehaviour = {
  generation: 'current',
  sessionLifetimeMs: 24 * 60 * 60 * 1000,
  expiredSessionCode: 'SessionNotValid',
  lockAfterRefusals: 5,
  lockedForMs: 10 * 60 * 1000,
  duplicateBatch: 'storeNothing',
  honoursTimeAdjustment: true,
  displayOffsetMinutes: undefined,
  maxMinutes: 1440,
  maxCount: 288,
  otherAccountWord: 'NotAssigned',
  maxBodyBytes: 1024 * 1024,
};

/** What {@link createShareService} is given; everything may be left out. */
export interface ShareServiceOptions {
  /** Unix milliseconds; the platform's clock if left out. */
  readonly now?: () => number;
  /** In memory if left out. */
  readonly store?: ShareStore;
  readonly accounts?: readonly AccountSeed[];
  readonly options?: Partial<ServiceBehaviour>;
  readonly passwords?: PasswordHasher;
  /** A line for every request, without secrets; none are written if left out. */
  readonly log?: (line: string) => void;
}
