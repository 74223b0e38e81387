import type { Evidence } from '../evidence.ts';
import { LOCK_ADVICE, SESSION_ADVICE } from './advice.ts';
import {
  FAULT_POLICIES,
  type FaultCode,
  type FaultError,
  type FaultPolicy,
  type FaultVerdict,
} from './verdict.ts';

/** Words about a code, for people. */
interface Words {
  readonly meaning: string;
  /** Advice to the user. */
  readonly tell: string;
  /** The message the service sends along; '' where none is on record. */
  readonly message: string;
  readonly evidence: Evidence;
}

/** One code that the service refuses with. */
export interface FaultRow extends Words {
  readonly policy: FaultPolicy;
  /** The typed error it becomes, when it becomes one. */
  readonly error: FaultError;
}

const CHECK_LOGIN =
  "Wrong region, a mistyped name or password, a follower's account instead of the wearer's, or no " +
  'such account: the service does not say which. A phone number needs + and the country code. ' +
  'Correct it first: a refused login is not sent again, because refusals lock the account.';
const WRONG_RECEIVER =
  'Assign the receiver to the account. That replaces the one it has now: the phone or receiver ' +
  'that publishes to this account will then be refused.';

function badCredentials(meaning: string, message: string): Words {
  return {
    meaning,
    tell: CHECK_LOGIN,
    message,
    evidence: 'captured',
  };
}

function locked(evidence: Evidence): Words {
  return {
    meaning:
      'Too many failed logins; the account is locked for a time nobody has recorded: clients wait ' +
      'ten minutes.',
    tell: LOCK_ADVICE,
    message: '',
    evidence,
  };
}

function nameTaken(evidence: Evidence): Words {
  return {
    meaning: 'A contact of that name exists.',
    tell: 'Choose another name, or use the contact that has it.',
    message: 'The contact name already exists for this account.',
    evidence,
  };
}

const WORDS: Readonly<Record<FaultCode, Words>> = {
  SessionIdNotFound: {
    meaning: 'The session id is unknown, or was forgotten.',
    tell: SESSION_ADVICE,
    message: 'Failed to find session object.',
    evidence: 'captured',
  },
  SessionNotValid: {
    meaning: 'The session has timed out.',
    tell: SESSION_ADVICE,
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
  SSO_AuthenticateMaxAttemptsExceeed: locked('several sources'),
  SSO_AuthenticateMaxAttemptsExceeded: locked('unconfirmed'),
  SSO_InternalError: {
    meaning: 'The login service failed; with "Cannot Authenticate by" it means wrong credentials.',
    tell: 'Try again later.',
    message: '',
    evidence: 'one source',
  },
  InvalidArgument: {
    meaning: 'A field is empty or malformed: account name, password or an id.',
    tell: 'Check that account name and password are filled in and the ids are whole.',
    message: '',
    evidence: 'several sources',
  },
  MonitoringSessionNotActive: {
    meaning: 'Readings were posted while the account is not sharing.',
    tell: 'Start sharing, then repeat the upload.',
    message: '',
    evidence: 'several sources',
  },
  MonitoringSessionAlreadyActive: {
    meaning: 'Sharing was started while it is on.',
    tell: 'Nothing needs to be done: the account is sharing.',
    message: 'Publisher account already has an active monitoring session.',
    evidence: 'one source',
  },
  MonitoredReceiverNotAssigned: {
    meaning: 'No receiver is assigned to the account.',
    tell: WRONG_RECEIVER,
    message: 'Publisher account does not have a valid monitored receiver.',
    evidence: 'captured',
  },
  MonitoredReceiverSerialNumberDoesNotMatch: {
    meaning: 'Another receiver is assigned to the account: perhaps another device publishes to it.',
    tell: WRONG_RECEIVER,
    message: '',
    evidence: 'several sources',
  },
  DuplicateEgvPosted: {
    meaning:
      'At least one reading of the batch is there already; whether the rest was taken is unknown.',
    tell: 'Nothing needs to be done for a single reading; of a batch, read back which are there.',
    message: '',
    evidence: 'several sources',
  },
  ContactNameAlreadyExists: nameTaken('one source'),
  ContactAlreadyExists: nameTaken('unconfirmed'),
  ContactIdNotFound: {
    meaning: 'The contact is unknown, or was made so recently that it is not found yet.',
    tell: 'Try once more after two seconds; if it stays, the contact is gone.',
    message: 'Failed to read Contact by id.',
    evidence: 'one source',
  },
  Unknown: {
    meaning: 'The service does not say what failed.',
    tell: 'Try again later.',
    message: '',
    evidence: 'one source',
  },
};

const CODES = Object.keys(WORDS) as FaultCode[];

// The codes of share §3.5.
/** Every code on record. All of them come with HTTP 500. */
export const FAULTS = Object.fromEntries(
  CODES.map((code) => [code, { ...WORDS[code], ...FAULT_POLICIES[code] }]),
) as Readonly<Record<FaultCode, FaultRow>>;

/** Gives the advice to the user about a fault; an unknown one may pass. */
export function adviceFor({ known, error }: FaultVerdict): string {
  if (error === 'credentialsRefused') return CHECK_LOGIN;
  return known === undefined
    ? 'Nobody has recorded this refusal; try again later, and report it if it stays.'
    : WORDS[known].tell;
}
