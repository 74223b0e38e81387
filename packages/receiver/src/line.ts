import { orAborted } from '@egvkit/platform';
import type {
  CommandName,
  Permission,
  PreparedRequest,
  Transport,
} from '@egvkit/protocol/receiver';
import {
  type Command,
  Exchange,
  type ExchangeOptions,
  ping,
  prepare,
} from '@egvkit/protocol/receiver/wire';
import { type Answer, agree, claimOf, given, pagesOf, TELLS_TIME } from './answer.ts';
import { type Pages, QuestionsBetween } from './between.ts';
import { ReceiverError } from './errors.ts';
import { OutstandingReplies } from './outstanding.ts';
import { Pump } from './pump.ts';

/** Failures in a row after which nothing more is sent. */
const MOST_FAILURES = 3; // receiver §12.11

/** Most times that a request is repeated while its answer may belong to another request. */
const MOST_ROUNDS = 12; // Our choice.

/** Most copies of the same old reply that are allowed for. */
const MOST_DOUBTS = 2; // Our choice.

export interface LineOptions extends Pick<ExchangeOptions, 'resends' | 'quietMs'>, Permission {
  /** A clock in milliseconds that never goes back; `performance.now` by default. */
  readonly monotonicMs?: (() => number) | undefined;
  /** Milliseconds of pause before every request; 0 by default: a G4 needs none. */
  readonly pauseMs?: number | undefined; // receiver §8
}

type Row<Request, Reply> = Command<Request, Reply, CommandName>;

/**
 * Asks a receiver over a transport: one request at a time, each an `Exchange` that is pumped to
 * its end. Keeps count of failures, and knows when a late reply may still be on its way.
 */
export class Line {
  readonly #transport: Transport;
  readonly #options: LineOptions;
  readonly #now: () => number;
  /** The end of the queue: requests that are asked for at once wait for each other. Undefined if none is asked. */
  #last: Promise<void> | undefined;
  #failures = 0;
  #unsettled = true;
  readonly #outstanding: OutstandingReplies;
  readonly #between: QuestionsBetween;
  readonly #pump: Pump;

  constructor(transport: Transport, options: LineOptions = {}) {
    this.#transport = transport;
    this.#options = options;
    this.#now = options.monotonicMs ?? (() => performance.now());
    this.#outstanding = new OutstandingReplies(this.#now);
    this.#between = new QuestionsBetween(this.#outstanding);
    this.#pump = new Pump(transport, {
      now: this.#now,
      pauseMs: options.pauseMs ?? 0,
      onDropped: (bytes) => this.#outstanding.dropped(bytes),
    });
  }

  /** Milliseconds of the monotonic clock. */
  readonly monotonicMs = (): number => this.#now();

  /** Throws as {@link ask} would for a request that is not allowed or cannot be made. */
  check<Request, Reply>(row: Row<Request, Reply>, request: Request): void {
    prepare(row, request, this.#options);
  }

  /**
   * Sends a command from the table and gives its reply.
   *
   * @param onSend called at every sending; a request may wait long for its turn before the first
   * @throws ReceiverError `timeout`, `corrupt`, `refused`, `stopped`, CommandError, or what the
   *   transport throws; InputError `outOfRange` if an argument does not fit
   */
  async ask<Request, Reply>(
    row: Row<Request, Reply>,
    request: Request,
    signal?: AbortSignal,
    onSend?: () => void,
  ): Promise<Reply> {
    let before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    try {
      if (signal?.aborted) throw signal.reason;
      if (before !== undefined) await orAborted(before, signal);
      before = undefined;
      return await this.#answer(row, request, signal, onSend);
    } finally {
      // A cancelled request keeps its place: later ones still wait for earlier ones.
      if (this.#last === turn.promise) this.#last = before;
      turn.resolve(before);
    }
  }

  /**
   * Gives an answer that certainly belongs to this request. Waits for replies to earlier requests
   * first. An answer that may still be such a reply is asked for again, with a request of another
   * reply size between, until two answers in a row agree and no other reply came.
   */
  async #answer<Request, Reply>(
    row: Row<Request, Reply>,
    request: Request,
    signal: AbortSignal | undefined,
    onSend: (() => void) | undefined,
  ): Promise<Reply> {
    const { name } = row;
    const prepared = this.#prepare(row, request);
    this.#between.asked(name, () => prepare(row, request, this.#options));
    for (let round = 0; round < MOST_ROUNDS; round++) {
      this.#outstanding.watch(prepared);
      const answer = await this.#exchange(prepared, signal, onSend);
      // A header names its page; one that comes twice is old by seconds, and what has been stored
      // in these is new the next time.
      const named = name === 'readDatabasePageHeader' && answer.kind === 'reply';
      const pages = pagesOf(name, request, answer);
      const sure = answer.doubts === 0 || named;
      const made = sure ? answer : await this.#makeSure(prepared, answer, pages, signal, onSend);
      if (made === undefined) continue;
      // The refusal is certain, so every copy of this request will be refused.
      if (made.kind === 'refused') {
        this.#outstanding.settled(prepared);
        this.#between.refused(name);
      }
      if (pages !== undefined) this.#between.learn(pages);
      return given(made);
    }
    throw new ReceiverError('contradictory', { command: name, attempts: MOST_ROUNDS });
  }

  #prepare<Request, Reply>(row: Row<Request, Reply>, request: Request): PreparedRequest<Reply> {
    this.#assertGoing();
    return prepare(row, request, this.#options);
  }

  #assertGoing(): void {
    if (this.#failures < MOST_FAILURES) return;
    throw new ReceiverError('stopped', { failures: this.#failures });
  }

  /** Repeats a request whose answer may be old. Gives the last answer; undefined if two disagree. */
  async #makeSure<Reply>(
    asked: PreparedRequest<Reply>,
    answer: Answer<Reply>,
    pages: Pages | undefined,
    signal: AbortSignal | undefined,
    onSend: (() => void) | undefined,
  ): Promise<Answer<Reply> | undefined> {
    const replies = this.#outstanding;
    const claim = claimOf(answer);
    // What is asked for by its page number says itself that the range is right.
    const lastPage = pages && this.#between.header(pages.recordType, pages.last);
    const between = lastPage ?? this.#between.next(asked);
    // Without a question that is certain, more answers that are the same have to do.
    const repeats = between === undefined ? Math.min(answer.doubts, MOST_DOUBTS) : 1;
    let latest = answer;
    for (let again = 0; again < repeats; again++) {
      const question = between ?? this.#prepare(ping, undefined);
      const other: Answer<unknown> = await this.#exchange(question, signal, undefined);
      if (other.kind === 'refused') this.#between.refused(question.command);
      if (other.kind === 'refused' || replies.contradicts(claim)) return undefined;
      if (lastPage !== undefined) return answer;
      latest = await this.#exchange(asked, signal, onSend);
      if (replies.contradicts(claim) || !agree(asked.command, answer, latest)) return undefined;
    }
    return latest;
  }

  async #exchange<Reply>(
    prepared: PreparedRequest<Reply>,
    signal: AbortSignal | undefined,
    onSend: (() => void) | undefined,
  ): Promise<Answer<Reply>> {
    this.#assertGoing();
    const replies = this.#outstanding;
    const name = prepared.command;
    const isWrite = prepared.effect === 'write';
    for (;;) {
      // Before a write, no reply at all may be outstanding.
      const leftMs = isWrite ? replies.anyForMs : replies.mistakableForMs(prepared);
      if (leftMs <= 0) break;
      replies.dropped(await this.#transport.read(leftMs, signal));
    }
    const sure = isWrite || name === 'ping';
    // Pages name themselves; a refusal of them does not.
    const repeats = sure || name === 'readDatabasePages' ? 0 : replies.repeatsAs(prepared);
    const refusalIsDoubtful = !sure && replies.refusalIsDoubtful;
    const timeoutMs = Math.max(prepared.timeoutMs, replies.patienceMs);
    const exchange = new Exchange(prepared, {
      ...this.#options,
      unsettled: this.#unsettled,
      timeoutMs,
      longestStray: replies.longest,
      onStray: (packet) => replies.stray(packet),
      onDamaged: () => replies.damaged(prepared),
    });
    // Whatever interrupts the exchange from here on, its reply may come later.
    this.#unsettled = true;
    replies.resetDropped();
    let sentMs = this.#now();
    let sendings = 0;
    const noteSending = () => {
      sendings++;
      sentMs = this.#now();
      replies.sent(prepared);
      onSend?.();
    };
    const outcome = await this.#pump.run(exchange, { timeoutMs, signal, onSend: noteSending });
    switch (outcome.kind) {
      case 'reply': {
        this.#failures = 0;
        this.#unsettled = sendings > 1;
        replies.answered(prepared, outcome.payload);
        this.#between.answered(name);
        replies.followed(exchange.behind);
        const old = sendings > 1 && TELLS_TIME.has(name) ? 1 : 0;
        const { reply, payload } = outcome;
        const doubts = Math.max(repeats, old);
        return { kind: 'reply', reply, payload, sentMs, doubts };
      }
      case 'refused':
        this.#failures = 0;
        this.#unsettled = sendings > 1;
        // It may be another request's, and the reply to this one may still come.
        if (!refusalIsDoubtful) replies.answered(prepared, undefined);
        else replies.maybeRefused(prepared);
        replies.followed(exchange.behind);
        return {
          kind: 'refused',
          payload: undefined,
          error: new ReceiverError('refused', {
            command: name,
            responseCode: outcome.code,
            responseName: outcome.name,
          }),
          doubts: refusalIsDoubtful ? 1 : 0,
        };
      case 'timeout': {
        this.#failures++;
        const { afterMs, attempts } = outcome;
        throw new ReceiverError('timeout', { command: name, afterMs, attempts });
      }
      case 'corrupt': {
        this.#failures++;
        const { damage, attempts } = outcome;
        throw new ReceiverError('corrupt', { command: name, damage, attempts });
      }
    }
  }

  /** Releases the port. A request that is under way fails with `closed`. */
  async close(): Promise<void> {
    await this.#transport.close();
  }
}
