import { ShareError, type ShareErrorCode } from '@egvkit/protocol';
import {
  type Call,
  type CallData,
  encodeCall,
  judgeReadingFault,
  type ReplyOf,
} from '@egvkit/protocol/share';
import { interpret, type Outcome, type Refusals } from './answer.ts';
import { send, type Wire } from './http.ts';
import {
  checkCredentials,
  resolveTarget,
  type ShareReaderOptions,
  type Target,
} from './options.ts';
import { type Sleep, sleep as timer, unlessAborted } from './platform.ts';
import { Session } from './session.ts';
import { type SignIn, signInByTwoSteps } from './sign-in.ts';
import { MemorySessionStore } from './store.ts';

const FIRST_WAIT_MS = 1000;
/** Whoever is to wait longer than this is told so instead. */
const LONGEST_WAIT_MS = 60_000;

/** What goes beyond reading; a program that only reads carries none of it. */
export interface CallerParts {
  readonly signIn: SignIn;
  readonly refusals: Refusals;
  readonly explain: Wire['explain'];
}

/** What is said where a browser tells nothing about a connection that failed. */
export const NO_REASON = 'no reason was given';

/** A program that only reads: what it cannot meet, it does not carry. */
const READING: CallerParts = {
  signIn: signInByTwoSteps,
  refusals: {
    judge: judgeReadingFault,
    advise: () => 'See FAULTS of @egvkit/protocol/share.',
    // The faults it knows become nothing else.
    error: (code, facts) => new ShareError(code as ShareErrorCode, facts as never),
  },
  explain: (code) => code || NO_REASON,
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

  constructor(options: ShareReaderOptions, parts: CallerParts = READING) {
    checkCredentials(options);
    const {
      accountName,
      accountId,
      password,
      fetch = (url, init) => globalThis.fetch(url, init),
      now = Date.now,
      sleep = timer,
      random = Math.random,
      store = new MemorySessionStore(),
      timeoutMs = 30_000,
      maxReplyBytes = 1024 * 1024,
      lockedForMs = 10 * 60 * 1000,
      repeats = 2,
      userAgent = 'egvkit',
    } = options;
    const target = resolveTarget(options);
    const { signIn, refusals, explain } = parts;
    const wire = { ...target, fetch, sleep, timeoutMs, maxReplyBytes, userAgent, explain };
    const account =
      accountName === undefined
        ? { accountId, password }
        : { accountName: accountName.trim(), password };
    this.target = target;
    this.now = now;
    this.sleep = sleep;
    this.random = random;
    this.#repeats = repeats;
    this.#wire = wire;
    const how = { now, lockedForMs, signIn, refusals };
    this.session = new Session({ wire, account, store, ...how });
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
  #waitMs(row: Call, failure: unknown, repeats: number): number | undefined {
    const canRepeat = row.effect === 'read' && repeats < this.#repeats;
    if (!canRepeat || !(failure instanceof ShareError && failure.retryable)) return undefined;
    const { retryAfterMs = 0 } = failure.data as { readonly retryAfterMs?: number };
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
      let failure: unknown;
      let outcome: Outcome<ReplyOf<Row>> | undefined;
      try {
        outcome = await this.#once(row, data, signal);
        if (outcome.refusal?.verdict.policy !== 'backoff') return outcome;
        failure = outcome.refusal.error;
      } catch (error) {
        failure = error;
      }
      const waitMs = this.#waitMs(row, failure, repeats);
      if (waitMs !== undefined) await this.wait(waitMs, signal);
      else if (outcome !== undefined) return outcome;
      else throw failure;
    }
  }

  /** A call with a session; signs in once more, and only once, if the service has forgotten it. */
  async call<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<ReplyOf<Row>>> {
    for (let signedInAgain = false; ; signedInAgain = true) {
      const sessionId = await this.session.id(signal);
      const outcome = await this.send(row, data(sessionId), signal);
      if (outcome.refusal?.verdict.policy !== 'relogin') return outcome;
      this.session.drop(sessionId);
      if (signedInAgain) return outcome;
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
