import {
  Exchange,
  type ExchangeOptions,
  type ExchangeOutcome,
} from '../../src/receiver/exchange.ts';
import type { PreparedRequest } from '../../src/receiver/request.ts';
import { hex } from './bytes.ts';

/** Bytes that arrive some time after what they answer to. */
export interface Arrival {
  readonly afterMs: number;
  readonly bytes: Uint8Array;
}

/** Script of the other end: nothing is sent in reply to a request that has no entry. */
export interface Script {
  /** Lies in the line before the exchange begins. */
  readonly stale?: Uint8Array;
  /** For the first, second … time the request is sent: what arrives, counted from the sending. */
  readonly replies?: readonly (readonly Arrival[])[];
}

export interface Run<Reply> {
  readonly outcome: ExchangeOutcome<Reply>;
  /** One line a step, as in `12 read 2000`: the time it was asked at, and what was asked. */
  readonly steps: readonly string[];
  readonly sent: readonly string[];
  readonly endedAtMs: number;
  readonly drainedBytes: number;
}

/** More steps than any exchange may need: an exchange that does not end fails the test. */
const MAX_STEPS = 100_000;

/**
 * Plays an exchange against a script, on a clock that stands still unless the exchange waits:
 * the pump of a driver, without I/O.
 */
export function play<Reply>(
  request: PreparedRequest<Reply>,
  script: Script,
  options: ExchangeOptions = {},
): Run<Reply> {
  const exchange = new Exchange(request, options);
  const line: { atMs: number; bytes: Uint8Array }[] = [];
  if (script.stale !== undefined) line.push({ atMs: 0, bytes: script.stale });
  const steps: string[] = [];
  const sent: string[] = [];
  let nowMs = 0;
  let drainedBytes = 0;

  /** The next bytes within `timeoutMs`; the clock moves to their arrival, or to the timeout. */
  function read(timeoutMs: number): Uint8Array {
    const next = line[0];
    if (next === undefined || next.atMs > nowMs + timeoutMs) {
      nowMs += timeoutMs;
      return new Uint8Array(0);
    }
    line.shift();
    nowMs = Math.max(nowMs, next.atMs);
    return next.bytes;
  }

  function drain(quietMs: number, limitMs: number): number {
    const untilMs = nowMs + limitMs;
    let dropped = 0;
    for (;;) {
      const bytes = read(Math.min(quietMs, Math.max(0, untilMs - nowMs)));
      dropped += bytes.length;
      if (bytes.length === 0 || nowMs >= untilMs) return dropped;
    }
  }

  let step = exchange.begin();
  for (let count = 0; count < MAX_STEPS; count++) {
    switch (step.do) {
      case 'drain': {
        steps.push(`${nowMs} drain ${step.quietMs} ${step.limitMs}`);
        const dropped = drain(step.quietMs, step.limitMs);
        drainedBytes += dropped;
        step = exchange.drained(dropped);
        break;
      }
      case 'send': {
        steps.push(`${nowMs} send`);
        const startMs = nowMs;
        for (const { afterMs, bytes } of script.replies?.[sent.length] ?? []) {
          line.push({ atMs: startMs + afterMs, bytes });
        }
        line.sort((a, b) => a.atMs - b.atMs);
        sent.push(hex(step.bytes));
        step = exchange.sent(nowMs);
        break;
      }
      case 'read': {
        steps.push(`${nowMs} read ${step.timeoutMs}`);
        step = exchange.received(read(step.timeoutMs), nowMs);
        break;
      }
      case 'done':
        steps.push(`${nowMs} done ${step.outcome.kind}`);
        return { outcome: step.outcome, steps, sent, endedAtMs: nowMs, drainedBytes };
    }
  }
  throw new Error(`no end after ${MAX_STEPS} steps; the last: ${steps.slice(-3).join(', ')}`);
}

/** One piece of reply after `afterMs`. */
export function after(afterMs: number, bytes: Uint8Array): Arrival {
  return { afterMs, bytes };
}

/** The same in reply to every request. */
export function always(...arrivals: Arrival[]): Script {
  return { replies: [arrivals, arrivals, arrivals] };
}
