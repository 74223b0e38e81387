import { ShareError } from '@egvkit/protocol';
import type { Call, EncodedRequest } from '@egvkit/protocol/share';
import { type Fetch, type Sleep, unlessAborted } from './platform.ts';

/** What it takes to send a request. */
export interface Wire {
  readonly origin: string;
  readonly host: string;
  readonly fetch: Fetch;
  readonly sleep: Sleep;
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
  readonly userAgent: string;
}

/** An answer, whatever it says. The text may hold secrets. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly retryAfter: string | null;
}

/** Failures that only happen before anything is sent, and what they mean to a person. */
const NOT_SENT: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nothing answers at that address',
  ConnectionRefused: 'nothing answers at that address',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/** Failures that happen at any time: before sending if it was connecting that failed. */
const ANY_TIME: Readonly<Record<string, string>> = {
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it was closed from the other side',
  UND_ERR_SOCKET: 'it was closed from the other side',
};

const UNTRUSTED = /^(ERR_TLS_CERT|ERR_SSL_WRONG_VERSION|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** An error, what caused it, and what that is a collection of. */
function* causes(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 5) return;
  yield error;
  if ('cause' in error) yield* causes(error.cause, depth + 1);
  if (error instanceof AggregateError) yield* causes(error.errors[0], depth + 1);
}

/**
 * The system's code of a failed fetch, and whether it was connecting that failed. Nothing else is
 * taken from the error: its message may repeat the address, and with it the session id.
 */
function failure(error: unknown): { code: string | undefined; connecting: boolean } {
  let code: string | undefined;
  let connecting = false;
  for (const at of causes(error)) {
    if ('code' in at && typeof at.code === 'string' && /^\w{1,40}$/.test(at.code)) code ??= at.code;
    if ('syscall' in at && at.syscall === 'connect') connecting = true;
  }
  return { code, connecting };
}

function transportError(wire: Wire, row: Call, error: unknown): ShareError {
  const { host } = wire;
  const endpoint = row.method;
  const { code = '', connecting } = failure(error);
  const notSent = NOT_SENT[code] ?? (connecting ? ANY_TIME[code] : undefined);
  if (notSent !== undefined) {
    return new ShareError('unreachable', { host, endpoint, reason: notSent });
  }
  if (UNTRUSTED.test(code)) {
    const reason = `its certificate or encryption is not accepted (${code})`;
    return new ShareError('unreachable', { host, endpoint, reason });
  }
  const outcomeUnknown = row.effect === 'write';
  const reason = ANY_TIME[code] ?? (code || 'no reason was given');
  return new ShareError('connectionLost', { host, endpoint, reason, outcomeUnknown });
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      reader.cancel().catch(() => {}); // it is given up either way
      return undefined;
    }
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

async function exchange(
  wire: Wire,
  row: Call,
  request: EncodedRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': wire.userAgent,
  };
  const response = await wire.fetch(wire.origin + request.path, {
    method: request.http,
    headers,
    signal,
    // A redirect would carry the password to a place nobody chose.
    redirect: 'manual',
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const bytes = await readBounded(response, wire.maxReplyBytes);
  if (bytes === undefined) {
    throw new ShareError('badReply', {
      endpoint: row.method,
      status: response.status,
      problem: `it is longer than ${wire.maxReplyBytes} bytes`,
      excerpt: '',
      outcomeUnknown: row.effect === 'write',
    });
  }
  const text = new TextDecoder().decode(bytes);
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, text, bytes, retryAfter };
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
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const done = new AbortController();
  const { host, timeoutMs: afterMs } = wire;
  const endpoint = row.method;
  const outcomeUnknown = row.effect === 'write';
  const expire = (): void => {
    if (done.signal.aborted) return;
    stop.abort(new ShareError('timeout', { host, endpoint, afterMs, outcomeUnknown }));
  };
  // A sleep that rejects when it is stopped early is as good as one that resolves.
  wire.sleep(afterMs, done.signal).then(expire, () => {});
  const give = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', give);
  const work = exchange(wire, row, request, stop.signal);
  try {
    // Raced as well, for a fetch that does not listen to its signal.
    return await unlessAborted(work, stop.signal);
  } catch (error) {
    work.catch(() => {}); // its failure is the one reported, or comes after it
    if (signal?.aborted) throw signal.reason;
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error instanceof ShareError ? error : transportError(wire, row, error);
  } finally {
    done.abort();
    signal?.removeEventListener('abort', give);
  }
}
