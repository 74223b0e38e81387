import { ReceiverError } from '@egvkit/protocol';
import {
  type CommandName,
  type CommandReply,
  type CommandRequest,
  Exchange,
  type ExchangeOptions,
  type ExchangeOutcome,
  type ExchangeStep,
  type Permission,
  prepareRequest,
  type Transport,
} from '@egvkit/protocol/receiver';

/** After this many failures in a row nothing more is sent (spec/receiver §12.11). */
const MOST_FAILURES = 3;

export interface LineOptions extends ExchangeOptions, Permission {
  /** A clock in milliseconds that never goes back; `performance.now` by default. */
  readonly monotonicMs?: () => number;
  /** A pause before every request, in ms. 0 by default: a G4 needs none (§8, pacing). */
  readonly pauseMs?: number;
}

/**
 * Asks a receiver over a transport: one request at a time, each an `Exchange` that is pumped to
 * its end. Keeps count of failures, and knows when a late reply may still be on its way.
 */
export class Line {
  readonly #transport: Transport;
  readonly #options: LineOptions;
  readonly #now: () => number;
  /** The end of the queue: requests that are asked for at once wait for each other. */
  #last: Promise<void> = Promise.resolve();
  #failures = 0;
  #unsettled = true;
  /** Until then the reply to a request that was interrupted may come. */
  #replyDueMs = 0;

  constructor(transport: Transport, options: LineOptions = {}) {
    this.#transport = transport;
    this.#options = options;
    this.#now = options.monotonicMs ?? (() => performance.now());
  }

  /** The time on the clock that this goes by, in ms. */
  readonly monotonicMs = (): number => this.#now();

  /** Throws as {@link ask} would for a request that is not allowed or cannot be made. */
  check<Name extends CommandName>(name: Name, request: CommandRequest<Name>): void {
    prepareRequest(name, request, this.#options);
  }

  /**
   * Sends a command from the table and gives its reply.
   *
   * @param onSend is told of every sending: before it has its turn, a request may wait for long
   * @throws ReceiverError `notAllowed`, `timeout`, `corrupt`, `refused`, `stopped`, or what the
   *   transport throws; InputError `outOfRange` if an argument does not fit
   */
  async ask<Name extends CommandName>(
    name: Name,
    request: CommandRequest<Name>,
    signal?: AbortSignal,
    onSend?: () => void,
  ): Promise<CommandReply<Name>> {
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    try {
      await unlessAborted(before, signal);
      return await this.#exchange(name, request, signal, onSend);
    } finally {
      // One that was given up in the queue lets nobody past those before it.
      turn.resolve(before);
    }
  }

  async #exchange<Name extends CommandName>(
    name: Name,
    request: CommandRequest<Name>,
    signal: AbortSignal | undefined,
    onSend: (() => void) | undefined,
  ): Promise<CommandReply<Name>> {
    if (this.#failures >= MOST_FAILURES) {
      throw new ReceiverError('stopped', { failures: this.#failures });
    }
    const prepared = prepareRequest(name, request, this.#options);
    const exchange = new Exchange(prepared, { ...this.#options, unsettled: this.#unsettled });
    // Whatever interrupts the exchange from here on, its reply may come later.
    this.#unsettled = true;
    await this.#awaitLateReply(signal);
    let sendings = 0;
    const outcome = await this.#pump(exchange, signal, () => {
      sendings++;
      this.#replyDueMs = this.#now() + prepared.timeoutMs;
      onSend?.();
    });
    this.#replyDueMs = 0;
    switch (outcome.kind) {
      case 'reply':
        this.#failures = 0;
        this.#unsettled = sendings > 1;
        return outcome.reply;
      case 'refused':
        this.#failures = 0;
        this.#unsettled = sendings > 1;
        throw new ReceiverError('refused', {
          command: name,
          responseCode: outcome.code,
          responseName: outcome.name,
        });
      case 'timeout': {
        this.#failures++;
        const { afterMs, attempts } = outcome;
        throw new ReceiverError('timeout', { command: name, afterMs, attempts });
      }
      case 'corrupt': {
        this.#failures++;
        const { reason, attempts } = outcome;
        throw new ReceiverError('corrupt', { command: name, reason, attempts });
      }
    }
  }

  async #pump<Reply>(
    exchange: Exchange<Reply>,
    signal: AbortSignal | undefined,
    onSend: () => void,
  ): Promise<ExchangeOutcome<Reply>> {
    const transport = this.#transport;
    const { pauseMs = 0 } = this.#options;
    let step: ExchangeStep<Reply> = exchange.begin();
    for (;;) {
      switch (step.do) {
        case 'drain':
          step = exchange.drained(await this.#drain(step.quietMs, step.limitMs, signal));
          break;
        case 'send':
          if (pauseMs > 0) await this.#drain(pauseMs, pauseMs, signal);
          onSend();
          await transport.write(step.bytes, signal);
          step = exchange.sent(this.#now());
          break;
        case 'read': {
          const bytes = await transport.read(step.timeoutMs, signal);
          step = exchange.received(bytes, this.#now());
          break;
        }
        case 'done':
          return step.outcome;
      }
    }
  }

  /**
   * A request was interrupted and its reply has not come: waits until it begins to, or is past
   * its time. Sending another before would have it taken for the answer to that one.
   */
  async #awaitLateReply(signal: AbortSignal | undefined): Promise<void> {
    const leftMs = this.#replyDueMs - this.#now();
    if (leftMs > 0) await this.#transport.read(leftMs, signal);
    this.#replyDueMs = 0;
  }

  /** Drops what comes until the line is quiet; gives the number of bytes. */
  async #drain(quietMs: number, limitMs: number, signal: AbortSignal | undefined): Promise<number> {
    const end = this.#now() + limitMs;
    let dropped = 0;
    for (;;) {
      const left = Math.max(0, end - this.#now());
      const bytes = await this.#transport.read(Math.min(quietMs, left), signal);
      dropped += bytes.length;
      if (bytes.length === 0 || left === 0) return dropped;
    }
  }

  /** Releases the port. A request that is under way fails with `closed`. */
  async close(): Promise<void> {
    await this.#transport.close();
  }
}

/** Waits for a turn, but not beyond the abort of `signal`. */
async function unlessAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await turn;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    await Promise.race([turn, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
