/** Waits; ends early and quietly when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The part of the platform's `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What the client needs of its surroundings. Everything has the platform's own as default. */
export interface Platform {
  readonly fetch?: Fetch;
  /** Unix milliseconds. */
  readonly now?: () => number;
  readonly sleep?: Sleep;
  /** From 0 up to 1: spreads repeats, so that clients do not come all at once. */
  readonly random?: () => number;
}

/** Timers that are to wait longer do not wait at all. */
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

/** The result of `work`, or the signal's reason as soon as it is aborted; `work` goes on. */
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
