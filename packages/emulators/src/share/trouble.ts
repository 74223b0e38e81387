import type { EndpointName, FaultCode } from '@egvkit/protocol/share';

/** Before the request is carried out, or after that but before the answer. */
export type When = 'before' | 'after';

/** One thing that goes wrong. */
export type Trouble =
  /** Refused with a code, and not carried out. */
  | { readonly kind: 'fault'; readonly code: FaultCode }
  /** A web page with a status, as gateways answer. */
  | { readonly kind: 'html'; readonly status: number; readonly when?: When }
  /** Any answer at all. */
  | { readonly kind: 'body'; readonly status: number; readonly body: string; readonly when?: When }
  /** The connection ends without an answer. */
  | { readonly kind: 'drop'; readonly when: When }
  /** No answer ever comes; the connection stays. */
  | { readonly kind: 'hang'; readonly when: When }
  /** Carried out, but the answer ends in the middle of its text. */
  | { readonly kind: 'truncate' }
  /** Carried out after a while. */
  | { readonly kind: 'latency'; readonly ms: number };

/** What to do wrong, with which call (any, if left out) and how often (once, if left out). */
export type InjectedTrouble = Trouble & {
  readonly endpoint?: EndpointName;
  readonly times?: number;
};

/** The troubles that are still to come, in order. */
export class TroubleQueue {
  readonly #waiting: { readonly trouble: InjectedTrouble; left: number }[] = [];

  add(trouble: InjectedTrouble): void {
    this.#waiting.push({ trouble, left: trouble.times ?? 1 });
  }

  /** The next one that concerns a call, if any. */
  take(endpoint: EndpointName): Trouble | undefined {
    const index = this.#waiting.findIndex(
      ({ trouble }) => trouble.endpoint === undefined || trouble.endpoint === endpoint,
    );
    const next = this.#waiting[index];
    if (next === undefined) return undefined;
    next.left--;
    if (next.left <= 0) this.#waiting.splice(index, 1);
    return next.trouble;
  }
}

/** Thrown by the service where a server has to end the connection without an answer. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';

  constructor() {
    super('The connection was dropped on purpose.');
  }
}
