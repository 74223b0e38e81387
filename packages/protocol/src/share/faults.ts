import type { ShareErrorCode } from '../errors/share.ts';
import type { Evidence } from '../evidence.ts';
import { parseJson } from './replies.ts';

/**
 * What a client does about a fault (spec/share §3.5):
 * `relogin` sign in once more and repeat the call once · `fix` do the stated repair (with consent
 * where it changes the account), then repeat once · `ok` count it as success · `stop` never repeat
 * by itself · `block` no sign-in to the account for a while · `wait` repeat the step once, after
 * 2 s · `backoff` repeat later, ever more slowly, a few times.
 */
export type FaultPolicy = 'relogin' | 'fix' | 'ok' | 'stop' | 'block' | 'wait' | 'backoff';

/** One code the service refuses with. */
export interface FaultRow {
  readonly meaning: string;
  readonly policy: FaultPolicy;
  /** The typed error it becomes, when it becomes one. */
  readonly error: ShareErrorCode;
  /** What to tell the user. */
  readonly tell: string;
  /** The message the service sends along; '' where none is on record. */
  readonly message: string;
  readonly evidence: Evidence;
}

const SIGN_IN_AGAIN = 'The session has ended; signing in again cures it.';
const CHECK_SIGN_IN = 'Check region, account name and password; it must be the wearer’s account.';
const WRONG_RECEIVER =
  'Assign this receiver to the account, if it is to replace the one it has now.';

function badCredentials(meaning: string, message: string): FaultRow {
  return {
    meaning,
    policy: 'stop',
    error: 'credentialsRefused',
    tell: CHECK_SIGN_IN,
    message,
    evidence: 'captured',
  };
}

function locked(evidence: Evidence): FaultRow {
  return {
    meaning: 'Too many failed sign-ins; the account is locked for a time nobody has recorded.',
    policy: 'block',
    error: 'loginBlocked',
    tell: 'Wait at least ten minutes before signing in again.',
    message: '',
    evidence,
  };
}

function nameTaken(evidence: Evidence): FaultRow {
  return {
    meaning: 'A contact of that name exists.',
    policy: 'stop',
    error: 'refused',
    tell: 'Choose another name, or use the contact that has it.',
    message: 'The contact name already exists for this account.',
    evidence,
  };
}

/** Every code on record (spec/share §3.5). All of them come with HTTP 500. */
export const FAULTS = {
  SessionIdNotFound: {
    meaning: 'The session id is unknown, or was forgotten.',
    policy: 'relogin',
    error: 'sessionRejected',
    tell: SIGN_IN_AGAIN,
    message: 'Failed to find session object.',
    evidence: 'captured',
  },
  SessionNotValid: {
    meaning: 'The session has timed out.',
    policy: 'relogin',
    error: 'sessionRejected',
    tell: SIGN_IN_AGAIN,
    message: 'Session not active or timed out.',
    evidence: 'captured',
  },
  AccountPasswordInvalid: badCredentials(
    'Wrong password, unknown user, wrong region or wrong account id: all alike.',
    'Publisher account password failed',
  ),
  SSO_AuthenticateAccountNotFound: {
    ...badCredentials(
      'Unknown user (service of 2018 to 2021).',
      'Create SSO account during login failed.',
    ),
    evidence: 'several sources',
  },
  SSO_AuthenticatePasswordInvalid: badCredentials(
    'Wrong password (service of 2018 to 2021).',
    'Simulate SSO: Authentication failed.',
  ),
  // Three e's: the better-attested spelling (§10.1); both are matched by prefix.
  SSO_AuthenticateMaxAttemptsExceeed: locked('several sources'),
  SSO_AuthenticateMaxAttemptsExceeded: locked('unconfirmed'),
  SSO_InternalError: {
    meaning:
      'The sign-in service failed; with "Cannot Authenticate by" it means wrong credentials.',
    policy: 'backoff',
    error: 'serviceFault',
    tell: 'Try again later.',
    message: '',
    evidence: 'one source',
  },
  InvalidArgument: {
    meaning: 'A field is empty or malformed: account name, password or an id.',
    policy: 'stop',
    error: 'refused',
    tell: 'Check that account name and password are filled in and the ids are whole.',
    message: '',
    evidence: 'several sources',
  },
  MonitoringSessionNotActive: {
    meaning: 'Readings were posted while the account is not sharing.',
    policy: 'fix',
    error: 'monitoringInactive',
    tell: 'Start sharing, then upload again.',
    message: '',
    evidence: 'several sources',
  },
  MonitoringSessionAlreadyActive: {
    meaning: 'Sharing was started while it is on.',
    policy: 'ok',
    error: 'refused',
    tell: 'Nothing needs to be done: the account is sharing.',
    message: 'Publisher account already has an active monitoring session.',
    evidence: 'one source',
  },
  MonitoredReceiverNotAssigned: {
    meaning: 'No receiver is assigned to the account.',
    policy: 'fix',
    error: 'receiverNotAssigned',
    tell: WRONG_RECEIVER,
    message: 'Publisher account does not have a valid monitored receiver.',
    evidence: 'captured',
  },
  MonitoredReceiverSerialNumberDoesNotMatch: {
    meaning: 'Another receiver is assigned to the account: perhaps another device publishes to it.',
    policy: 'fix',
    error: 'receiverNotAssigned',
    tell: WRONG_RECEIVER,
    message: '',
    evidence: 'several sources',
  },
  DuplicateEgvPosted: {
    meaning:
      'At least one reading of the batch is there already; whether the rest was taken is unknown.',
    policy: 'ok',
    error: 'refused',
    tell: 'Nothing needs to be done for a single reading; of a batch, send the readings one by one.',
    message: '',
    evidence: 'several sources',
  },
  ContactNameAlreadyExists: nameTaken('one source'),
  ContactAlreadyExists: nameTaken('unconfirmed'),
  ContactIdNotFound: {
    meaning: 'The contact is unknown, or was made so recently that it is not found yet.',
    policy: 'wait',
    error: 'refused',
    tell: 'Try once more after two seconds; if it stays, the contact is gone.',
    message: 'Failed to read Contact by id.',
    evidence: 'one source',
  },
  Unknown: {
    meaning: 'The service does not say what failed.',
    policy: 'backoff',
    error: 'serviceFault',
    tell: 'Try again later.',
    message: '',
    evidence: 'one source',
  },
} as const satisfies Record<string, FaultRow>;

/** A code on record. */
export type FaultCode = keyof typeof FAULTS;

/** A fault as the service words it. May name accounts and sessions: redact before showing it. */
export interface ShareFault {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a fault body: a JSON object with a `Code` (spec/share §3.4). `SubCode` is not looked at;
 * it has changed format twice and decides nothing.
 *
 * @returns undefined if the text is anything else. Never throws.
 */
export function parseFault(text: string): ShareFault | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return undefined;
  const { Code: code, Message: message } = parsed.value as { Code?: unknown; Message?: unknown };
  if (typeof code !== 'string' || code === '') return undefined;
  return { code, message: typeof message === 'string' ? message : '' };
}

function knownCode(fault: ShareFault): FaultCode | undefined {
  // The code of this refusal was not on record for certain; its text was (§2.1).
  if (
    fault.code.includes('AlreadyActive') ||
    /already has an active monitoring/i.test(fault.message)
  ) {
    return 'MonitoringSessionAlreadyActive';
  }
  if (Object.hasOwn(FAULTS, fault.code)) return fault.code as FaultCode;
  return fault.code.startsWith('SSO_AuthenticateMaxAttempts')
    ? 'SSO_AuthenticateMaxAttemptsExceeed'
    : undefined;
}

/** What is known about a fault, and what follows from it. */
export interface FaultVerdict {
  /** The row it was matched to; undefined for a code nobody has recorded. */
  readonly known: FaultCode | undefined;
  readonly policy: FaultPolicy;
  readonly error: ShareErrorCode;
  readonly tell: string;
}

/** Looks a fault up. Some codes are decided by their message; unknown ones call for patience. */
export function judgeFault(fault: ShareFault): FaultVerdict {
  const known = knownCode(fault);
  if (known === 'SSO_InternalError' && /Cannot Authenticate by/i.test(fault.message)) {
    return { known, policy: 'stop', error: 'credentialsRefused', tell: CHECK_SIGN_IN };
  }
  if (known !== undefined) {
    const { policy, error, tell } = FAULTS[known];
    return { known, policy, error, tell };
  }
  return {
    known: undefined,
    policy: 'backoff',
    error: 'serviceFault',
    tell: 'Nobody has recorded this refusal; try again later, and report it if it stays.',
  };
}
