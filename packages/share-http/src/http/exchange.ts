import { deadline, type Explanation, fetchFaultOf, orAborted } from '@egvkit/platform';
import type { Call, EncodedRequest } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { ShareError } from '../errors/share-error.ts';
import type { Fetch, Sleep } from './platform.ts';
import type { Target } from './target.ts';

/** Target and limits of requests. */
export interface Wire extends Target {
  readonly fetch: Fetch;
  readonly sleep: Sleep;
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
  readonly userAgent: string;
  /** Explains a system's code of a failed connection; '' if there is none. */
  readonly explain: (code: string, target: Target) => Explanation;
}

/** Answer as it came. The text may hold secrets. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

/**
 * A TLS alert, or an answer that is no TLS: mostly to the first bytes, but TLS lets either side send
 * an alert at any time, and since 1.3 some only come after a request.
 */
const TLS_FAILED = /SSL/;

/** A failed fetch as an error. */
function transportError(wire: Wire, row: Call, error: unknown): ShareError {
  const { code, isUnsent } = fetchFaultOf(error);
  const said = { host: wire.host, endpoint: row.method, ...wire.explain(code, wire) };
  const outcomeUnknown = row.effect === 'write';
  const isUnreachable = isUnsent || (TLS_FAILED.test(code) && !outcomeUnknown);
  const failed = isUnreachable
    ? new ShareError('unreachable', said)
    : new ShareError('connectionLost', { ...said, outcomeUnknown });
  if (isUnsent) surelyUnsent.add(failed);
  return failed;
}

const surelyUnsent = new WeakSet<object>();

/** True for a failed call of which nothing has left this computer. */
export function isSurelyUnsent(error: unknown): error is ShareError {
  return surelyUnsent.has(error as object);
}

/** Reads a body, unless it is too long. */
async function readBounded(
  { body, status }: Response,
  row: Call,
  maxBytes: number,
): Promise<Uint8Array> {
  const reader = body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ; ) {
    const chunk = (await reader?.read())?.value;
    if (chunk === undefined) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    size += chunk.length;
    if (size > maxBytes) {
      reader?.cancel().catch(() => {}); // it is given up either way
      throw badReply(row, status, `it is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
}

/** Makes the error of an answer that makes no sense. */
export function badReply(
  { method: endpoint, effect }: Pick<Call, 'method' | 'effect'>,
  status: number,
  problem: string,
  excerpt = '',
): ShareError<'badReply'> {
  const outcomeUnknown = effect === 'write';
  return new ShareError('badReply', { endpoint, status, problem, excerpt, outcomeUnknown });
}

async function exchange(
  wire: Wire,
  row: Call,
  request: EncodedRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const response = await wire.fetch(wire.origin + request.path, {
    method: request.http,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': wire.userAgent,
    },
    signal,
    // A redirect would carry the password to a place nobody chose.
    redirect: 'manual',
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const bytes = await readBounded(response, row, wire.maxReplyBytes);
  const text = new TextDecoder().decode(bytes);
  return { status: response.status, text, bytes, headers: response.headers };
}

/**
 * Sends one request and reads the whole answer, bounded in time and size.
 *
 * @throws ShareError `unreachable`, `timeout`, `connectionLost`, `badReply`; the signal's reason
 *   if it is aborted
 */
export async function send(
  wire: Wire,
  row: Call,
  request: EncodedRequest,
  { signal }: CallOptions,
): Promise<HttpAnswer> {
  const { host, timeoutMs: afterMs, sleep } = wire;
  const said = { host, endpoint: row.method, afterMs };
  const late = () => new ShareError('timeout', { ...said, outcomeUnknown: row.effect === 'write' });
  const limit = deadline(sleep, afterMs, signal, late);
  const work = exchange(wire, row, request, limit.signal);
  try {
    // Raced as well, for a fetch that does not listen to its signal.
    return await orAborted(work, limit.signal);
  } catch (error) {
    work.catch(() => {}); // its failure is the one reported, or comes after it
    if (limit.signal.aborted) throw limit.signal.reason;
    throw error instanceof ShareError ? error : transportError(wire, row, error);
  } finally {
    limit.clear();
  }
}
