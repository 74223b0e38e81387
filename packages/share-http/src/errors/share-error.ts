import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';
import { LOCK_ADVICE, SESSION_ADVICE } from '@egvkit/protocol/share';

const LATER = 'Try again later.';
/** A time as the messages give it. */
const at = (ms: number): string => new Date(ms).toISOString();

/**
 * Failures between this program and a Share service. `outcomeUnknown` in the data says that the
 * request may have taken effect although no answer came.
 */
export const SHARE_ERRORS = {
  badOrigin: stays<Record<never, never>>(
    () => 'The address of the Share service must be https://host or https://host:port.',
    'Leave out everything else.',
  ),
  insecureOrigin: stays<{ host: string }>(
    (data) => `The password would go to ${data.host} unencrypted, so nothing was sent.`,
    'Use https; http is only for a service on this computer.',
  ),
  unreachable: mayPass<{
    host: string;
    endpoint: string;
    reason: string;
    advice: string;
  }>(
    (data) => `The Share service at ${data.host} cannot be reached: ${data.reason}.`,
    (data) => data.advice,
  ),
  timeout: mayPass<{ host: string; endpoint: string; afterMs: number; outcomeUnknown: boolean }>(
    (data) =>
      `The Share service at ${data.host} did not answer ${data.endpoint} within ${data.afterMs} ms` +
      `${data.outcomeUnknown ? '; it may have been carried out' : ''}.`,
    LATER,
  ),
  connectionLost: mayPass<{
    host: string;
    endpoint: string;
    reason: string;
    outcomeUnknown: boolean;
    advice: string;
  }>(
    (data) =>
      `The connection to the Share service at ${data.host} broke during ${data.endpoint} (${data.reason})` +
      `${data.outcomeUnknown ? '; it may have been carried out' : ''}.`,
    (data) => data.advice,
  ),
  badReply: mayPass<{
    endpoint: string;
    status: number;
    problem: string;
    excerpt: string;
    outcomeUnknown: boolean;
  }>(
    (data) =>
      `The Share service's answer to ${data.endpoint} cannot be understood: ${data.problem}.`,
    (data) =>
      'If it stays, the service has changed, or something answers in its place' +
      `${data.excerpt && '; report the excerpt'}.`,
  ),
  unavailable: mayPass<{
    host: string;
    endpoint: string;
    status: number;
    excerpt: string;
    outcomeUnknown: boolean;
    /** Time that the service asks to wait; undefined if it does not say. */
    retryAfterMs?: number | undefined;
  }>(
    (data) =>
      `The Share service at ${data.host} is not working: it answered ${data.endpoint} with HTTP ${data.status}.`,
    LATER,
  ),
  tooManyRequests: mayPass<{
    host: string;
    endpoint: string;
    status: number;
    retryAfterMs: number;
  }>(
    (data) =>
      `The Share service at ${data.host} asks for fewer requests (HTTP ${data.status}); wait ${Math.ceil(data.retryAfterMs / 1000)} s.`,
    LATER,
  ),
  badRequest: stays<{ host: string; endpoint: string; status: number; excerpt: string }>(
    (data) =>
      `The Share service at ${data.host} rejected ${data.endpoint} with HTTP ${data.status}.`,
    'Check the address; HTTP 403 can be a firewall on the way.',
  ),
  blockedByFirewall: mayPass<{
    host: string;
    endpoint: string;
    status: number;
    retryAfterMs: number;
  }>(
    (data) =>
      `A firewall before the Share service at ${data.host} blocked ${data.endpoint} (HTTP ${data.status}).`,
    (data) =>
      `Wait ${Math.ceil(data.retryAfterMs / 60_000)} minutes; a VPN or proxy may be why. ` +
      'It says nothing about the account.',
  ),
  credentialsRefused: stays<{ host: string; faultCode: string; advice: string }>(
    (data) => `The Share service at ${data.host} refused this account name and password.`,
    (data) => data.advice,
  ),
  credentialsRefusedBefore: stays<{ host: string; advice: string }>(
    (data) =>
      `The Share service at ${data.host} refused this account name and password before, so they were not sent.`,
    (data) => data.advice,
  ),
  loginTimeout: mayPass<{ host: string; afterMs: number }>(
    (data) =>
      `The Share service at ${data.host} did not complete the login within ${data.afterMs} ms.`,
    LATER,
  ),
  loginUnanswered: mayPass<{ host: string; untilMs: number; retryAfterMs: number }>(
    (data) =>
      `The Share service at ${data.host} gave the last logins no clear answer, so no login is sent before ${at(data.untilMs)}.`,
    'Wait until then: each may count as refused, and refusals lock the account.',
  ),
  accountLocked: stays<{ host: string; untilMs: number }>(
    (data) =>
      `The Share service at ${data.host} has locked this account after too many refused logins, so no login is sent before ${at(data.untilMs)}.`,
    LOCK_ADVICE,
  ),
  sessionEndedAgain: mayPass<{ host: string; agoMs: number; limitMs: number }>(
    (data) =>
      `The Share service at ${data.host} ended a session again ${data.agoMs} ms after its login (limit ${data.limitMs} ms).`,
    SESSION_ADVICE,
  ),
  sessionRejected: mayPass<{ host: string; endpoint: string; faultCode: string }>(
    (data) =>
      `The Share service at ${data.host} did not accept the session for ${data.endpoint} (${data.faultCode}).`,
    SESSION_ADVICE,
  ),
  refused: stays<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>(
    (data) => `The Share service refused ${data.endpoint}: ${data.faultCode}.`,
    (data) => data.advice,
  ),
  serviceFault: mayPass<{
    endpoint: string;
    faultCode: string;
    faultMessage: string;
    advice: string;
  }>(
    (data) => `The Share service failed at ${data.endpoint}: ${data.faultCode}.`,
    (data) => data.advice,
  ),
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
    this.outcomeUnknown = (data as { outcomeUnknown?: boolean }).outcomeUnknown === true;
  }
}
