import type { EndpointName, FaultCode } from '@egvkit/protocol/share';
import { type Random, seededRandom } from '../receiver/random.ts';

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
  /** Carried out, but every value of the answer has another type. */
  | { readonly kind: 'wrongTypes' }
  /** The session that is used ends just before; a call without one is left alone. */
  | { readonly kind: 'expireSession' }
  /** Carried out after a while. */
  | { readonly kind: 'latency'; readonly ms: number };

/** What to do wrong, with which call (any, if left out) and how often (once, if left out). */
export type InjectedTrouble = Trouble & {
  readonly endpoint?: EndpointName;
  readonly times?: number;
};

/** Things that go wrong now and then: the same seed and requests, the same troubles. */
export interface RandomTrouble {
  readonly seed: number;
  /** How likely each request is to be hit: 0 … 1. */
  readonly probability: number;
  /** One of these, each as likely as the others. `times` is not looked at. */
  readonly among: readonly InjectedTrouble[];
}

const concerns = ({ endpoint }: InjectedTrouble, name: EndpointName): boolean =>
  endpoint === undefined || endpoint === name;

/** The troubles that are still to come: those in the queue in order, then those by chance. */
export class TroubleQueue {
  readonly #waiting: { readonly trouble: InjectedTrouble; left: number }[] = [];
  #chance: { readonly random: Random; readonly trouble: RandomTrouble } | undefined;

  add(trouble: InjectedTrouble): void {
    this.#waiting.push({ trouble, left: trouble.times ?? 1 });
  }

  /** Begins a series anew, in place of the one before. */
  roll(trouble: RandomTrouble): void {
    this.#chance = { random: seededRandom(trouble.seed), trouble };
  }

  clear(): void {
    this.#waiting.length = 0;
    this.#chance = undefined;
  }

  /** The next one that concerns a call, if any. */
  take(endpoint: EndpointName): Trouble | undefined {
    const index = this.#waiting.findIndex(({ trouble }) => concerns(trouble, endpoint));
    const next = this.#waiting[index];
    if (next === undefined) return this.#rolled(endpoint);
    next.left--;
    if (next.left <= 0) this.#waiting.splice(index, 1);
    return next.trouble;
  }

  #rolled(endpoint: EndpointName): Trouble | undefined {
    if (this.#chance === undefined) return undefined;
    const { random, trouble } = this.#chance;
    // Both are drawn for every request, so that the series does not depend on what it hits.
    const hit = random.chance(trouble.probability);
    const drawn = trouble.among[random.integer(0, trouble.among.length - 1)];
    return hit && drawn !== undefined && concerns(drawn, endpoint) ? drawn : undefined;
  }
}

/** Thrown by the service where a server has to end the connection without an answer. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';

  constructor() {
    super('The connection was dropped on purpose.');
  }
}
