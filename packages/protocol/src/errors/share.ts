import { type DataOf, EgvkitError, row } from './error.ts';

const CREDENTIALS_HELP =
  'Four things cause this, and the service does not say which: the wrong region, a mistyped name ' +
  "or password, a follower's account instead of the wearer's, or an account that no longer exists. " +
  'Change what is wrong before trying again; the same sign-in is not sent twice, because repeated ' +
  'refusals lock the account.';

/**
 * What can go wrong between this program and a Share service. `outcomeUnknown` in the data says
 * that the request may have taken effect although no answer came (spec/share §7.7).
 */
export const SHARE_ERRORS = {
  badOrigin: row<{ reason: string }>({
    message: ({ reason }) => `The address of the Share service cannot be used: ${reason}.`,
    help: 'Give it as https://host or https://host:port, with nothing after it.',
    retryable: false,
  }),
  insecureOrigin: row<{ host: string }>({
    message: ({ host }) => `The password would go to ${host} unencrypted, so nothing was sent.`,
    help: 'Use https; http is accepted only for a service on this computer.',
    retryable: false,
  }),
  unreachable: row<{ host: string; endpoint: string; reason: string }>({
    message: ({ host, reason }) => `The Share service at ${host} cannot be reached: ${reason}.`,
    help: 'Check the network connection and the address, then try again later.',
    retryable: true,
  }),
  timeout: row<{ host: string; endpoint: string; afterMs: number; outcomeUnknown: boolean }>({
    message: ({ host, endpoint, afterMs, outcomeUnknown }) =>
      `The Share service at ${host} did not answer ${endpoint} within ${afterMs} ms` +
      `${outcomeUnknown ? ', and may have carried it out' : ''}.`,
    help: 'Try again later.',
    retryable: true,
  }),
  connectionLost: row<{
    host: string;
    endpoint: string;
    reason: string;
    outcomeUnknown: boolean;
  }>({
    message: ({ host, endpoint, reason, outcomeUnknown }) =>
      `The connection to the Share service at ${host} broke during ${endpoint} (${reason})` +
      `${outcomeUnknown ? ', which may have been carried out' : ''}.`,
    help: 'Try again later.',
    retryable: true,
  }),
  badReply: row<{
    endpoint: string;
    status: number;
    problem: string;
    excerpt: string;
    outcomeUnknown: boolean;
  }>({
    message: ({ endpoint, problem }) =>
      `The Share service's answer to ${endpoint} cannot be understood: ${problem}.`,
    help:
      'If it stays, the service has changed or something between here and there answers in its ' +
      'place; report it with the excerpt, from which ids and names have been removed.',
    retryable: true,
  }),
  unavailable: row<{
    host: string;
    endpoint: string;
    status: number;
    excerpt: string;
    outcomeUnknown: boolean;
    /** What the service asks to wait; undefined if it does not say. */
    retryAfterMs?: number | undefined;
  }>({
    message: ({ host, endpoint, status }) =>
      `The Share service at ${host} is not working: it answered ${endpoint} with HTTP ${status}.`,
    help: 'Try again later.',
    retryable: true,
  }),
  tooManyRequests: row<{ host: string; endpoint: string; retryAfterMs: number }>({
    message: ({ host, retryAfterMs }) =>
      `The Share service at ${host} asks for fewer requests; wait ${Math.ceil(retryAfterMs / 1000)} s.`,
    help: 'Try again after that time.',
    retryable: true,
  }),
  badRequest: row<{ host: string; endpoint: string; status: number; excerpt: string }>({
    message: ({ host, endpoint, status }) =>
      `The Share service at ${host} rejected ${endpoint} with HTTP ${status}.`,
    help: 'Repeating it does not help. Check the address; HTTP 403 can be a firewall on the way.',
    retryable: false,
  }),
  credentialsRefused: row<{ host: string; faultCode: string }>({
    message: ({ host }) => `The Share service at ${host} refused this account name and password.`,
    help: CREDENTIALS_HELP,
    retryable: false,
  }),
  credentialsRefusedBefore: row<{ host: string }>({
    message: ({ host }) =>
      `The Share service at ${host} has refused this account name and password before, so they were not sent again.`,
    help: CREDENTIALS_HELP,
    retryable: false,
  }),
  loginBlocked: row<{ host: string; untilMs: number }>({
    message: ({ host, untilMs }) =>
      `The Share service at ${host} has locked this account after too many refused sign-ins; no sign-in is sent before ${new Date(untilMs).toISOString()}.`,
    help: 'Wait until then; every further attempt could prolong the lock. Check name and password meanwhile.',
    retryable: false,
  }),
  sessionRejected: row<{ host: string; endpoint: string; faultCode: string }>({
    message: ({ host, endpoint }) =>
      `The Share service at ${host} did not accept the session for ${endpoint}, though it was just made.`,
    help: 'Try again later. It may be that another program signs in to the same account all the time.',
    retryable: true,
  }),
  receiverNotAssigned: row<{ status: string }>({
    message: ({ status }) =>
      `The Share account does not take readings from this receiver (the service says ${status}).`,
    help:
      'Assign the receiver to the account. That replaces the one it has now: the phone or receiver ' +
      'that publishes to this account will then be refused.',
    retryable: false,
  }),
  monitoringInactive: row<{ endpoint: string }>({
    message: () => 'The Share account is not sharing at the moment, so it takes no readings.',
    help: 'Start a remote monitoring session, then repeat the upload.',
    retryable: true,
  }),
  storeUnusable: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The sessions kept in ${path} cannot be used: ${reason}.`,
    help: 'Make room, correct the permissions, or name another folder.',
    retryable: false,
  }),
  undoFailed: row<{ endpoint: string; reason: string }>({
    message: ({ endpoint }) =>
      `${endpoint} failed, and the contact that was made for it could not be removed again.`,
    help: 'Remove the contact before inviting it again; its name is taken until then.',
    retryable: false,
  }),
  refused: row<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>({
    message: ({ endpoint, faultCode }) => `The Share service refused ${endpoint}: ${faultCode}.`,
    help: ({ advice }) => advice,
    retryable: false,
  }),
  serviceFault: row<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>({
    message: ({ endpoint, faultCode }) => `The Share service failed at ${endpoint}: ${faultCode}.`,
    help: ({ advice }) => advice,
    retryable: true,
  }),
} as const;

export type ShareErrorCode = keyof typeof SHARE_ERRORS;

/** Something between this program and a Share service failed. Carries no secret anywhere. */
export class ShareError<Code extends ShareErrorCode = ShareErrorCode> extends EgvkitError {
  override readonly name = 'ShareError';
  override readonly code: Code;
  override readonly data: DataOf<typeof SHARE_ERRORS, Code>;
  /** The request may have taken effect: find out before repeating it (spec/share §7.7). */
  readonly outcomeUnknown: boolean;

  constructor(code: Code, data: DataOf<typeof SHARE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(SHARE_ERRORS[code], data, options);
    this.code = code;
    this.data = data;
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}
