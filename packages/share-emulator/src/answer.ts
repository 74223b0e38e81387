import { ConnectionDropped } from './failure.ts';

/** An answer before it goes over any wire. */
export interface Answer {
  readonly status: number;
  /** The media type. */
  readonly type: string;
  readonly body: Uint8Array;
  /** True if it ends in the middle, and the connection with it. */
  readonly cut: boolean;
  /** Time to wait before a retry; not said if left out. */
  readonly retryAfterSeconds?: number;
}

const encoder = new TextEncoder();

// Without a charset, as recorded (share, Appendix C).
const JSON_TYPE = 'application/json';

const text = (status: number, type: string, body: string): Answer => ({
  status,
  type,
  body: encoder.encode(body),
  cut: false,
});

/** Makes an answer of the service itself. */
export const json = (status: number, body: string): Answer => text(status, JSON_TYPE, body);

/** Makes the same from bytes that are there already. */
export const jsonBytes = (body: Uint8Array): Answer => ({
  status: 200,
  type: JSON_TYPE,
  body,
  cut: false,
});

/** Makes an answer in bare words. */
export const plain = (status: number, body: string): Answer => text(status, 'text/plain', body);

/** Makes an answer to a request that did not ask for JSON. */
export const xml = (body: string): Answer => text(200, 'application/xml; charset=utf-8', body);

/** Makes an answer of an image. */
export const image = (body: Uint8Array): Answer => ({
  status: 200,
  type: 'image/gif',
  body,
  cut: false,
});

/** Makes an answer of a gateway in front of the service. */
export const html = (status: number): Answer =>
  text(status, 'text/html', `<!DOCTYPE html><title>${status}</title><h1>${status}</h1>`);

/** Gives the headers of an answer. A cut one promises more than it holds. */
export function headersOf(answer: Answer): Record<string, string> {
  const { type, body, cut, retryAfterSeconds } = answer;
  const length = cut ? Math.max(body.length, 2) : body.length;
  return {
    'content-type': type,
    'content-length': String(length),
    'cache-control': 'no-store',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
}

/** Gives the part of the body that is sent: all of it, or the first half. */
export function sentOf({ body, cut }: Answer): Uint8Array {
  return cut ? body.subarray(0, body.length >> 1) : body;
}

/** Turns an answer into one of the platform's `fetch`. */
export function toResponse(answer: Answer): Response {
  const init = { status: answer.status, headers: headersOf(answer) };
  const sent = sentOf(answer) as Uint8Array<ArrayBuffer>;
  if (!answer.cut) return new Response(sent.length === 0 ? null : sent, init);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (sent.length > 0) controller.enqueue(sent);
    },
    // Only when more is asked for, so that the first half gets through.
    pull(controller) {
      controller.error(new ConnectionDropped());
    },
  });
  return new Response(body, init);
}

/** Turns every value of a JSON text into one of another type; other texts stay as they are. */
export function withWrongTypes(answer: Answer): Answer {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    return answer;
  }
  return { ...answer, body: encoder.encode(JSON.stringify(wrong(value))) };
}

/** Changes the type of every leaf: numbers and booleans to texts, texts to numbers, null to a list. */
function wrong(value: unknown): unknown {
  if (typeof value === 'string') return value.length;
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.length === 0 ? {} : value.map(wrong);
  if (typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wrong(inner)]));
}
