import type { ShareErrorCode } from '../errors/share.ts';
import type { Evidence } from '../evidence.ts';
import type { FaultPolicy } from './verdict.ts';

/** A failure that comes without one of the service's codes. */
export interface HttpFaultRow {
  readonly meaning: string;
  readonly policy: FaultPolicy;
  readonly error: ShareErrorCode;
  readonly evidence: Evidence;
}

/**
 * What is done when no code says what is wrong (spec/share §3.5). A body that holds a code counts
 * whatever its status.
 */
export const HTTP_FAULTS = {
  'HTTP 400': {
    meaning: 'The call is malformed, or the host is not the service.',
    policy: 'stop',
    error: 'badRequest',
    evidence: 'several sources',
  },
  'HTTP 401': {
    meaning: 'Only ever assumed; it can only mean the session.',
    policy: 'relogin',
    error: 'sessionRejected',
    evidence: 'unconfirmed',
  },
  'HTTP 403': {
    meaning: 'Perhaps a firewall that wants fewer requests, or the text "Forbidden".',
    policy: 'stop',
    error: 'badRequest',
    evidence: 'unconfirmed',
  },
  'HTTP 429': {
    meaning: 'Too many requests; never recorded. `Retry-After` is honoured, else a minute passes.',
    policy: 'backoff',
    error: 'tooManyRequests',
    evidence: 'unconfirmed',
  },
  'HTTP 5xx': {
    meaning: 'An outage of the service or of what stands before it.',
    policy: 'backoff',
    error: 'unavailable',
    evidence: 'several sources',
  },
  'no answer in time': {
    meaning: 'The request may have been carried out.',
    policy: 'backoff',
    error: 'timeout',
    evidence: 'several sources',
  },
  'connection lost': {
    meaning: 'The request may have been carried out.',
    policy: 'backoff',
    error: 'connectionLost',
    evidence: 'several sources',
  },
  'no connection': {
    meaning: 'Nothing was sent.',
    policy: 'backoff',
    error: 'unreachable',
    evidence: 'several sources',
  },
  'an answer that makes no sense': {
    meaning: 'HTML, XML, a truncated or a huge body, wrong types, or a service that has changed.',
    policy: 'backoff',
    error: 'badReply',
    evidence: 'several sources',
  },
} as const satisfies Record<string, HttpFaultRow>;
