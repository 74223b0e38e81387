import {
  type DateSpelling,
  type FaultCode,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  type TrendSpelling,
} from '@egvkit/protocol/share';
import type { PasswordHasher } from './passwords.ts';
import type { ShareStore } from './store.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';

/** An account the service starts with. */
export interface AccountSeed {
  readonly name: string;
  readonly password: string;
  /** A random one if left out; an account that the store knows keeps the one it has. */
  readonly accountId?: string | undefined;
  /** E-mail address. The name if that is one, else the name at `example.invalid`. */
  readonly email?: string | undefined;
  /** Serial number of the receiver it takes readings from; none if left out. */
  readonly receiver?: string | undefined;
  /** True if the account is sharing; false if left out. */
  readonly sharing?: boolean | undefined;
}

/** Spelling of answers, which has changed over the years. */
export interface ServiceGeneration {
  // share §5.1
  /** With slashes until December 2021, without since. */
  readonly dates: DateSpelling;
  // share §4.5
  /** As numbers until December 2021, as names since. */
  readonly trends: TrendSpelling;
  // share §3.4
  /** Format of the text in `SubCode`: XML until about 2025, JSON since. */
  readonly subCodes: 'xml' | 'json';
  // share §1.6
  /** Status words and booleans bare, or status words in JSON quotes. */
  readonly words: 'bare' | 'quoted';
  // share §3.1, §3.2, §10.1
  /**
   * `twoStep`: `AuthenticatePublisherAccount` gives the account id, and
   * `LoginPublisherAccountByName` the all-zero id. `oneStep`: both give a session id. Ours:
   * `LoginPublisherAccountById` works as well then.
   */
  readonly logins: 'twoStep' | 'oneStep';
  // share §1.4
  /** Gives clock and e-mail address in XML to a client that does not accept JSON. */
  readonly xmlWithoutAccept: boolean;
  // share §4.3
  /**
   * Zone put behind `DT`. The service of 2015 used its own, -0700. Ours: UTC for today, because
   * uploads do not say the wearer's zone.
   */
  readonly displayOffsetMinutes: number;
}

/**
 * Behaviour of the service. "Ours" marks a choice of this emulator, because the behaviour of the
 * real service is unknown; everything else is as recorded.
 */
export interface ServiceBehaviour extends ServiceGeneration {
  /** Sets everything of {@link ServiceGeneration} that is not set by itself. */
  readonly generation: 'current' | '2015';

  // share §3.3
  /** About a day. Ours: the exact 24 hours. */
  readonly sessionLifetimeMs: number;
  // share §3.5
  /** Code of an expired session; both are recorded. Ours: the one that it gets. */
  readonly expiredSessionCode: 'SessionNotValid' | 'SessionIdNotFound';
  /** Time after its end in which a session gets that code; then it is not found. Ours. */
  readonly sessionForgottenAfterMs: number;
  // share §10.2
  /** Refused logins until the account is locked. Ours: the real number is unknown. */
  readonly lockAfterRefusals: number;
  // share §3.6
  /** Duration of a lock. Ours: clients tell people ten minutes. */
  readonly lockedForMs: number;
  // share §10.1
  /** With three e's or with two: no recording settles it. */
  readonly lockedCode: 'SSO_AuthenticateMaxAttemptsExceeed' | 'SSO_AuthenticateMaxAttemptsExceeded';
  // share §3.5
  /** `one` for all; `singleSignOn` tells names and passwords apart, as from 2018 to 2021. */
  readonly credentialFaults: 'one' | 'singleSignOn';
  // share §3.2
  /** HTTP 500 with a fault, or the all-zero id with HTTP 200, as in December 2021. */
  readonly refusedLogin: 'fault' | 'zeroId';

  // share §1.5
  /** Spelling of parameters: `any` takes `sessionID` for `sessionId`, and so on. */
  readonly parameterCase: 'any' | 'exact';
  // share §1.5
  /** Place of parameters: `queryOrBody` takes them from a JSON body too. */
  readonly parametersFrom: 'queryOrBody' | 'query';

  // share §4.6
  /**
   * Effect of a batch with a duplicate: stores nothing of it, or everything that is new. Ours:
   * unknown. Refused as `DuplicateEgvPosted` either way.
   */
  readonly duplicateBatch: 'storeNothing' | 'storeTheRest';
  // share §4.2
  /** Makes `WT` the `ST` corrected by `TA`. It was so in 2015. Ours for today. */
  readonly honoursTimeAdjustment: boolean;
  // share §4.8
  /** Longest time that is read back. Ours: that longer ones are cut to the known limit. */
  readonly maxMinutes: number;
  // share §4.8
  /** Most readings in one answer. Ours: that more are cut to the known limit. */
  readonly maxCount: number;
  // share §0.9, §4.8
  /** Lets an account that nobody follows read `[]`. Ours: that it does not. */
  readonly readsNeedFollower: boolean;
  // share §2.1
  /** Word for a receiver that is assigned to another account. Ours: the real word is unknown. */
  readonly otherAccountWord: string;
  // share §10.2
  /** Lets an account take over the receiver of another, which then loses it, or refuses it. Ours. */
  readonly receiverOfAnother: 'takeOver' | 'refuse';

  // share §2.1
  /** Time in which an invitation does not find a new contact. Ours: that it is found at once. */
  readonly contactLagMs: number;
  // share §6.3
  /** Exactly seven days. */
  readonly inviteLifetimeMs: number;
  // share §6.4
  /** Leaves out a deleted contact's subscription, or lists it with State 10. */
  readonly deletedSubscriptions: 'gone' | 'listed';
  // share §6.1
  /** `PT0M` may come back as `PT0S`. Ours: that all others are normalised likewise. */
  readonly durations: 'normalised' | 'asGiven';
  /** Refusal of an unknown subscription. Ours: no code is on record. */
  readonly unknownSubscriptionCode: FaultCode;
  // share §2.2
  /** The account's picture; any will do, since the format is not on record. Ours: a dot. */
  readonly image: Uint8Array;

  /** Longest request; longer ones get HTTP 413. Ours. */
  readonly maxBodyBytes: number;
}

/** Spelling of answers today and in 2015. */
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

/** A black dot as a GIF: 1 x 1 pixel, two colours, no transparency. */
const DOT = Uint8Array.from([
  ...[0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff],
  ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b],
]);

/** Behaviour without options. */
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

/** Puts the options over their generation over the defaults. */
export function resolveBehaviour(options: Partial<ServiceBehaviour> = {}): ServiceBehaviour {
  return { ...DEFAULT_BEHAVIOUR, ...GENERATIONS[options.generation ?? 'current'], ...options };
}

/** Options of {@link createShareService}; everything may be left out. */
export interface ShareServiceOptions {
  /** Unix milliseconds; the platform's clock if left out. */
  readonly now?: (() => number) | undefined;
  /** In memory if left out. */
  readonly store?: ShareStore | undefined;
  readonly accounts?: readonly AccountSeed[] | undefined;
  readonly options?: Partial<ServiceBehaviour> | undefined;
  readonly passwords?: PasswordHasher | undefined;
  /** A line for every request, without secrets; none are written if left out. */
  readonly log?: ((line: string) => void) | undefined;
}
