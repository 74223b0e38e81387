/** Waits; throws the signal's reason when it is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

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
