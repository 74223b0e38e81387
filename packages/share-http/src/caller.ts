import { ShareError } from '@egvkit/protocol';
import {
  type Call,
  type CallData,
  encodeCall,
  type FaultVerdict,
  type ReplyOf,
} from '@egvkit/protocol/share';
import { interpret, type Outcome } from './answer.ts';
import { send, type Wire } from './http.ts';
import {
  checkCredentials,
  resolveTarget,
  type ShareClientOptions,
  type Target,
} from './options.ts';
import { type Sleep, sleep, unlessAborted } from './platform.ts';
import { Session } from './session.ts';
import { type SignIn, signInByTwoSteps } from './sign-in.ts';
import { MemorySessionStore } from './store.ts';

const TIMEOUT_MS = 30_000;
const MAX_REPLY_BYTES = 1024 * 1024;
const LOCKED_FOR_MS = 10 * 60 * 1000;
const REPEATS = 2;

/** A contact made a moment ago may not be found yet (spec/share §2.1). */
const SETTLE_MS = 2000;
const FIRST_WAIT_MS = 1000;
/** Whoever is to wait longer than this is told so instead. */
const LONGEST_WAIT_MS = 60_000;

/** What goes beyond reading; a program that only reads carries none of it. */
export interface CallerParts {
  readonly signIn: SignIn;
  /** What to tell the user about a fault. */
  readonly advise: (verdict: FaultVerdict) => string;
}

const PLAIN: CallerParts = {
  signIn: signInByTwoSteps,
  advise: () => 'The table FAULTS of @egvkit/protocol/share says what helps.',
};

/** Half the wait is fixed, half is chance, so that clients do not come back all at once. */
function backoffMs(repeats: number, random: () => number): number {
  const ms = Math.min(FIRST_WAIT_MS * 2 ** repeats, LONGEST_WAIT_MS);
  return ms / 2 + (ms / 2) * random();
}

/** The data of a call that has parameters and no body. */
export function asking<const Rest extends object = object>(rest: Rest = {} as Rest) {
  return (sessionId: string) => ({ query: { sessionId, ...rest }, body: undefined });
}

/** Makes any call of the table for one account. */
export class Caller {
  readonly target: Target;
  readonly session: Session;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly #wire: Wire;
  readonly #repeats: number;

  constructor(options: ShareClientOptions, parts: CallerParts = PLAIN) {
    checkCredentials(options);
    const { accountName, accountId, password } = options;
    this.target = resolveTarget(options);
    this.now = options.now ?? Date.now;
    this.sleep = options.sleep ?? sleep;
    this.random = options.random ?? Math.random;
    this.#repeats = options.repeats ?? REPEATS;
    this.#wire = {
      origin: this.target.origin,
      host: this.target.host,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      sleep: this.sleep,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxReplyBytes: options.maxReplyBytes ?? MAX_REPLY_BYTES,
      userAgent: options.userAgent ?? 'egvkit',
    };
    this.session = new Session({
      wire: this.#wire,
      target: this.target,
      account:
        accountName === undefined
          ? { accountId, password }
          : { accountName: accountName.trim(), password },
      store: options.store ?? new MemorySessionStore(),
      now: this.now,
      lockedForMs: options.lockedForMs ?? LOCKED_FOR_MS,
      ...parts,
    });
  }

  /** Waits; throws the signal's reason if it is aborted meanwhile. */
  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const waited = this.sleep(ms, signal ?? new AbortController().signal);
    await unlessAborted(waited, signal);
    signal?.throwIfAborted();
  }

  /** One request and what its answer means. */
  async #once<Row extends Call>(
    row: Row,
    data: CallData<Row>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<ReplyOf<Row>>> {
    const answer = await send(this.#wire, row, encodeCall(row, data), signal);
    return interpret(row, this.session.context(), answer);
  }

  /**
   * How long to wait before a call is repeated; undefined if it must not be: only a call that
   * changes nothing can be made twice without asking first what the first one did.
   */
  #waitMs(row: Call, error: ShareError, repeats: number): number | undefined {
    if (row.effect !== 'read' || !error.retryable || repeats >= this.#repeats) return undefined;
    const { retryAfterMs = 0 } = error.data as { readonly retryAfterMs?: number };
    if (retryAfterMs > LONGEST_WAIT_MS) return undefined;
    return Math.max(retryAfterMs, backoffMs(repeats, this.random));
  }

  /** A call without a session. Reads are repeated a few times if now is a bad moment. */
  async send<Row extends Call>(
    row: Row,
    data: CallData<Row>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<ReplyOf<Row>>> {
    for (let repeats = 0; ; repeats++) {
      let failure: ShareError;
      let outcome: Outcome<ReplyOf<Row>> | undefined;
      try {
        outcome = await this.#once(row, data, signal);
        if (outcome.refusal?.verdict.policy !== 'backoff') return outcome;
        failure = outcome.refusal.error;
      } catch (error) {
        if (!(error instanceof ShareError)) throw error;
        failure = error;
      }
      const waitMs = this.#waitMs(row, failure, repeats);
      if (waitMs === undefined) {
        if (outcome !== undefined) return outcome;
        throw failure;
      }
      await this.wait(waitMs, signal);
    }
  }

  /**
   * A call with a session; signs in once more, and only once, if the service has forgotten it,
   * and waits once for what was just made to be found.
   */
  async call<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<ReplyOf<Row>>> {
    let signedInAgain = false;
    let waited = false;
    for (;;) {
      const sessionId = await this.session.id(signal);
      const outcome = await this.send(row, data(sessionId), signal);
      const policy = outcome.refusal?.verdict.policy;
      if (policy === 'relogin') {
        this.session.drop(sessionId);
        if (signedInAgain) return outcome;
        signedInAgain = true;
      } else if (policy === 'wait' && !waited) {
        waited = true;
        await this.wait(SETTLE_MS, signal);
      } else return outcome;
    }
  }

  /** What a call gives; throws if it is refused. */
  async value<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    signal: AbortSignal | undefined,
  ): Promise<ReplyOf<Row>> {
    const outcome = await this.call(row, data, signal);
    if (outcome.refusal !== undefined) throw outcome.refusal.error;
    return outcome.value;
  }
}
