import { httpDateMs, retryAfterMsOf } from '@egvkit/protocol';
import { type Decoded, decodeDate, encodeCall, systemUtcTime } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { interpret } from '../http/answer.ts';
import { type HttpAnswer, send } from '../http/exchange.ts';
import { statusRow } from '../http/status-rows.ts';
import { unreadable } from '../readings/readings.ts';
import type { Caller } from '../session/caller.ts';

/** The service's clock as it tells it. */
export interface ServiceTime {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** Zone of the service, to add to UTC. */
  readonly offsetMinutes: number;
}

/** The service's clock beside this computer's. */
export interface ClockOffset {
  /** Service minus computer in ms: negative if this computer's clock is ahead. */
  readonly offsetMs: number;
  /** Largest error of `offsetMs` in ms. */
  readonly uncertaintyMs: number;
}

/** Reads the service's clock; needs no session. */
export async function readClock(caller: Caller, options: CallOptions): Promise<ServiceTime> {
  const row = systemUtcTime;
  const outcome = await caller.send(row, { query: {}, body: undefined }, options);
  if (outcome.refusal !== undefined) throw outcome.refusal.error;
  const { DateTime, OffsetMinutes } = outcome.value;
  const date = decodeDate(DateTime);
  if (date === undefined) {
    throw unreadable(caller, row, 'DateTime cannot be read', outcome.value);
  }
  return { utcMs: date.utcMs, offsetMinutes: OffsetMinutes };
}

/** Half of the whole seconds that the header `Date` counts in: passed on average. */
const HALF_SECOND_MS = 500;

/** The time in an answer and its largest error: from its body, else from its header. */
function timeIn({ status, text, headers }: HttpAnswer): [utcMs: number, offMs: number] | undefined {
  if (status === 200) {
    const decoded = systemUtcTime.reply.decode(text) as Decoded<{ DateTime: string }>;
    const date = decoded.ok ? decodeDate(decoded.value.DateTime) : undefined;
    if (date !== undefined) return [date.utcMs, 0];
  }
  const headerMs = httpDateMs(headers.get('date') ?? '');
  return Number.isNaN(headerMs) ? undefined : [headerMs + HALF_SECOND_MS, HALF_SECOND_MS];
}

/** True for an answer that asks to be left alone for a time: whoever wants the clock goes on to other requests. */
function asksToWait({ status, text, headers }: HttpAnswer, nowMs: number): boolean {
  const row = statusRow(status, text);
  if (row === undefined) return false;
  return (row.retryAfterMs ?? retryAfterMsOf(headers.get('retry-after'), nowMs) ?? 0) > 0;
}

/**
 * Compares the service's clock with this computer's by one request that needs no account. Every
 * answer serves, refusals too, if it has a header `Date` (which browsers hide from pages) and asks for
 * no wait.
 *
 * @returns undefined if the answer tells no time
 */
export async function readClockOffset(
  caller: Caller,
  options: CallOptions,
): Promise<ClockOffset | undefined> {
  const row = systemUtcTime;
  const sentMs = caller.now();
  const request = encodeCall(row, { query: {}, body: undefined });
  const answer = await send(caller.wire, row, request, options);
  const answeredMs = caller.now();
  if (asksToWait(answer, answeredMs)) interpret(row, caller.session.context(), answer);
  const told = timeIn(answer);
  if (told === undefined) return undefined;
  const [utcMs, offMs] = told;
  const tripMs = Math.max(0, answeredMs - sentMs);
  return { offsetMs: utcMs - (sentMs + tripMs / 2), uncertaintyMs: tripMs / 2 + offMs };
}
