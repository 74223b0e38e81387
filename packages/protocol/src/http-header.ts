const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60_000;

/**
 * Unix milliseconds of an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT`; NaN for any other text.
 * Platforms read much more as a date. The two obsolete forms of RFC 9110, which no server may send
 * any more, are not read.
 */
export function httpDateMs(text: string): number {
  const ms = Date.parse(text);
  return new Date(ms).toUTCString() === text ? ms : Number.NaN;
}

/**
 * The wait in milliseconds that a header `Retry-After` asks for, in whole seconds or until an HTTP
 * date (RFC 9110): 0 to a day. Undefined if it is missing or something else.
 */
export function retryAfterMsOf(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : httpDateMs(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
