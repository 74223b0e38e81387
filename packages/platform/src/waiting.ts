/** Waiting for promises and timers, with an end. */
import type { CancelSignal } from '@egvkit/protocol/receiver';

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

/** Waits for a promise, but no longer than `ms`; gives whether the promise came in time. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the signal's reason once it is aborted */
export async function sleep(ms: number, signal?: CancelSignal): Promise<void> {
  const stop = Promise.withResolvers<void>();
  try {
    await orAborted(within(stop.promise, ms), signal);
  } finally {
    stop.resolve();
  }
}

/** Makes a signal that is aborted with the caller's, or with an error after `ms`. Clear it in the end. */
export function deadline(
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
  ms: number,
  signal: AbortSignal | undefined,
  late: () => Error,
): { readonly signal: AbortSignal; readonly clear: () => void } {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const done = new AbortController();
  const expire = (): void => {
    if (!done.signal.aborted) stop.abort(late());
  };
  // A wait that rejects when it is stopped early is as good as one that resolves.
  wait(ms, done.signal).then(expire, () => {});
  signal?.addEventListener('abort', () => stop.abort(signal.reason), { signal: done.signal });
  return { signal: stop.signal, clear: () => done.abort() };
}
