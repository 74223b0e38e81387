import type { EndpointName, FaultCode } from '@egvkit/protocol/share';
import { type Random, seededRandom } from '@egvkit/receiver-emulator';

/** Time of a failure: before the request is carried out, or after that and before the answer. */
export type When = 'before' | 'after';

/** One failure of the service. */
export type Failure =
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
  /** Carried out, but every value of the answer has another type. */
  | { readonly kind: 'wrongTypes' }
  /** The session that is used ends just before; a call without one is left alone. */
  | { readonly kind: 'expireSession' }
  /** Carried out after a while. */
  | { readonly kind: 'latency'; readonly ms: number };

/** A failure to come, the call that it hits (any, if left out) and its times (once, if left out). */
export type InjectedFailure = Failure & {
  readonly endpoint?: EndpointName | undefined;
  readonly times?: number | undefined;
};

/** Failures by chance: the same seed and requests give the same failures. */
export interface RandomFailure {
  readonly seed: number;
  /** Chance of each request to be hit: 0 … 1. */
  readonly probability: number;
  /** One of these, each as likely as the others. `times` is not looked at. */
  readonly among: readonly InjectedFailure[];
}

const concerns = ({ endpoint }: InjectedFailure, name: EndpointName): boolean =>
  endpoint === undefined || endpoint === name;

/** Failures that are still to come: those in the queue in order, then those by chance. */
export class FailureQueue {
  readonly #waiting: { readonly failure: InjectedFailure; left: number }[] = [];
  #chance: { readonly random: Random; readonly failure: RandomFailure } | undefined;

  /** Adds a failure to the end of the queue. */
  add(failure: InjectedFailure): void {
    this.#waiting.push({ failure, left: failure.times ?? 1 });
  }

  /** Begins a series anew, in place of the one before. */
  roll(failure: RandomFailure): void {
    this.#chance = { random: seededRandom(failure.seed), failure };
  }

  /** Takes all failures out. */
  clear(): void {
    this.#waiting.length = 0;
    this.#chance = undefined;
  }

  /** Takes the next failure of a call, if any. */
  take(endpoint: EndpointName): Failure | undefined {
    const index = this.#waiting.findIndex(({ failure }) => concerns(failure, endpoint));
    const next = this.#waiting[index];
    if (next === undefined) return this.#rolled(endpoint);
    next.left--;
    if (next.left <= 0) this.#waiting.splice(index, 1);
    return next.failure;
  }

  #rolled(endpoint: EndpointName): Failure | undefined {
    if (this.#chance === undefined) return undefined;
    const { random, failure } = this.#chance;
    // Both are drawn for every request, so that the series does not depend on what it hits.
    const hit = random.chance(failure.probability);
    const drawn = failure.among[random.integer(0, failure.among.length - 1)];
    return hit && drawn !== undefined && concerns(drawn, endpoint) ? drawn : undefined;
  }
}

/** Connection that the server has to end without an answer. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';

  constructor() {
    super('The connection was dropped on purpose.');
  }
}
