import { sleep as timer } from '@egvkit/platform';
import { type Call, type CallData, encodeCall, type ReplyOf } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { ShareError } from '../errors/share-error.ts';
import { interpret, type Outcome, type Refusals } from '../http/answer.ts';
import { send, type Wire } from '../http/exchange.ts';
import type { Platform, Sleep } from '../http/platform.ts';
import { resolveTarget } from '../http/target.ts';
import type { ShareReaderOptions } from '../options.ts';
import { checkCredentials } from './credentials.ts';
import type { LogIn } from './login.ts';
import { LOCKED_FOR_MS } from './login-guard.ts';
import { Session } from './session.ts';
import { SeparateSessions } from './store.ts';

const FIRST_WAIT_MS = 1000;
/** Longest Retry-After that is waited for; beyond it the call fails. */
export const LONGEST_WAIT_MS = 60_000;

/** Parts beyond reading, so that a program that only reads need not carry them. */
export interface CallerParts {
  readonly logIn: LogIn;
  readonly refusals: Refusals;
  readonly explain: Wire['explain'];
}

/** Wait before a retry: half fixed, half chance, so that clients do not come back all at once. */
function backoffMs(retries: number, random: () => number): number {
  const ms = Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS);
  return ms / 2 + (ms / 2) * random();
}

/** Makes the data of a call that has parameters and no body. */
export function asking<const Rest extends object = object>(rest: Rest = {} as Rest) {
  return (sessionId: string) => ({ query: { sessionId, ...rest }, body: undefined });
}

/** Makes any call of the table for one account. */
export class Caller {
  readonly session: Session;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly wire: Wire;
  readonly #repeats: number;

  constructor(options: ShareReaderOptions & Platform, parts: CallerParts) {
    checkCredentials(options);
    const {
      accountName,
      accountId,
      password,
      fetch = (url, init) => globalThis.fetch(url, init),
      now = Date.now,
      sleep = timer,
      random = Math.random,
      store = new SeparateSessions(),
      timeoutMs = 30_000,
      loginTimeoutMs = 1.5 * timeoutMs,
      maxReplyBytes = 1024 * 1024,
      lockedForMs = LOCKED_FOR_MS,
      repeats = 2,
      userAgent = 'egvkit',
    } = options;
    const { logIn, refusals, explain } = parts;
    const how = { fetch, sleep, timeoutMs, maxReplyBytes, userAgent, explain };
    const wire = { ...resolveTarget(options), ...how };
    const account =
      accountName === undefined
        ? { accountId, password }
        : { accountName: accountName.trim(), password };
    this.now = now;
    this.sleep = sleep;
    this.random = random;
    this.#repeats = repeats;
    this.wire = wire;
    const rules = { now, lockedForMs, loginTimeoutMs, logIn, refusals };
    this.session = new Session({ wire, account, store, ...rules });
  }

  /** Makes one request and interprets its answer. */
  async #once<Row extends Call>(
    row: Row,
    data: CallData<Row>,
    options: CallOptions,
  ): Promise<Outcome<ReplyOf<Row>>> {
    const answer = await send(this.wire, row, encodeCall(row, data), options);
    return interpret(row, this.session.context(), answer);
  }

  /**
   * Time to wait before a call is retried; undefined if it must not be: only a call that changes
   * nothing can be made twice without finding out first if the first one was carried out.
   */
  #waitMs(row: Call, failure: unknown, retries: number): number | undefined {
    const canRetry = row.effect === 'read' && retries < this.#repeats;
    if (!canRetry || !(failure instanceof ShareError && failure.retryable)) return undefined;
    const { retryAfterMs = 0 } = failure.data as { readonly retryAfterMs?: number };
    if (retryAfterMs > LONGEST_WAIT_MS) return undefined;
    return Math.max(retryAfterMs, backoffMs(retries, this.random));
  }

  /** Makes a call without a session. Retries reads a few times if a retry can help. */
  async send<Row extends Call>(
    row: Row,
    data: CallData<Row>,
    options: CallOptions,
  ): Promise<Outcome<ReplyOf<Row>>> {
    for (let retries = 0; ; retries++) {
      let failure: unknown;
      let outcome: Outcome<ReplyOf<Row>> | undefined;
      try {
        outcome = await this.#once(row, data, options);
        if (outcome.refusal?.verdict.policy !== 'backoff') return outcome;
        failure = outcome.refusal.error;
      } catch (error) {
        failure = error;
      }
      const waitMs = this.#waitMs(row, failure, retries);
      if (waitMs !== undefined) await this.sleep(waitMs, options.signal);
      else if (outcome !== undefined) return outcome;
      else throw failure;
    }
  }

  /**
   * Makes a call with a session. Logs in once more, and only once, if the service has forgotten the
   * session.
   */
  async call<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    options: CallOptions,
  ): Promise<Outcome<ReplyOf<Row>>> {
    for (let loggedInAgain = false; ; loggedInAgain = true) {
      const sessionId = await this.session.id(options);
      const outcome = await this.send(row, data(sessionId), options);
      if (outcome.refusal?.verdict.policy !== 'relogin') return outcome;
      this.session.drop(sessionId);
      if (loggedInAgain) return outcome;
    }
  }

  /** Gives the value of a call; throws if it is refused. */
  async value<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    options: CallOptions,
  ): Promise<ReplyOf<Row>> {
    const outcome = await this.call(row, data, options);
    if (outcome.refusal !== undefined) throw outcome.refusal.error;
    return outcome.value;
  }
}
