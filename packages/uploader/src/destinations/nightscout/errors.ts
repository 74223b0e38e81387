import { NO_REASON } from '@egvkit/platform';
import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

const LATER = 'Try again later.';

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

/**
 * Failures between this program and a Nightscout site. `call` is method and path without query and
 * token. `outcomeUnknown` says that the readings may be there although no answer came.
 */
export const NIGHTSCOUT_ERRORS = {
  badAddress: stays<Record<never, never>>(
    () => 'The address of the Nightscout site must be https://host, with a path if it has one.',
    'Leave out user names, tokens and everything behind a question mark.',
  ),
  insecureAddress: stays<{ host: string }>(
    ({ host }) => `The secret would go to ${host} unencrypted, so nothing was sent.`,
    'Use https; http is only for a site on this computer.',
  ),
  tokenNeeded: stays<Record<never, never>>(
    () => "Version 3 of Nightscout's API takes no API secret.",
    'Make a token in the Admin Tools of the site, with a role that may create, read and update entries.',
  ),
  unreachable: mayPass<{ host: string; reason: string; advice: string }>(
    ({ host, reason }) => `The Nightscout site ${host} cannot be reached: ${reason}.`,
    ({ advice }) => advice,
  ),
  timeout: mayPass<{ host: string; call: string; afterMs: number; outcomeUnknown: boolean }>(
    ({ host, call, afterMs, outcomeUnknown }) =>
      `The Nightscout site ${host} did not answer ${call} within ${afterMs} ms` +
      `${outcomeUnknown ? '; it may have been carried out' : ''}.`,
    'Try again later: a site that nobody has opened for a while may take a minute to start.',
  ),
  connectionLost: mayPass<{
    host: string;
    call: string;
    reason: string;
    advice: string;
    outcomeUnknown: boolean;
  }>(
    ({ host, call, reason, outcomeUnknown }) =>
      `The connection to the Nightscout site ${host} broke during ${call} (${reason})` +
      `${outcomeUnknown ? '; it may have been carried out' : ''}.`,
    ({ reason, advice }) =>
      reason === NO_REASON
        ? 'Check the network, and try again. A page needs a site with ENABLE=cors, or the relay.'
        : advice,
  ),
  refused: stays<{ host: string; what: 'API secret' | 'token' }>(
    ({ host, what }) => `The Nightscout site ${host} refused this ${what}.`,
    ({ what }) =>
      `Correct the ${what} before the next try: it is not sent again, because the site makes everybody ` +
      'at this address wait longer after each refusal, and tells its owner.',
  ),
  permissionMissing: stays<{ host: string; permission: string }>(
    ({ host, permission }) =>
      `The Nightscout site ${host} takes the token, but it lacks the permission ${permission}.`,
    'In the Admin Tools of the site, give its subject a role that has this permission.',
  ),
  notNightscout: mayPass<{ host: string; call: string; status: number }>(
    ({ host, call, status }) =>
      `What answers at ${host} is not a Nightscout site: ${call} gave HTTP ${status} and something else.`,
    'Check the address. The page of a hotel network, or of a host that has paused the site, looks ' +
      'like this too.',
  ),
  siteTooOld: stays<{ host: string }>(
    ({ host }) => `The Nightscout site ${host} is too old for version 3 of the API.`,
    'Update the site, or use version 1.',
  ),
  redirected: mayPass<{ host: string; call: string }>(
    ({ host, call }) =>
      `The Nightscout site ${host} redirected ${call}, which was not followed: it would carry the secret along.`,
    'If the site has moved, give its new address; the page of a hotel network looks like this too.',
  ),
  rateLimited: mayPass<{ host: string; status: number; retryAfterMs: number }>(
    ({ host, status, retryAfterMs }) =>
      `The Nightscout site ${host} asks for fewer requests (HTTP ${status}); wait ${seconds(retryAfterMs)}.`,
    LATER,
  ),
  unavailable: mayPass<{
    host: string;
    call: string;
    status: number;
    outcomeUnknown: boolean;
    /** Time that the site asks to wait; undefined if it does not say. */
    retryAfterMs?: number | undefined;
  }>(
    ({ host, call, status }) =>
      `The Nightscout site ${host} is not working: it answered ${call} with HTTP ${status}.`,
    'Try again later. If it stays, look at the site: its database may be full or gone.',
  ),
  rejected: stays<{ host: string; call: string; status: number }>(
    ({ host, call, status }) => `The Nightscout site ${host} rejected ${call} with HTTP ${status}.`,
    'Check the address and what stands before the site; HTTP 403 can be a firewall.',
  ),
  badAnswer: mayPass<{ host: string; call: string; problem: string; outcomeUnknown: boolean }>(
    ({ host, call, problem }) =>
      `The answer of the Nightscout site ${host} to ${call} cannot be used: ${problem}.`,
    'If it stays, the site has changed, or something answers in its place.',
  ),
} as const;

export type NightscoutErrorCode = keyof typeof NIGHTSCOUT_ERRORS;

/** Failure between this program and a Nightscout site. Has no secret in message, data or cause. */
export class NightscoutError<
  Code extends NightscoutErrorCode = NightscoutErrorCode,
> extends TableError<typeof NIGHTSCOUT_ERRORS, Code> {
  override readonly name = 'NightscoutError';
  /** True if the readings may be there: find out before repeating the call. */
  readonly outcomeUnknown: boolean;

  constructor(
    code: Code,
    data: DataOf<typeof NIGHTSCOUT_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(NIGHTSCOUT_ERRORS, code, data, options);
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}
