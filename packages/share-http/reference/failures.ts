import type { Evidence } from '@egvkit/protocol';
import { STATUS_ROWS, type StatusRow } from '../src/http/status-rows.ts';
import { SHARE_ERRORS, type ShareErrorCode } from '../src/index.ts';
import { LONGEST_WAIT_MS } from '../src/session/caller.ts';

/** Words about a failure that comes without one of the service's codes. */
interface Words {
  readonly meaning: string;
  readonly evidence: Evidence;
}

const STATUSES: Readonly<Record<string, Words>> = {
  'HTTP 401': {
    meaning: 'Only ever assumed; it can only mean the session.',
    evidence: 'unconfirmed',
  },
  'HTTP 403 with a web page or "1020"': {
    meaning:
      'A firewall on the way, such as Cloudflare: it says nothing about the account. Nothing is ' +
      'retried within a quarter of an hour.',
    evidence: 'one source',
  },
  'HTTP 403 or 404': {
    meaning: 'A gateway in place of the service, or a wrong address. `watch` goes on for 3 hours.',
    evidence: 'unconfirmed',
  },
  'HTTP 408': { meaning: 'The call came too slowly; passing.', evidence: 'unconfirmed' },
  'HTTP 429': {
    meaning: 'Too many requests; never recorded. `Retry-After` is honoured, else a minute passes.',
    evidence: 'unconfirmed',
  },
  'HTTP 3xx': { meaning: 'A redirect: it is not followed.', evidence: 'unconfirmed' },
  'HTTP 4xx': {
    meaning: 'The call is malformed, or the host is not the service.',
    evidence: 'several sources',
  },
  'HTTP 5xx': {
    meaning: 'An outage of the service or of a gateway before it.',
    evidence: 'several sources',
  },
};

const OTHERS: readonly (readonly [name: string, error: ShareErrorCode, meaning: string])[] = [
  ['no answer in time', 'timeout', 'The request may have been carried out.'],
  ['connection lost', 'connectionLost', 'The request may have been carried out.'],
  ['no connection', 'unreachable', 'Nothing was sent.'],
  [
    'an answer that makes no sense',
    'badReply',
    'HTML, XML, a truncated or a huge body, wrong types, or a service that has changed.',
  ],
];

/** Policy of an error, from the rows that the client acts by. */
function policyOf(error: ShareErrorCode, retryAfterMs = 0): string {
  if (error === 'sessionRejected') return 'relogin';
  return SHARE_ERRORS[error].retryable && retryAfterMs <= LONGEST_WAIT_MS ? 'backoff' : 'stop';
}

/** Name of a row of statuses: `HTTP 408`, `HTTP 5xx`. */
function nameOf({ from, to = from, body }: StatusRow): string {
  if (body !== undefined) return `HTTP ${from} with a web page or "1020"`;
  if (from === to) return `HTTP ${from}`;
  return to - from === 99 ? `HTTP ${from / 100}xx` : `HTTP ${from} or ${to}`;
}

function wordsOf(row: StatusRow): Words {
  const words = STATUSES[nameOf(row)];
  if (words === undefined) throw new Error(`There are no words about ${nameOf(row)}.`);
  return words;
}

/** Rows of the table of failures without a code. */
export const FAILURE_ROWS = [
  ...STATUS_ROWS.map((row) => {
    const { error, retryAfterMs } = row;
    return { name: nameOf(row), ...wordsOf(row), error, policy: policyOf(error, retryAfterMs) };
  }),
  ...OTHERS.map(([name, error, meaning]) => {
    const evidence: Evidence = 'several sources';
    return { name, meaning, evidence, error, policy: policyOf(error) };
  }),
];
