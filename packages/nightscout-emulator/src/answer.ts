import { ConnectionDropped } from './failure.ts';

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True if only the first half of the body gets through. */
  readonly cut?: boolean;
}

export const json = (status: number, value: unknown, headers: Answer['headers'] = {}): Answer => ({
  ...{ status, type: 'application/json; charset=utf-8', headers },
  body: JSON.stringify(value),
});

// nightscout §3.5
/** Makes the refusal of version 1 and of the authorization. */
export const unauthorized = (): Answer =>
  json(401, { status: 401, message: 'Unauthorized', description: 'Invalid/Missing' });

// nightscout §5.2
/** Makes a refusal of version 3. */
export const refusalV3 = (status: number, message: string): Answer =>
  json(status, { status, message });

export const html = (status: number, text = `${status}`): Answer => ({
  ...{ status, type: 'text/html; charset=utf-8' },
  body: `<!DOCTYPE html><title>${text}</title><pre>${text}</pre>`,
});

// nightscout §5.1
/** Makes what the site's framework answers to a path that nothing is at. */
export const notFound = (method: string, path: string): Answer =>
  html(404, `Cannot ${method} ${path}`);

/** Turns an answer into one of the platform's. */
export function toResponse({ status, type, body, headers, cut }: Answer): Response {
  const init = { status, headers: { 'content-type': type, ...headers } };
  if (status === 204) return new Response(null, { status, headers: headers ?? {} });
  if (!cut) return new Response(body, init);
  const half = new TextEncoder().encode(body.slice(0, body.length >> 1) || ' ');
  return new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(half),
      // Only when more is asked for, so that the first half gets through.
      pull: (controller) => controller.error(new ConnectionDropped()),
    }),
    init,
  );
}
