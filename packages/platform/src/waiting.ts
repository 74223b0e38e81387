/** Waiting for promises and timers, with an end. */
import { outOfRange } from '@egvkit/protocol';
import type { CancelSignal } from '@egvkit/protocol/receiver';

/** Longest wait of the platform's timers, 24.8 days: a longer one would not wait at all. */
export const LONGEST_TIMER_MS = 0x7fff_ffff;

/**
 * Waits for a promise, but not beyond an abort.
 *
 * @throws the signal's reason once it is aborted
 */
export async function orAborted<T>(
  promise: Promise<T>,
  signal: CancelSignal | undefined,
): Promise<T> {
  if (!signal) return promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Waits for a promise, but no longer than `ms`, nor than 24.8 days; gives whether the promise came in time. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS), false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for `ms`, but no longer than 24.8 days.
 *
 * @throws the signal's reason once it is aborted
 */
export async function sleep(ms: number, signal?: CancelSignal): Promise<void> {
  const stop = Promise.withResolvers<void>();
  try {
    await orAborted(within(stop.promise, ms), signal);
  } finally {
    stop.resolve();
  }
}

/**
 * Makes a signal that is aborted with the caller's, or with an error after `ms`. Clear it in the end.
 *
 * @param wait {@link sleep}, or one of tests: throws when its signal is aborted
 * @param ms 1 or more; `Infinity` for no limit
 * @throws InputError `outOfRange`; the signal's reason if it is aborted
 */
export function deadline(
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
  ms: number,
  signal: AbortSignal | undefined,
  late: () => Error,
): { readonly signal: AbortSignal; readonly clear: () => void } {
  signal?.throwIfAborted();
  if (!(ms >= 1)) throw outOfRange('timeoutMs', ms, '1 or more');
  const stop = new AbortController();
  const done = new AbortController();
  wait(ms, done.signal).then(
    () => stop.abort(late()),
    () => {},
  );
  signal?.addEventListener('abort', () => stop.abort(signal.reason), { signal: done.signal });
  return { signal: stop.signal, clear: () => done.abort() };
}
