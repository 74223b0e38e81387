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
