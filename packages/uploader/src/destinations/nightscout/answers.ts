import { retryAfterMsOf } from '@egvkit/protocol';
import * as z from 'zod/v4/core';
import { NightscoutError } from './errors.ts';
import type { Site } from './options.ts';
import { type Answer, badAnswer, nameOf, type Request } from './wire.ts';

const text = new z.$ZodString({ type: 'string' });
const number = new z.$ZodNumber({ type: 'number' });
const unknown = new z.$ZodUnknown({ type: 'unknown' });
// The constructors of zod's core do not infer what they are given.
const list = <Of extends z.$ZodType>(element: Of) =>
  new z.$ZodArray({ type: 'array', element }) as z.$ZodArray<Of>;
const optional = <Of extends z.$ZodType>(innerType: Of) =>
  new z.$ZodOptional({ type: 'optional', innerType }) as z.$ZodOptional<Of>;
const object = <Shape extends z.$ZodShape>(shape: Shape) =>
  new z.$ZodObject({ type: 'object', shape }) as z.$ZodObject<Shape, z.$strip>;
/** Newer sites put an answer of version 3 into `result` (nightscout §5.4). */
const wrapped = <Of extends z.$ZodType>(inner: Of) => {
  const options = [object({ result: inner }), inner];
  return new z.$ZodUnion({ type: 'union', options }) as unknown as z.$ZodUnion<
    [z.$ZodObject<{ result: Of }, z.$strip>, Of]
  >;
};

/** Of `status.json`: that it is Nightscout, and its time. */
export const STATUS_V1 = object({
  name: text,
  version: text,
  serverTime: optional(text),
  serverTimeEpoch: optional(number),
});
/** The answer to a token: one for the calls, and how long it lasts, in Unix seconds. */
export const AUTHORIZED = object({
  token: text,
  iat: optional(number),
  exp: optional(number),
  permissionGroups: optional(list(list(text))),
});
const version = { version: text, apiVersion: text, srvDate: number };
export const VERSION_V3 = wrapped(object(version));
export const STATUS_V3 = wrapped(
  object({ ...version, apiPermissions: object({ entries: optional(text) }) }),
);
/** Entries of any kind by any program: each is looked at by itself. */
export const ENTRIES_V1 = list(unknown);
export const ENTRIES_V3 = wrapped(list(unknown));
/** A refusal in words. */
const MESSAGE = object({ message: text });

/** The JSON of an answer; undefined if it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Takes an answer out of the `result` that newer sites put it into. */
export function unwrapped<Inner>(answer: Inner | { readonly result: Inner }): Inner {
  const isWrapped = typeof answer === 'object' && answer !== null && 'result' in answer;
  return isWrapped ? (answer as { readonly result: Inner }).result : (answer as Inner);
}

/** The words of a refusal; '' if there are none. */
export function messageIn({ text: body }: Pick<Answer, 'text'>): string {
  const parsed = z.safeParse(MESSAGE, jsonOf(body));
  return parsed.success ? parsed.data.message : '';
}

/**
 * Decodes an answer to a call that succeeded.
 *
 * @throws NightscoutError `notNightscout` for a web page, `badAnswer` for other JSON
 */
export function decoded<Of extends z.$ZodType>(
  site: Site,
  request: Request,
  { status, text: body }: Answer,
  schema: Of,
): z.output<Of> {
  const value = jsonOf(body);
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  if (value === undefined && request.method === 'GET') {
    throw new NightscoutError('notNightscout', { host: site.host, call: nameOf(request), status });
  }
  const place = parsed.error.issues[0]?.path.join('.');
  throw badAnswer(
    site,
    request,
    value === undefined ? 'it is no JSON' : `it is of another form (${place || 'the whole'})`,
  );
}

const USUAL_RETRY_AFTER_MS = 60_000;

/** Finds the error of a status, 401 aside; undefined for success. */
export function errorOfStatus(
  { host }: Site,
  request: Request,
  answer: Answer,
): NightscoutError | undefined {
  const { status } = answer;
  const said = { host, call: nameOf(request), status };
  if (status >= 200 && status < 300) return undefined;
  // Browsers hide the status of a redirect that they do not follow: it is 0 there.
  if (status < 400) return new NightscoutError('redirected', { host, call: said.call });
  const retryAfterMs = retryAfterMsOf(answer.headers.get('retry-after'), answer.answeredMs);
  if (status === 429) {
    const wait = retryAfterMs ?? USUAL_RETRY_AFTER_MS;
    return new NightscoutError('rateLimited', { host, status, retryAfterMs: wait });
  }
  if (status >= 500 || status === 408) {
    const outcomeUnknown = request.method === 'POST';
    return new NightscoutError('unavailable', { ...said, outcomeUnknown, retryAfterMs });
  }
  const permission = /^Missing permission ([\w:*,]{1,80})$/.exec(messageIn(answer))?.[1]; // nightscout §3.3
  if (permission !== undefined)
    return new NightscoutError('permissionMissing', { host, permission });
  return status === 404
    ? new NightscoutError('notNightscout', said)
    : new NightscoutError('rejected', said);
}
