import { type DataOf, row, TableError } from '@egvkit/protocol';
import { LOCK_ADVICE, SESSION_ADVICE } from '@egvkit/protocol/share';

const LATER = 'Try again later.';
/** A time as the messages give it. */
const at = (ms: number): string => new Date(ms).toISOString();

/**
 * Failures between this program and a Share service. `outcomeUnknown` in the data says that the
 * request may have taken effect although no answer came.
 */
export const SHARE_ERRORS = {
  badOrigin: row<Record<never, never>>({
    message: () => 'The address of the Share service must be https://host or https://host:port.',
    help: 'Leave out everything else.',
    retryable: false,
  }),
  insecureOrigin: row<{ host: string }>({
    message: (data) => `The password would go to ${data.host} unencrypted, so nothing was sent.`,
    help: 'Use https; http is only for a service on this computer.',
    retryable: false,
  }),
  unreachable: row<{
    host: string;
    endpoint: string;
    reason: string;
    advice: string;
  }>({
    message: (data) => `The Share service at ${data.host} cannot be reached: ${data.reason}.`,
    help: (data) => data.advice,
    retryable: true,
  }),
  timeout: row<{ host: string; endpoint: string; afterMs: number; outcomeUnknown: boolean }>({
    message: (data) =>
      `The Share service at ${data.host} did not answer ${data.endpoint} within ${data.afterMs} ms` +
      `${data.outcomeUnknown ? '; it may have been carried out' : ''}.`,
    help: LATER,
    retryable: true,
  }),
  connectionLost: row<{
    host: string;
    endpoint: string;
    reason: string;
    outcomeUnknown: boolean;
    advice: string;
  }>({
    message: (data) =>
      `The connection to the Share service at ${data.host} broke during ${data.endpoint} (${data.reason})` +
      `${data.outcomeUnknown ? '; it may have been carried out' : ''}.`,
    help: (data) => data.advice,
    retryable: true,
  }),
  badReply: row<{
    endpoint: string;
    status: number;
    problem: string;
    excerpt: string;
    outcomeUnknown: boolean;
  }>({
    message: (data) =>
      `The Share service's answer to ${data.endpoint} cannot be understood: ${data.problem}.`,
    help: (data) =>
      'If it stays, the service has changed, or something answers in its place' +
      `${data.excerpt && '; report the excerpt'}.`,
    retryable: true,
  }),
  unavailable: row<{
    host: string;
    endpoint: string;
    status: number;
    excerpt: string;
    outcomeUnknown: boolean;
    /** Time that the service asks to wait; undefined if it does not say. */
    retryAfterMs?: number | undefined;
  }>({
    message: (data) =>
      `The Share service at ${data.host} is not working: it answered ${data.endpoint} with HTTP ${data.status}.`,
    help: LATER,
    retryable: true,
  }),
  tooManyRequests: row<{ host: string; endpoint: string; status: number; retryAfterMs: number }>({
    message: (data) =>
      `The Share service at ${data.host} asks for fewer requests (HTTP ${data.status}); wait ${Math.ceil(data.retryAfterMs / 1000)} s.`,
    help: LATER,
    retryable: true,
  }),
  badRequest: row<{ host: string; endpoint: string; status: number; excerpt: string }>({
    message: (data) =>
      `The Share service at ${data.host} rejected ${data.endpoint} with HTTP ${data.status}.`,
    help: 'Check the address; HTTP 403 can be a firewall on the way.',
    retryable: false,
  }),
  blockedByFirewall: row<{ host: string; endpoint: string; status: number; retryAfterMs: number }>({
    message: (data) =>
      `A firewall before the Share service at ${data.host} blocked ${data.endpoint} (HTTP ${data.status}).`,
    help: (data) =>
      `Wait ${Math.ceil(data.retryAfterMs / 60_000)} minutes; a VPN or proxy may be why. ` +
      'It says nothing about the account.',
    retryable: true,
  }),
  credentialsRefused: row<{ host: string; faultCode: string; advice: string }>({
    message: (data) => `The Share service at ${data.host} refused this account name and password.`,
    help: (data) => data.advice,
    retryable: false,
  }),
  credentialsRefusedBefore: row<{ host: string; advice: string }>({
    message: (data) =>
      `The Share service at ${data.host} refused this account name and password before, so they were not sent.`,
    help: (data) => data.advice,
    retryable: false,
  }),
  loginTimeout: row<{ host: string; afterMs: number }>({
    message: (data) =>
      `The Share service at ${data.host} did not complete the login within ${data.afterMs} ms.`,
    help: LATER,
    retryable: true,
  }),
  loginUnanswered: row<{ host: string; untilMs: number; retryAfterMs: number }>({
    message: (data) =>
      `The Share service at ${data.host} gave the last logins no clear answer, so no login is sent before ${at(data.untilMs)}.`,
    help: 'Wait until then: each may count as refused, and refusals lock the account.',
    retryable: true,
  }),
  accountLocked: row<{ host: string; untilMs: number }>({
    message: (data) =>
      `The Share service at ${data.host} has locked this account after too many refused logins, so no login is sent before ${at(data.untilMs)}.`,
    help: LOCK_ADVICE,
    retryable: false,
  }),
  sessionEndedAgain: row<{ host: string; agoMs: number; limitMs: number }>({
    message: (data) =>
      `The Share service at ${data.host} ended a session again ${data.agoMs} ms after its login (limit ${data.limitMs} ms).`,
    help: SESSION_ADVICE,
    retryable: true,
  }),
  sessionRejected: row<{ host: string; endpoint: string; faultCode: string }>({
    message: (data) =>
      `The Share service at ${data.host} did not accept the session for ${data.endpoint} (${data.faultCode}).`,
    help: SESSION_ADVICE,
    retryable: true,
  }),
  refused: row<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>({
    message: (data) => `The Share service refused ${data.endpoint}: ${data.faultCode}.`,
    help: (data) => data.advice,
    retryable: false,
  }),
  serviceFault: row<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>({
    message: (data) => `The Share service failed at ${data.endpoint}: ${data.faultCode}.`,
    help: (data) => data.advice,
    retryable: true,
  }),
} as const;

export type ShareErrorCode = keyof typeof SHARE_ERRORS;

/** Failure between this program and a Share service. Has no secret in message, data or cause. */
export class ShareError<Code extends ShareErrorCode = ShareErrorCode> extends TableError<
  typeof SHARE_ERRORS,
  Code
> {
  override readonly name = 'ShareError';
  /** True if the request may have taken effect: find out before repeating it. */
  readonly outcomeUnknown: boolean;

  constructor(code: Code, data: DataOf<typeof SHARE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(SHARE_ERRORS, code, data, options);
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}
