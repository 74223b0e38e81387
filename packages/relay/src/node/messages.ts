import type { IncomingMessage, ServerResponse } from 'node:http';
import { drain } from './drain.ts';

/** The body, which can be given up without closing the connection: a refusal needs that. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** The request as the relay takes it, with nothing of the page's but what the relay reads. */
export function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = '', url = '', headers } = incoming;
  const origin = `http://${headers.host}`;
  const read = ['content-type', 'content-length', 'authorization', 'api-secret', 'sec-fetch-mode'];
  const pairs = read.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const isPost = method === 'POST';
  return new Request(origin + url, {
    method,
    headers: [...pairs, ['origin', origin]],
    signal,
    body: isPost ? bodyOf(incoming) : null,
    ...(isPost ? { duplex: 'half' } : {}),
  });
}

/** Sends an answer, in limited time; a request that was not read to its end is thrown away. */
export async function send(
  answer: Response,
  timeoutMs: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  if (!incoming.readableEnded) {
    await drain(incoming);
    if (!incoming.readableEnded) outgoing.setHeader('connection', 'close');
  }
  if (outgoing.destroyed) return;
  // Whoever does not take the answer does not keep the connection either.
  const limit = setTimeout(() => outgoing.destroy(), timeoutMs);
  outgoing.once('close', () => clearTimeout(limit));
  // The relay's clock must not pass for that of the service.
  outgoing.sendDate = false;
  for (const [name, value] of answer.headers) outgoing.setHeader(name, value);
  outgoing.setHeader('x-content-type-options', 'nosniff');
  if (answer.status !== 204 && answer.status !== 304) {
    outgoing.setHeader('content-length', body.length);
  }
  outgoing.writeHead(answer.status);
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}
