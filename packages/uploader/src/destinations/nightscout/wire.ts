import { deadline, explainFailure, fetchFaultOf, orAborted } from '@egvkit/platform';
import type { CallOptions } from '../../call-options.ts';
import { NightscoutError } from './errors.ts';
import type { Fetch, Site } from './options.ts';

/** Site and limits of requests. */
export interface Wire extends Site {
  readonly fetch: Fetch;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** A request of the API. */
export interface Request {
  readonly method: 'GET' | 'POST';
  /** Behind the site's address. */
  readonly path: string;
  /** The path as it may be shown, if it holds a secret. */
  readonly shownPath?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answer as it came, and this computer's time before and after. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** Name of a request in errors. */
export const nameOf = ({ method, path, shownPath = path }: Request): string =>
  `${method} ${shownPath}`;

/** A failed fetch as an error. */
function transportError(wire: Wire, request: Request, error: unknown): NightscoutError {
  const { code, isUnsent } = fetchFaultOf(error);
  const said = { host: wire.host, ...explainFailure(code, wire.base) };
  if (isUnsent) return new NightscoutError('unreachable', said);
  const outcomeUnknown = request.method === 'POST';
  return new NightscoutError('connectionLost', { ...said, call: nameOf(request), outcomeUnknown });
}

/** Makes the error of an answer that makes no sense. */
export function badAnswer(wire: Site, request: Request, problem: string): NightscoutError {
  return new NightscoutError('badAnswer', {
    ...{ host: wire.host, call: nameOf(request), problem },
    outcomeUnknown: request.method === 'POST',
  });
}

async function readBounded({ body }: Response, wire: Wire, request: Request): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ; ) {
    const chunk = (await reader?.read())?.value;
    if (chunk === undefined) return text + decoder.decode();
    size += chunk.length;
    if (size > wire.maxAnswerBytes) {
      reader?.cancel().catch(() => {}); // it is given up either way
      throw badAnswer(wire, request, `it is longer than ${wire.maxAnswerBytes} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
}

async function exchange(wire: Wire, request: Request, signal: AbortSignal): Promise<Answer> {
  const { method, path, query, body, headers } = request;
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  const sentMs = wire.nowMs();
  const response = await wire.fetch(wire.base + path + search, {
    method,
    // Only headers that a site with ENABLE=cors lets pages send (nightscout §6).
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
    // A redirect would carry the secret to a place nobody chose.
    redirect: 'manual',
    // Answers tell when they were last changed, which lets a browser keep them for a while.
    cache: 'no-store',
  });
  const text = await readBounded(response, wire, request);
  const { status, headers: told } = response;
  return { status, text, headers: told, sentMs, answeredMs: wire.nowMs() };
}

/**
 * Sends one request and reads the whole answer, bounded in time and size.
 *
 * @throws NightscoutError `unreachable`, `timeout`, `connectionLost`, `badAnswer`; the signal's reason
 *   if it is aborted
 */
export async function send(wire: Wire, request: Request, { signal }: CallOptions): Promise<Answer> {
  const { host, timeoutMs: afterMs } = wire;
  const late = { host, call: nameOf(request), afterMs, outcomeUnknown: request.method === 'POST' };
  const limit = deadline(wire.sleep, afterMs, signal, () => new NightscoutError('timeout', late));
  const work = exchange(wire, request, limit.signal);
  try {
    // Raced as well, for a fetch that does not listen to its signal.
    return await orAborted(work, limit.signal);
  } catch (error) {
    work.catch(() => {}); // its failure is the one reported, or comes after it
    if (limit.signal.aborted) throw limit.signal.reason;
    throw error instanceof NightscoutError ? error : transportError(wire, request, error);
  } finally {
    limit.clear();
  }
}
