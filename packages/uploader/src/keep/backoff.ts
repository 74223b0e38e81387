import { EgvkitError } from '@egvkit/protocol';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Waits after the first, second, … failure in a row; the last one from then on (ours). */
const LADDER_MS: readonly number[] = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
];

/** Wait where waiting does not help: long enough to be no burden, short enough to notice a change. */
const UNCHANGED_MS = 15 * MINUTE_MS;

/** A service that asks for more than a day is taken at a day. */
const LONGEST_ASKED_MS = 24 * 60 * MINUTE_MS;

/** Each wait is longer by up to this part, so that many computers do not come back at once. */
const JITTER = 0.2;

/** Attempt that failed. */
export interface FailedAttempt {
  readonly error: unknown;
  /** Failures in a row, this one included: from 1. */
  readonly failures: number;
  /** Longest wait before jitter is added, unless the service asks for more, ms. */
  readonly longestMs: number;
  /** This computer's time, Unix ms. */
  readonly nowMs: number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/**
 * Computes the wait before the next attempt, ms: 30 s, 1, 2, 5 and 15 minutes, 15 minutes at once for what
 * does not pass by itself, and as long as the service asks, if that is longer. Never
 * shorter than that: jitter only adds.
 */
export function waitAfter({ error, failures, longestMs, nowMs, random }: FailedAttempt): number {
  const passes = !(error instanceof EgvkitError) || error.retryable;
  const step = LADDER_MS[Math.min(failures, LADDER_MS.length) - 1] ?? UNCHANGED_MS;
  const ownMs = Math.min(passes ? step : UNCHANGED_MS, longestMs);
  return Math.max(ownMs, askedMs(error, nowMs)) * (1 + JITTER * random());
}

/** Time that the service asks to wait: a Retry-After, or the end of a lock. */
function askedMs(error: unknown, nowMs: number): number {
  if (!(error instanceof EgvkitError)) return 0;
  const { retryAfterMs, untilMs } = error.data as {
    readonly retryAfterMs?: number;
    readonly untilMs?: number;
  };
  const asked = retryAfterMs ?? (untilMs === undefined ? 0 : untilMs - nowMs);
  return Math.min(Math.max(asked, 0), LONGEST_ASKED_MS);
}
