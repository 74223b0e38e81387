import type { ShareErrorCode } from '../errors/share.ts';
import { parseJson } from './replies.ts';

/**
 * What a client does about a fault (spec/share §3.5):
 * `relogin` sign in once more and repeat the call once · `fix` do the stated repair (with consent
 * where it changes the account), then repeat once · `ok` count it as success · `stop` never repeat
 * by itself · `block` no sign-in to the account for a while · `wait` repeat the step once, after
 * 2 s · `backoff` repeat later, ever more slowly, a few times.
 */
export type FaultPolicy = 'relogin' | 'fix' | 'ok' | 'stop' | 'block' | 'wait' | 'backoff';

/** What is done about a code, and which error it becomes when it becomes one. */
interface PolicyRow {
  readonly policy: FaultPolicy;
  readonly error: ShareErrorCode;
}

/**
 * Every code on record and what is done about it (spec/share §3.5); `FAULTS` has the words for
 * people, so that a program that needs none carries none.
 */
export const FAULT_POLICIES = {
  SessionIdNotFound: { policy: 'relogin', error: 'sessionRejected' },
  SessionNotValid: { policy: 'relogin', error: 'sessionRejected' },
  AccountPasswordInvalid: { policy: 'stop', error: 'credentialsRefused' },
  SSO_AuthenticateAccountNotFound: { policy: 'stop', error: 'credentialsRefused' },
  SSO_AuthenticatePasswordInvalid: { policy: 'stop', error: 'credentialsRefused' },
  // Three e's: the better-attested spelling (§10.1); both are matched by prefix.
  SSO_AuthenticateMaxAttemptsExceeed: { policy: 'block', error: 'loginBlocked' },
  SSO_AuthenticateMaxAttemptsExceeded: { policy: 'block', error: 'loginBlocked' },
  SSO_InternalError: { policy: 'backoff', error: 'serviceFault' },
  InvalidArgument: { policy: 'stop', error: 'refused' },
  MonitoringSessionNotActive: { policy: 'fix', error: 'monitoringInactive' },
  MonitoringSessionAlreadyActive: { policy: 'ok', error: 'refused' },
  MonitoredReceiverNotAssigned: { policy: 'fix', error: 'receiverNotAssigned' },
  MonitoredReceiverSerialNumberDoesNotMatch: { policy: 'fix', error: 'receiverNotAssigned' },
  DuplicateEgvPosted: { policy: 'ok', error: 'refused' },
  ContactNameAlreadyExists: { policy: 'stop', error: 'refused' },
  ContactAlreadyExists: { policy: 'stop', error: 'refused' },
  ContactIdNotFound: { policy: 'wait', error: 'refused' },
  Unknown: { policy: 'backoff', error: 'serviceFault' },
} as const satisfies Record<string, PolicyRow>;

/** A code on record. */
export type FaultCode = keyof typeof FAULT_POLICIES;

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
  if (Object.hasOwn(FAULT_POLICIES, fault.code)) return fault.code as FaultCode;
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
}

/** Looks a fault up. Some codes are decided by their message; unknown ones call for patience. */
export function judgeFault(fault: ShareFault): FaultVerdict {
  const known = knownCode(fault);
  if (known === 'SSO_InternalError' && /Cannot Authenticate by/i.test(fault.message)) {
    return { known, policy: 'stop', error: 'credentialsRefused' };
  }
  return known === undefined
    ? { known, policy: 'backoff', error: 'serviceFault' }
    : { known, ...FAULT_POLICIES[known] };
}
