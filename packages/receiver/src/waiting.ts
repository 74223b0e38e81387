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
