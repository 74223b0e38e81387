/** Waits; ends early and quietly when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Function like the platform's `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Clock, timer and chance of a client: the platform's own, replaced by tests only. */
export interface Platform {
  /** Unix milliseconds. */
  readonly now?: (() => number) | undefined;
  readonly sleep?: Sleep | undefined;
  /** From 0 up to 1: spreads retries, so that clients do not come all at once. */
  readonly random?: (() => number) | undefined;
}

/** Longest wait of the platform's timer; a longer one would not wait at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The platform's timer as a {@link Sleep}. */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });

/**
 * Makes a signal that is aborted with the caller's, or with an error after `ms`. Clear it in the end.
 */
export function deadline(
  sleepFor: Sleep,
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
  // A sleep that rejects when it is stopped early is as good as one that resolves.
  sleepFor(ms, done.signal).then(expire, () => {});
  signal?.addEventListener('abort', () => stop.abort(signal.reason), { signal: done.signal });
  return { signal: stop.signal, clear: () => done.abort() };
}

/** Gives the result of `work`, or the signal's reason as soon as it is aborted; `work` goes on. */
export async function unlessAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  const done = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { signal: done.signal });
    if (signal?.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    done.abort();
  }
}
