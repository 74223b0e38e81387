import { parseJson } from './replies.ts';

/**
 * Policy for a fault:
 * `relogin` log in once more and repeat the call once · `fix` do the stated repair (with consent
 * where it changes the account), then repeat once · `ok` count it as success · `stop` never repeat
 * by itself · `lock` no login to the account for a while · `wait` repeat the step once, after
 * 2 s · `backoff` repeat later, ever more slowly, a few times.
 */
export type FaultPolicy = 'relogin' | 'fix' | 'ok' | 'stop' | 'lock' | 'wait' | 'backoff';

/** Kind of error that a refusal becomes, if nothing can be done about it. */
export type FaultError =
  | 'accountLocked'
  | 'credentialsRefused'
  | 'notSharing'
  | 'receiverNotAssigned'
  | 'refused'
  | 'serviceFault'
  | 'sessionRejected';

/** Policy for a code, and the error that the code becomes when it becomes one. */
interface PolicyRow {
  readonly policy: FaultPolicy;
  readonly error: FaultError;
}

const SESSION_ENDED = { policy: 'relogin', error: 'sessionRejected' } as const;
const BAD_CREDENTIALS = { policy: 'stop', error: 'credentialsRefused' } as const;
const LOCKED = { policy: 'lock', error: 'accountLocked' } as const;
const FAILED = { policy: 'backoff', error: 'serviceFault' } as const;
const REFUSED = { policy: 'stop', error: 'refused' } as const;
const NOTHING_TO_DO = { policy: 'ok', error: 'refused' } as const;
const WRONG_RECEIVER = { policy: 'fix', error: 'receiverNotAssigned' } as const;

// The better-attested of the two spellings (share §10.1).
/** The spelling that any other of its kind is taken for. */
const A_LOCK = 'SSO_AuthenticateMaxAttemptsExceeed';

// share §3.5
// Apart by what a program does, so that one which only reads or uploads does not carry the others.

/** The codes that logging in and reading meet. */
const READING_POLICIES = {
  SessionIdNotFound: SESSION_ENDED,
  SessionNotValid: SESSION_ENDED,
  AccountPasswordInvalid: BAD_CREDENTIALS,
  SSO_AuthenticateAccountNotFound: BAD_CREDENTIALS,
  SSO_AuthenticatePasswordInvalid: BAD_CREDENTIALS,
  [A_LOCK]: LOCKED,
  SSO_AuthenticateMaxAttemptsExceeded: LOCKED,
  SSO_InternalError: FAILED,
  InvalidArgument: REFUSED,
  Unknown: FAILED,
} as const satisfies Record<string, PolicyRow>;

/** The codes that sharing and uploading meet beyond those. */
const PUBLISHING_POLICIES = {
  MonitoringSessionNotActive: { policy: 'fix', error: 'notSharing' },
  MonitoringSessionAlreadyActive: NOTHING_TO_DO,
  MonitoredReceiverNotAssigned: WRONG_RECEIVER,
  MonitoredReceiverSerialNumberDoesNotMatch: WRONG_RECEIVER,
  DuplicateEgvPosted: NOTHING_TO_DO,
} as const satisfies Record<string, PolicyRow>;

/** The codes that calls about followers meet beyond those. */
const CONTACT_POLICIES = {
  ContactNameAlreadyExists: REFUSED,
  ContactAlreadyExists: REFUSED,
  ContactIdNotFound: { policy: 'wait', error: 'refused' },
} as const satisfies Record<string, PolicyRow>;

const UPLOADING_POLICIES: typeof READING_POLICIES & typeof PUBLISHING_POLICIES =
  /* @__PURE__ */ Object.assign({}, READING_POLICIES, PUBLISHING_POLICIES);

/**
 * Every code on record and its policy; `FAULTS` has the words for people, so that a program that
 * needs no words does not carry them.
 */
export const FAULT_POLICIES: typeof UPLOADING_POLICIES & typeof CONTACT_POLICIES =
  /* @__PURE__ */ Object.assign({}, UPLOADING_POLICIES, CONTACT_POLICIES);

/** A code on record. */
export type FaultCode = keyof typeof FAULT_POLICIES;

/** A code that a program meets which logs in, reads, shares and uploads. */
export type UploadingFaultCode = keyof typeof UPLOADING_POLICIES;

/** A fault as the service words it. May name accounts and sessions: redact before showing it. */
export interface ShareFault {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a fault body: a JSON object with a `Code`. `SubCode` is ignored; it has changed its format
 * twice and decides nothing.
 *
 * @returns undefined if the text is anything else. Never throws.
 */
export function parseFault(text: string): ShareFault | undefined {
  const parsed = parseJson(text);
  const fields = ((parsed.ok && parsed.value) || {}) as { Code?: unknown; Message?: unknown };
  const { Code: code, Message: message } = fields;
  if (typeof code !== 'string' || code === '') return undefined;
  return { code, message: typeof message === 'string' ? message : '' };
}

/** Row and policy of a fault. */
export interface FaultVerdict<Code extends FaultCode = FaultCode> {
  /** The code of the row; undefined for an unknown code. */
  readonly known: Code | undefined;
  readonly policy: FaultPolicy;
  readonly error: FaultError;
}

/**
 * Looks up a fault of a program that only logs in and reads. Some codes are decided by their
 * message; an unknown one may pass.
 */
export function judgeReadingFault(fault: ShareFault): FaultVerdict {
  return judge(fault, READING_POLICIES);
}

/** Looks up a fault of a program that logs in, reads, shares and uploads. */
export function judgeUploadingFault(fault: ShareFault): FaultVerdict<UploadingFaultCode> {
  return judgeActive(fault) ?? judge(fault, UPLOADING_POLICIES);
}

/** Looks up any fault. */
export function judgeFault(fault: ShareFault): FaultVerdict {
  return judgeActive(fault) ?? judge(fault, FAULT_POLICIES);
}

/** Tells the refusal to start sharing that is on; undefined for other faults. */
function judgeActive({ code, message }: ShareFault): FaultVerdict<UploadingFaultCode> | undefined {
  // The code of this refusal was not on record for certain; its text was (share §2.1).
  const isActive =
    code.includes('AlreadyActive') || /already has an active monitoring/i.test(message);
  return isActive ? { known: 'MonitoringSessionAlreadyActive', ...NOTHING_TO_DO } : undefined;
}

function judge<Code extends FaultCode>(
  { code, message }: ShareFault,
  rows: Readonly<Record<Code, PolicyRow>>,
): FaultVerdict<Code> {
  const isLock = code.startsWith('SSO_AuthenticateMaxAttempts');
  const known = (isLock && !Object.hasOwn(rows, code) ? A_LOCK : code) as Code;
  const row: PolicyRow | undefined = Object.hasOwn(rows, known) ? rows[known] : undefined;
  if (row === undefined) return { known: undefined, ...FAILED };
  const isRefusal = known === 'SSO_InternalError' && /Cannot Authenticate by/i.test(message);
  return { known, ...(isRefusal ? BAD_CREDENTIALS : row) };
}
