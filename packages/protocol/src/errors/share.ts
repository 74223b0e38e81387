import { type DataOf, row, TableError } from './error.ts';

const LATER = 'Try again later.';
const CREDENTIALS_HELP =
  "Wrong region, a mistyped name or password, a follower's account instead of the wearer's, or no " +
  'such account: the service does not say which. Correct it first: what was refused is not sent ' +
  'again, because refusals lock the account.';

/**
 * What can go wrong between this program and a Share service. `outcomeUnknown` in the data says
 * that the request may have taken effect although no answer came (spec/share §7.7).
 */
export const SHARE_ERRORS = {
  badOrigin: row<Record<never, never>>({
    message: () => 'The address of the Share service must be https:// and a host, nothing else.',
    help: 'Give it as https://host or https://host:port.',
    retryable: false,
  }),
  insecureOrigin: row<{ host: string }>({
    message: ({ host }) => `The password would go to ${host} unencrypted, so nothing was sent.`,
    help: 'Use https; http is only for a service on this computer.',
    retryable: false,
  }),
  unreachable: row<{ host: string; endpoint: string; reason: string }>({
    message: ({ host, reason }) => `The Share service at ${host} cannot be reached: ${reason}.`,
    help: 'Check the network and the address.',
    retryable: true,
  }),
  timeout: row<{ host: string; endpoint: string; afterMs: number; outcomeUnknown: boolean }>({
    message: ({ host, endpoint, afterMs, outcomeUnknown }) =>
      `The Share service at ${host} did not answer ${endpoint} within ${afterMs} ms` +
      `${outcomeUnknown ? ', and may have carried it out' : ''}.`,
    help: LATER,
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
    help: LATER,
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
    help: 'If it stays, the service has changed, or something answers in its place; report the excerpt.',
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
    help: LATER,
    retryable: true,
  }),
  tooManyRequests: row<{ host: string; endpoint: string; retryAfterMs: number }>({
    message: ({ host, retryAfterMs }) =>
      `The Share service at ${host} asks for fewer requests; wait ${Math.ceil(retryAfterMs / 1000)} s.`,
    help: LATER,
    retryable: true,
  }),
  badRequest: row<{ host: string; endpoint: string; status: number; excerpt: string }>({
    message: ({ host, endpoint, status }) =>
      `The Share service at ${host} rejected ${endpoint} with HTTP ${status}.`,
    help: 'Check the address; HTTP 403 can be a firewall on the way.',
    retryable: false,
  }),
  credentialsRefused: row<{ host: string; faultCode: string }>({
    message: ({ host }) => `The Share service at ${host} refused this account name and password.`,
    help: CREDENTIALS_HELP,
    retryable: false,
  }),
  credentialsRefusedBefore: row<{ host: string }>({
    message: ({ host }) =>
      `The Share service at ${host} refused this account name and password before, so they were not sent.`,
    help: CREDENTIALS_HELP,
    retryable: false,
  }),
  loginBlocked: row<{ host: string; untilMs: number }>({
    message: ({ host, untilMs }) =>
      `The Share service at ${host} has locked this account after too many refused sign-ins; no sign-in is sent before ${new Date(untilMs).toISOString()}.`,
    help: 'Wait until then, and check name and password meanwhile.',
    retryable: false,
  }),
  sessionRejected: row<{ host: string; endpoint: string; faultCode: string }>({
    message: ({ host, endpoint, faultCode }) =>
      `The Share service at ${host} did not accept the session for ${endpoint} (${faultCode}).`,
    help: 'Try again in a few minutes.',
    retryable: true,
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
export class ShareError<Code extends ShareErrorCode = ShareErrorCode> extends TableError<
  typeof SHARE_ERRORS,
  Code
> {
  override readonly name = 'ShareError';
  /** The request may have taken effect: find out before repeating it (spec/share §7.7). */
  readonly outcomeUnknown: boolean;

  constructor(code: Code, data: DataOf<typeof SHARE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(SHARE_ERRORS, code, data, options);
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}
