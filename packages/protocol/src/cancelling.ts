/** The part of the platform's `AbortSignal` that is used; every `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Waits for a promise, but not beyond an abort; what the promise stands for goes on.
 *
 * @throws the signal's reason once it is aborted
 */
export async function orAborted<Value>(
  promise: Promise<Value>,
  signal: CancelSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
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
