/** An answer of the relay's own, in place of the service's. */
interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Advice for the caller. */
  readonly help: string;
}

/** Reasons not to pass a call on, or an answer back. */
export const REFUSALS = {
  badRequest: {
    status: 400,
    message: 'This request is not one that a web page makes.',
    help: 'Send requests as a browser does, to the address that the server printed.',
  },
  unknownHost: {
    status: 403,
    message: 'The request names a host that is not this server.',
    help: 'Open exactly the address that the server printed when it started.',
  },
  unknownPage: {
    status: 403,
    message: 'The relay does not work for this page.',
    help: 'Add the origin of the page to the list of pages with which the relay is started.',
  },
  otherPage: {
    status: 403,
    message: 'This server works only for the page that it serves.',
    help: 'Open the page at the address that the server printed when it started.',
  },
  wrongToken: {
    status: 403,
    message: 'The page was not loaded from this run of the server.',
    help: 'Load the page again.',
  },
  unknownCall: {
    status: 404,
    message: 'The relay does not pass this call on.',
    help: 'Check the path, its case too, and that the relay was set up for this service.',
  },
  unknownFile: {
    status: 404,
    message: 'There is no such file.',
    help: 'Check the address.',
  },
  wrongMethod: {
    status: 405,
    message: 'The relay does not pass this call on with this method.',
    help: 'Use the method of the call.',
  },
  bodyTooSlow: {
    status: 408,
    message: 'The request did not arrive in time.',
    help: 'Try again: nothing was passed on.',
  },
  unknownLength: {
    status: 411,
    message: 'The request has no Content-Length.',
    help: 'Send the body whole, with Content-Length.',
  },
  bodyTooLong: {
    status: 413,
    message: 'The request is longer than the relay passes on.',
    help: 'Send less at a time.',
  },
  queryTooLong: {
    status: 414,
    message: 'The query is longer than the relay passes on.',
    help: 'Ask for less at a time.',
  },
  notJson: {
    status: 415,
    message: 'The relay passes on nothing but JSON.',
    help: 'Send the body as application/json.',
  },
  badSecret: {
    status: 400,
    message: 'The header api-secret or authorization does not have the form that Nightscout takes.',
    help: 'Send the SHA-1 or SHA-512 of the secret in hexadecimal digits, or "Bearer" and the token.',
  },
  unreachable: {
    status: 502,
    message: 'The relay cannot reach the service.',
    help: 'Check the connection of the computer on which the relay runs.',
  },
  badReply: {
    status: 502,
    message: 'The answer of the service is not valid.',
    help: 'Try again later.',
  },
  replyTooLong: {
    status: 502,
    message: 'The answer of the service is longer than the relay gives back.',
    help: 'Ask for less at a time.',
  },
  replyTooSlow: {
    status: 504,
    message: 'The service did not answer in time.',
    help: 'Try again later; what changes something may have been done.',
  },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof REFUSALS;

/** Header that tells the relay's own answers from those of the service: a code of `REFUSALS`. */
export const REFUSAL_HEADER = 'egvkit-relay';

/** Makes the answer of a refusal; `detail` is a word of the system's, never of the caller's. */
export function refusal(code: RefusalCode, detail?: string): Response {
  const { status, message, help } = REFUSALS[code];
  const text = `${message}${detail === undefined ? '' : ` (${detail})`} ${help}\n`;
  const headers = { 'content-type': 'text/plain; charset=utf-8', [REFUSAL_HEADER]: code };
  return new Response(text, { status, headers });
}
