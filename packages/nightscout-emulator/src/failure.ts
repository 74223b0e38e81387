/** Calls that the site answers. */
export const CALLS = [
  'v1 status',
  'v1 read',
  'v1 create',
  'v2 authorize',
  'v3 version',
  'v3 status',
  'v3 lastModified',
  'v3 read',
  'v3 create',
] as const;

export type CallName = (typeof CALLS)[number];

/** Time of a failure: before the request is carried out, or after that and before the answer. */
export type When = 'before' | 'after';

/** One failure of the site, or of what stands before it. */
export type Failure =
  /** A web page with a status, as hosts and gateways answer. */
  | {
      readonly kind: 'html';
      readonly status: number;
      readonly when?: When | undefined;
      readonly retryAfterSeconds?: number | undefined;
    }
  /** Any answer at all. */
  | { readonly kind: 'body'; readonly status: number; readonly body: string; readonly when?: When }
  /** Sent to another place, and not carried out. */
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  /** The connection ends without an answer. */
  | { readonly kind: 'drop'; readonly when: When }
  /** No answer ever comes; the connection stays. */
  | { readonly kind: 'hang'; readonly when: When }
  /** Carried out, but the answer ends in the middle of its text. */
  | { readonly kind: 'truncate' }
  /** Carried out after a while. */
  | { readonly kind: 'latency'; readonly ms: number };

/**
 * A failure to come, the call that it hits (any, if left out) and its times (once, if left out; an
 * outage has `Infinity`, until `clearFailures`).
 */
export type InjectedFailure = Failure & { readonly call?: CallName; readonly times?: number };

/** Failures that are still to come, in order. */
export class FailureQueue {
  readonly #waiting: { readonly failure: InjectedFailure; left: number }[] = [];

  add(failure: InjectedFailure): void {
    this.#waiting.push({ failure, left: failure.times ?? 1 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** Takes the next failure of a call, if any. */
  take(name: CallName): Failure | undefined {
    const index = this.#waiting.findIndex(({ failure: { call } }) => (call ?? name) === name);
    const next = this.#waiting[index];
    if (next === undefined) return undefined;
    next.left--;
    if (next.left <= 0) this.#waiting.splice(index, 1);
    return next.failure;
  }
}

/** Connection that the server has to end without an answer. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';

  constructor() {
    super('The connection was dropped on purpose.');
  }
}
