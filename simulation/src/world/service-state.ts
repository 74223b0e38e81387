import type { Random } from '@egvkit/receiver-emulator';
import type { NetworkAnswer } from './network.ts';

/** A way in which a service is down. */
export type OutageKind = 'unavailable' | 'faults' | 'gateway' | 'tooManyRequests' | 'silent';

export const OUTAGE_KINDS: readonly OutageKind[] = [
  'unavailable',
  'faults',
  'gateway',
  'tooManyRequests',
  'silent',
];

/** An outage of a service. */
export interface Outage {
  readonly kind: OutageKind;
  /** Asks to wait so long, seconds; 0 if it says nothing. */
  readonly retryAfterSeconds: number;
}

/** Time in which a program was asked to make no requests, Unix ms. */
export interface Quiet {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Time until when it waits: longer, if its computer slept meanwhile. */
  readonly waitsUntilMs: number;
}

const NOT_ASKED: Quiet = {
  fromMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.NEGATIVE_INFINITY,
  waitsUntilMs: Number.NEGATIVE_INFINITY,
};

const encoder = new TextEncoder();

/** Troubles of a service, whatever it serves. */
export class ServiceTroubles {
  readonly outages = new Set<Outage>();
  /** Probability that a request is carried out and then answered with an error. */
  failsAfter = 0;
  /** By program, when it was asked to make no more requests, and until when. */
  readonly #quiet = new Map<string, Quiet>();
  readonly #random: Random;
  readonly #nowMs: () => number;

  constructor(random: Random, nowMs: () => number) {
    this.#random = random;
    this.#nowMs = nowMs;
  }

  get isDown(): boolean {
    return this.outages.size > 0;
  }

  /** Time in which a program was asked to make no requests. */
  quiet(from: string): Quiet {
    return this.#quiet.get(from) ?? NOT_ASKED;
  }

  /** Gives the answer in place of carrying a request out; `silent` for no answer at all. */
  instead(from: string): NetworkAnswer | 'silent' | undefined {
    const [outage] = this.outages;
    if (outage === undefined) return undefined;
    const { kind, retryAfterSeconds } = outage;
    if (kind === 'silent') return 'silent';
    if (kind === 'faults') return this.answer(500, '{"Code":"InternalServerError","Message":""}');
    if (kind === 'gateway') return this.answer(502, '<html>Bad Gateway</html>');
    const status = kind === 'tooManyRequests' ? 429 : 503;
    if (retryAfterSeconds === 0) return this.answer(status, '');
    const untilMs = this.#nowMs() + retryAfterSeconds * 1000;
    return {
      ...this.answer(status, '', { 'retry-after': String(retryAfterSeconds) }),
      onHeard: () => {
        const before = this.quiet(from);
        this.#quiet.set(from, {
          fromMs: this.#nowMs(),
          untilMs: Math.max(before.untilMs, untilMs),
          waitsUntilMs: Math.max(before.waitsUntilMs, untilMs),
        });
      },
    };
  }

  /** The computer of a program wakes: its steady clock stood still, and the program waits by that. */
  woke(from: string, sleptMs: number): void {
    const quiet = this.quiet(from);
    const { waitsUntilMs } = quiet;
    if (waitsUntilMs < this.#nowMs() - sleptMs) return;
    this.#quiet.set(from, { ...quiet, waitsUntilMs: waitsUntilMs + sleptMs });
  }

  failsNow(): boolean {
    return this.failsAfter > 0 && this.#random.chance(this.failsAfter);
  }

  answer(
    status: number,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): NetworkAnswer {
    return {
      status,
      headers: { ...headers, date: new Date(this.#nowMs()).toUTCString() },
      body: typeof body === 'string' ? encoder.encode(body) : body,
    };
  }
}
