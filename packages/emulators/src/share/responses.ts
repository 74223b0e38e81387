import { ConnectionDropped } from './trouble.ts';

function text(status: number, type: string, body: string): Response {
  const bytes = new TextEncoder().encode(body);
  const headers = {
    'content-type': type,
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
  };
  return new Response(bytes.length === 0 ? null : bytes, { status, headers });
}

/** An answer of the service itself. */
export const json = (status: number, body: string): Response =>
  text(status, 'application/json; charset=utf-8', body);

/** An answer in bare words. */
export const plain = (status: number, body: string): Response => text(status, 'text/plain', body);

/** An answer of what stands in front of the service. */
export const html = (status: number): Response =>
  text(status, 'text/html', `<!DOCTYPE html><title>${status}</title><h1>${status}</h1>`);

/** The same answer, ending in the middle. */
export async function truncated(response: Response): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (whole.length > 1) controller.enqueue(whole.slice(0, whole.length >> 1));
    },
    // Only when more is asked for, so that the first half gets through.
    pull(controller) {
      controller.error(new ConnectionDropped());
    },
  });
  const headers = new Headers(response.headers);
  // An empty answer cannot be cut, but it can promise more than it holds.
  if (whole.length === 0) headers.set('content-length', '2');
  return new Response(body, { status: response.status, headers });
}

/** The text of a request, or undefined if it is longer than allowed. */
export async function readBody(request: Request, maxBytes: number): Promise<string | undefined> {
  if (request.body === null) return '';
  const decoder = new TextDecoder();
  let read = '';
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    read += decoder.decode(chunk, { stream: true });
  }
  return read + decoder.decode();
}
