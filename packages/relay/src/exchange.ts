import { fetchFaultOf } from '@egvkit/platform';
import { readBounded } from './body.ts';
import type { KnownCall } from './calls.ts';
import type { Fetch, Limits } from './options.ts';
import { type RefusalCode, refusal } from './refusals.ts';

/** Means of passing a call on. */
export interface Wire extends Limits {
  readonly fetch: Fetch;
}

/** Share's longest query is far below; Nightscout's conditions are longer. */
const LONGEST_QUERY = 4096;

const JSON_TYPE = /^application\/json(?:$|[;\s])/i;

/** Headers of Nightscout's that hold a secret, and the forms they have. */
const SECRETS = {
  'api-secret': /^(?:[\da-f]{40}|[\da-f]{128})$/i,
  authorization: /^Bearer [\w.~+/=-]{1,4096}$/i,
} as const;

/** Headers that a page asks by, where a relay works for more than Share. */
export const SECRET_HEADERS = Object.keys(SECRETS);

/** Headers of an answer that go back to the page. */
const SHOWN = ['content-type', 'retry-after', 'date'] as const;

const NO_BODY = new Set([204, 205, 304]);

/** Statuses that a `Response` can have; others are no answer to a call. */
const isAnswer = (status: number): boolean => status >= 200 && status <= 599;

/** A call that is not passed on, or whose answer is not given back. */
class Refused extends Error {
  readonly code: RefusalCode;
  readonly detail: string | undefined;

  constructor(code: RefusalCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

function secretsOf(call: KnownCall, headers: Headers): [string, string][] {
  if (call.site.kind !== 'nightscout') return [];
  return Object.entries(SECRETS).flatMap(([name, form]): [string, string][] => {
    const value = headers.get(name);
    if (value === null) return [];
    if (!form.test(value)) throw new Refused('badSecret');
    return [[name, value]];
  });
}

/** Refuses a request for what can be told before its body is read. */
function check({ methods }: KnownCall, request: Request, search: string, maxBytes: number): void {
  const type = request.headers.get('content-type');
  if (!(methods as readonly string[]).includes(request.method)) throw new Refused('wrongMethod');
  if (search.length > LONGEST_QUERY) throw new Refused('queryTooLong');
  if (type !== null && !JSON_TYPE.test(type)) throw new Refused('notJson');
  if (Number(request.headers.get('content-length')) > maxBytes) throw new Refused('bodyTooLong');
}

async function exchange(
  wire: Wire,
  call: KnownCall,
  request: Request,
  signal: AbortSignal,
  setLate: (code: RefusalCode) => void,
): Promise<Response> {
  const { search } = new URL(request.url);
  check(call, request, search, wire.maxRequestBytes);
  const secrets = secretsOf(call, request.headers);
  const isPost = request.method === 'POST';
  const sent = isPost ? await readBounded(request.body, wire.maxRequestBytes, signal) : null;
  if (sent === undefined) throw new Refused('bodyTooLong');
  setLate('replyTooSlow');
  const answer = await wire
    .fetch(call.site.origin + call.path + search, {
      method: request.method,
      headers: [
        ['accept', 'application/json'],
        ['user-agent', 'egvkit-relay'],
        ...(isPost ? [['content-type', 'application/json'] as [string, string]] : []),
        ...secrets,
      ],
      body: sent,
      redirect: 'manual', // following one would carry the password to a place nobody chose
      signal,
    })
    .catch((error: unknown) => {
      // Its words may repeat the address and what is in it.
      throw new Refused('unreachable', fetchFaultOf(error).code || undefined);
    });
  const body = await readBounded(answer.body, wire.maxReplyBytes, signal).catch(() => {
    throw new Refused('badReply');
  });
  if (body === undefined) throw new Refused('replyTooLong');
  if (!isAnswer(answer.status)) throw new Refused('badReply');
  const shown = SHOWN.flatMap((name): [string, string][] => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const { status } = answer;
  return new Response(NO_BODY.has(status) ? null : body, { status, headers: shown });
}

/**
 * Passes a call on and gives the answer: status, body, `content-type`, `retry-after` and `date`, or
 * a refusal. Within the limits of `wire`, and no longer than the page waits.
 */
export async function passOn(wire: Wire, call: KnownCall, request: Request): Promise<Response> {
  const stop = new AbortController();
  let late: RefusalCode = 'bodyTooSlow';
  const timer = setTimeout(() => stop.abort(), wire.timeoutMs);
  const leave = (): void => stop.abort();
  request.signal?.addEventListener('abort', leave);
  if (request.signal?.aborted) leave();
  try {
    const setLate = (code: RefusalCode): void => {
      late = code;
    };
    return await exchange(wire, call, request, stop.signal, setLate);
  } catch (error) {
    if (stop.signal.aborted) return refusal(late);
    return error instanceof Refused ? refusal(error.code, error.detail) : refusal('badRequest');
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', leave);
  }
}
