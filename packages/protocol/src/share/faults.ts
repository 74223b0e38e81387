import type { Evidence } from '../evidence.ts';
import { FAULT_ADVICE } from './advice.ts';
import { FAULT_POLICIES, type FaultCode, type FaultError, type FaultPolicy } from './verdict.ts';

/** Words about a code, for people. */
interface Words {
  readonly meaning: string;
  /** The message the service sends along; '' where none is on record. */
  readonly message: string;
  readonly evidence: Evidence;
}

/** One code that the service refuses with. */
export interface FaultRow extends Words {
  /** Advice to the user. */
  readonly tell: string;
  readonly policy: FaultPolicy;
  /** The typed error it becomes, when it becomes one. */
  readonly error: FaultError;
}

function badCredentials(meaning: string, message: string): Words {
  return {
    meaning,
    message,
    evidence: 'captured',
  };
}

function locked(evidence: Evidence): Words {
  return {
    meaning:
      'Too many failed logins; the account is locked for a time nobody has recorded: clients wait ' +
      'ten minutes.',
    message: '',
    evidence,
  };
}

function nameTaken(evidence: Evidence): Words {
  return {
    meaning: 'A contact of that name exists.',
    message: 'The contact name already exists for this account.',
    evidence,
  };
}

const WORDS: Readonly<Record<FaultCode, Words>> = {
  SessionIdNotFound: {
    meaning: 'The session id is unknown, or was forgotten.',
    message: 'Failed to find session object.',
    evidence: 'captured',
  },
  SessionNotValid: {
    meaning: 'The session has timed out.',
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
    message: '',
    evidence: 'one source',
  },
  InvalidArgument: {
    meaning: 'A field is empty or malformed: account name, password or an id.',
    message: '',
    evidence: 'several sources',
  },
  MonitoringSessionNotActive: {
    meaning: 'Readings were posted while the account is not sharing.',
    message: '',
    evidence: 'several sources',
  },
  MonitoringSessionAlreadyActive: {
    meaning: 'Sharing was started while it is on.',
    message: 'Publisher account already has an active monitoring session.',
    evidence: 'one source',
  },
  MonitoredReceiverNotAssigned: {
    meaning: 'No receiver is assigned to the account.',
    message: 'Publisher account does not have a valid monitored receiver.',
    evidence: 'captured',
  },
  MonitoredReceiverSerialNumberDoesNotMatch: {
    meaning: 'Another receiver is assigned to the account: perhaps another device publishes to it.',
    message: '',
    evidence: 'several sources',
  },
  DuplicateEgvPosted: {
    meaning:
      'At least one reading of the batch is there already; whether the rest was taken is unknown.',
    message: '',
    evidence: 'several sources',
  },
  ContactNameAlreadyExists: nameTaken('one source'),
  ContactAlreadyExists: nameTaken('unconfirmed'),
  ContactIdNotFound: {
    meaning: 'The contact is unknown, or was made so recently that it is not found yet.',
    message: 'Failed to read Contact by id.',
    evidence: 'one source',
  },
  Unknown: {
    meaning: 'The service does not say what failed.',
    message: '',
    evidence: 'one source',
  },
};

const CODES = Object.keys(WORDS) as FaultCode[];

// The codes of share §3.5.
/** Every code on record. All of them come with HTTP 500. */
export const FAULTS = Object.fromEntries(
  CODES.map((code) => [
    code,
    { ...WORDS[code], ...FAULT_POLICIES[code], tell: FAULT_ADVICE[code] },
  ]),
) as Readonly<Record<FaultCode, FaultRow>>;
