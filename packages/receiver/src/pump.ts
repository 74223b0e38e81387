import type { Transport } from '@egvkit/protocol/receiver';
import type { Exchange, ExchangeOutcome, ExchangeStep } from '@egvkit/protocol/receiver/wire';
import { writeWithin } from './bounded-write.ts';

export interface PumpOptions {
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
  /** A pause before every request, in ms. */
  readonly pauseMs: number;
  /** Called with bytes that no request waits for. */
  readonly onDropped: (bytes: Uint8Array) => void;
}

interface Pumping {
  /** Limit of a write. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called before every sending. */
  readonly onSend: () => void;
}

/** Does with a transport what an `Exchange` says, until it is done. */
export class Pump {
  readonly #transport: Transport;
  readonly #options: PumpOptions;

  constructor(transport: Transport, options: PumpOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  async run<Reply>(
    exchange: Exchange<Reply>,
    { timeoutMs, signal, onSend }: Pumping,
  ): Promise<ExchangeOutcome<Reply>> {
    const transport = this.#transport;
    const { now, pauseMs } = this.#options;
    let step: ExchangeStep<Reply> = exchange.begin();
    let attempts = 0;
    for (;;) {
      switch (step.do) {
        case 'drain':
          step = exchange.drained(await this.#drain(step.quietMs, step.limitMs, signal));
          break;
        case 'send':
          if (pauseMs > 0) await this.#drain(pauseMs, pauseMs, signal);
          if (signal?.aborted) throw signal.reason;
          attempts++;
          onSend();
          if (!(await writeWithin(transport, step.bytes, timeoutMs, signal))) {
            return { kind: 'timeout', afterMs: timeoutMs, attempts };
          }
          step = exchange.sent(now());
          break;
        case 'read': {
          const bytes = await transport.read(step.timeoutMs, signal);
          step = exchange.received(bytes, now());
          break;
        }
        case 'done':
          return step.outcome;
      }
    }
  }

  /** Drops what comes until the line is quiet; gives the number of bytes. */
  async #drain(quietMs: number, limitMs: number, signal: AbortSignal | undefined): Promise<number> {
    const { now, onDropped } = this.#options;
    const end = now() + limitMs;
    let dropped = 0;
    for (;;) {
      const left = Math.max(0, end - now());
      const bytes = await this.#transport.read(Math.min(quietMs, left), signal);
      dropped += bytes.length;
      onDropped(bytes);
      if (bytes.length === 0 || left === 0) return dropped;
    }
  }
}
