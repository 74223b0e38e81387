import type { FaultCode, FaultVerdict, UploadingFaultCode } from './verdict.ts';

// Apart from the other words: a program that only reads carries the first two, and one that uploads
// no more than the advice about its own codes.

/** Advice on a session that was refused although it was renewed. */
export const SESSION_ADVICE = 'Try again in a few minutes.';

/** Advice on an account that the service has locked. */
export const LOCK_ADVICE = 'Wait until the lock ends, and check name, password and region.';

const CHECK_LOGIN =
  "Wrong region, a mistyped name or password, a follower's account instead of the wearer's, or no " +
  'such account: the service does not say which. A phone number needs + and the country code. ' +
  'Correct it first: a refused login is not sent again, because refusals lock the account.';
const WRONG_RECEIVER =
  'Assign the receiver to the account. That replaces the one it has now: the phone or receiver ' +
  'that publishes to this account will then be refused.';
const LATER = 'Try again later.';

/** Advice to the user about each code that a program meets which uploads. */
export const UPLOADING_ADVICE: Readonly<Record<UploadingFaultCode, string>> = {
  SessionIdNotFound: SESSION_ADVICE,
  SessionNotValid: SESSION_ADVICE,
  AccountPasswordInvalid: CHECK_LOGIN,
  SSO_AuthenticateAccountNotFound: CHECK_LOGIN,
  SSO_AuthenticatePasswordInvalid: CHECK_LOGIN,
  SSO_AuthenticateMaxAttemptsExceeed: LOCK_ADVICE,
  SSO_AuthenticateMaxAttemptsExceeded: LOCK_ADVICE,
  SSO_InternalError: LATER,
  InvalidArgument: 'Check that account name and password are filled in and the ids are whole.',
  MonitoringSessionNotActive: 'Start sharing, then repeat the upload.',
  MonitoringSessionAlreadyActive: 'Nothing needs to be done: the account is sharing.',
  MonitoredReceiverNotAssigned: WRONG_RECEIVER,
  MonitoredReceiverSerialNumberDoesNotMatch: WRONG_RECEIVER,
  DuplicateEgvPosted:
    'Nothing needs to be done for a single reading; of a batch, read back which are there.',
  Unknown: LATER,
};

const NAME_TAKEN = 'Choose another name, or use the contact that has it.';

/** Advice to the user about each code on record. */
export const FAULT_ADVICE: Readonly<Record<FaultCode, string>> = {
  ...UPLOADING_ADVICE,
  ContactNameAlreadyExists: NAME_TAKEN,
  ContactAlreadyExists: NAME_TAKEN,
  ContactIdNotFound: 'Try once more after two seconds; if it stays, the contact is gone.',
};

function adviceBy(
  table: Readonly<Partial<Record<FaultCode, string>>>,
  { known, error }: FaultVerdict,
): string {
  if (error === 'credentialsRefused') return CHECK_LOGIN;
  const advice = known && table[known];
  return advice ?? 'Nobody has recorded this refusal; try again later, and report it if it stays.';
}

/** Gives the advice to the user about a fault; an unknown one may pass. */
export function adviceFor(verdict: FaultVerdict): string {
  return adviceBy(FAULT_ADVICE, verdict);
}

/** Gives the advice to the user about a fault of a program that uploads. */
export function uploadingAdviceFor(verdict: FaultVerdict): string {
  return adviceBy(UPLOADING_ADVICE, verdict);
}
