import {
  type DateSpelling,
  type FaultCode,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  type TrendSpelling,
} from '@egvkit/protocol/share';
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

/** How answers are written, which has changed over the years. */
export interface ServiceGeneration {
  /** With slashes until December 2021, without since (§5.1). */
  readonly dates: DateSpelling;
  /** As numbers until December 2021, as names since (§4.5). */
  readonly trends: TrendSpelling;
  /** What `SubCode` is a text of: XML until about 2025, JSON since (§3.4). */
  readonly subCodes: 'xml' | 'json';
  /** Status words and booleans bare, or status words in JSON quotes (§1.6). */
  readonly words: 'bare' | 'quoted';
  /**
   * `twoStep`: `AuthenticatePublisherAccount` gives the account id, and
   * `LoginPublisherAccountByName` the all-zero id. `oneStep`: both give a session id, as the seed
   * says; `LoginPublisherAccountById` works as well, which is ours (§3.1, §3.2, §10.1).
   */
  readonly logins: 'twoStep' | 'oneStep';
  /** Whether clock and e-mail address are given in XML to who does not accept JSON (§1.4). */
  readonly xmlWithoutAccept: boolean;
  /**
   * The zone put behind `DT`. The service of 2015 used its own, -0700 (§4.3); UTC for today is
   * ours, because uploads do not say which zone the wearer is in.
   */
  readonly displayOffsetMinutes: number;
}

/**
 * How the service behaves. What the specification knows is said with its section; what is "ours"
 * is invented, because nobody knows what the real service does.
 */
export interface ServiceBehaviour extends ServiceGeneration {
  /** Sets everything of {@link ServiceGeneration} that is not set by itself. */
  readonly generation: 'current' | '2015';

  /** About a day (§3.3); the exact 24 hours are ours. */
  readonly sessionLifetimeMs: number;
  /** Both are recorded (§3.5); which of them an old session gets is ours. */
  readonly expiredSessionCode: 'SessionNotValid' | 'SessionIdNotFound';
  /** How long after its end a session gets that code; then it is not found. Ours. */
  readonly sessionForgottenAfterMs: number;
  /** Refused sign-ins until the account is locked. Ours: the real number is unknown (§10.2). */
  readonly lockAfterRefusals: number;
  /** Ours: clients tell people ten minutes (§3.6). */
  readonly lockedForMs: number;
  /** With three e's or with two: no recording settles it (§10.1). */
  readonly lockedCode: 'SSO_AuthenticateMaxAttemptsExceeed' | 'SSO_AuthenticateMaxAttemptsExceeded';
  /** `one` for all; `singleSignOn` tells names and passwords apart, as from 2018 to 2021 (§3.5). */
  readonly credentialFaults: 'one' | 'singleSignOn';
  /** HTTP 500 with a fault, or the all-zero id with HTTP 200, as in December 2021 (§3.2). */
  readonly refusedLogin: 'fault' | 'zeroId';

  /** Whether `sessionID` is taken for `sessionId`, and so on (§1.5). */
  readonly parameterCase: 'any' | 'exact';
  /** Whether parameters are taken from a JSON body too (§1.5). */
  readonly parametersFrom: 'queryOrBody' | 'query';

  /**
   * What becomes of a batch in which something is there already: nothing of it is stored, or all
   * that is new. Ours: unknown (§4.6). Refused as `DuplicateEgvPosted` either way.
   */
  readonly duplicateBatch: 'storeNothing' | 'storeTheRest';
  /** Whether `WT` is `ST` corrected by `TA`. It was in 2015; ours for today (§4.2). */
  readonly honoursTimeAdjustment: boolean;
  /** The longest window that is answered. Ours: that longer ones are cut to the known limit (§4.8). */
  readonly maxMinutes: number;
  /** The most readings in one answer. Ours, likewise. */
  readonly maxCount: number;
  /** Whether an account that nobody follows reads `[]` (§0.9, §4.8). Ours: that it does not. */
  readonly readsNeedFollower: boolean;
  /** Said of a receiver that is assigned to another account. Ours: the real word is unknown (§2.1). */
  readonly otherAccountWord: string;
  /** Whether the receiver of another account can be had, which then loses it. Ours (§10.2). */
  readonly receiverOfAnother: 'takeOver' | 'refuse';

  /** How long a new contact is not found by an invitation (§2.1). Ours: that it is found at once. */
  readonly contactLagMs: number;
  /** Exactly seven days (§6.3). */
  readonly inviteLifetimeMs: number;
  /** Whether a deleted contact's subscription is still listed, with State 10 (§6.4). */
  readonly deletedSubscriptions: 'gone' | 'listed';
  /** `PT0M` may come back as `PT0S` (§6.1); that all others are normalised likewise is ours. */
  readonly durations: 'normalised' | 'asGiven';
  /** The refusal for a subscription nobody has. Ours: no code is on record. */
  readonly unknownSubscriptionCode: FaultCode;
  /** The account's picture; any will do, since the format is not on record (§2.2). Ours: a dot. */
  readonly image: Uint8Array;

  /** Longer requests get HTTP 413. Ours. */
  readonly maxBodyBytes: number;
}

/** How answers are written today, and how they were in 2015. */
export const GENERATIONS = {
  current: {
    dates: 'bare',
    trends: 'name',
    subCodes: 'json',
    words: 'quoted',
    logins: 'twoStep',
    xmlWithoutAccept: false,
    displayOffsetMinutes: 0,
  },
  '2015': {
    dates: 'slashed',
    trends: 'number',
    subCodes: 'xml',
    words: 'bare',
    logins: 'oneStep',
    xmlWithoutAccept: true,
    displayOffsetMinutes: -420,
  },
} as const satisfies Record<ServiceBehaviour['generation'], ServiceGeneration>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A black dot as a GIF: 1 x 1 pixel, two colours, no transparency. */
const DOT = Uint8Array.from([
  ...[0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff],
  ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b],
]);

/** What holds unless an option says otherwise. */
export const DEFAULT_BEHAVIOUR: ServiceBehaviour = {
  generation: 'current',
  ...GENERATIONS.current,
  sessionLifetimeMs: DAY_MS,
  expiredSessionCode: 'SessionNotValid',
  sessionForgottenAfterMs: 7 * DAY_MS,
  lockAfterRefusals: 5,
  lockedForMs: 10 * MINUTE_MS,
  lockedCode: 'SSO_AuthenticateMaxAttemptsExceeed',
  credentialFaults: 'one',
  refusedLogin: 'fault',
  parameterCase: 'any',
  parametersFrom: 'queryOrBody',
  duplicateBatch: 'storeNothing',
  honoursTimeAdjustment: true,
  maxMinutes: LONGEST_READ_MINUTES,
  maxCount: MOST_READINGS,
  readsNeedFollower: false,
  otherAccountWord: 'NotAssigned',
  receiverOfAnother: 'takeOver',
  contactLagMs: 0,
  inviteLifetimeMs: 7 * DAY_MS,
  deletedSubscriptions: 'gone',
  durations: 'normalised',
  unknownSubscriptionCode: 'InvalidArgument',
  image: DOT,
  maxBodyBytes: 1024 * 1024,
};

/** The options over their generation over the defaults. */
export function resolveBehaviour(options: Partial<ServiceBehaviour> = {}): ServiceBehaviour {
  return { ...DEFAULT_BEHAVIOUR, ...GENERATIONS[options.generation ?? 'current'], ...options };
}

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
