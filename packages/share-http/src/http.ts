import { ShareError } from '@egvkit/protocol';
import type { Call, EncodedRequest } from '@egvkit/protocol/share';
import type { Target } from './options.ts';
import { type Fetch, type Sleep, unlessAborted } from './platform.ts';

/** What it takes to send a request. */
export interface Wire extends Target {
  readonly fetch: Fetch;
  readonly sleep: Sleep;
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
  readonly userAgent: string;
  /** What a system's code of a failed connection means, in words; '' if there is none. */
  readonly explain: (code: string) => string;
}

/** An answer, whatever it says. The text may hold secrets. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly retryAfter: string | null;
}

/** Failures that only happen before anything is sent. */
const NOT_SENT = /ENOTFOUND|EAI_AGAIN|REFUSED|CONNECT_TIMEOUT|CERT|SELF_SIGNED|UNABLE_TO|SSL/i;

/** What is looked at in an error, in what caused it, and in what that is a collection of. */
interface Cause {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/**
 * A failed fetch as an error. Only the system's code is taken from it, and whether it was
 * connecting that failed: its message may repeat the address, and with it the session id.
 */
function transportError({ host, explain }: Wire, row: Call, error: unknown): ShareError {
  let code = '';
  let connecting = false;
  let at = error as Cause | null | undefined;
  for (let depth = 0; at && depth < 6; depth++) {
    if (typeof at.code === 'string' && /^\w{1,40}$/.test(at.code)) code ||= at.code;
    connecting ||= at.syscall === 'connect';
    at = (at.errors?.[0] ?? at.cause) as Cause | null | undefined;
  }
  const said = { host, endpoint: row.method, reason: explain(code) };
  return connecting || NOT_SENT.test(code)
    ? new ShareError('unreachable', said)
    : new ShareError('connectionLost', { ...said, outcomeUnknown: row.effect === 'write' });
}

/** All of a body; undefined if it is longer than that. */
async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ; ) {
    const chunk = (await reader?.read())?.value;
    if (chunk === undefined) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    size += chunk.length;
    if (size > maxBytes) {
      reader?.cancel().catch(() => {}); // it is given up either way
      return undefined;
    }
    chunks.push(chunk);
  }
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
  const expire = (): void => {
    if (done.signal.aborted) return;
    const said = { host, endpoint: row.method, afterMs };
    stop.abort(new ShareError('timeout', { ...said, outcomeUnknown: row.effect === 'write' }));
  };
  // A sleep that rejects when it is stopped early is as good as one that resolves.
  wire.sleep(afterMs, done.signal).then(expire, () => {});
  signal?.addEventListener('abort', () => stop.abort(signal.reason), { signal: done.signal });
  const work = exchange(wire, row, request, stop.signal);
  try {
    // Raced as well, for a fetch that does not listen to its signal.
    return await unlessAborted(work, stop.signal);
  } catch (error) {
    work.catch(() => {}); // its failure is the one reported, or comes after it
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error instanceof ShareError ? error : transportError(wire, row, error);
  } finally {
    done.abort();
  }
}
