/** What every implementation of `Transport` shares: where arriving bytes wait for their reader. */
import { InputError, ReceiverError } from '@egvkit/protocol';
import type { CancelSignal } from '@egvkit/protocol/receiver';

/** Timers hold 31 bits of milliseconds; a longer wait is one without a timer. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes back the timer and the abort listener. */
  readonly release: () => void;
}

/**
 * Turns the bytes that a port pushes into the reads of a `Transport`: in order, none lost to a
 * timeout or an abort, one reader at a time.
 *
 * A read gives everything that has arrived as one array, so that `read(0)` empties the inbox; a
 * single chunk is passed on as it came, several are joined by one copy.
 */
export class Inbox {
  readonly #path: string;
  #chunks: Uint8Array[] = [];
  #waiting: Waiting | undefined;
  #failure: unknown;
  #failed = false;
  #closed = false;

  /** @param path where the transport leads, for messages */
  constructor(path: string) {
    this.#path = path;
  }

  /** Whether {@link close} or {@link fail} has been called: nothing more will arrive. */
  get ended(): boolean {
    return this.#closed || this.#failed;
  }

  /**
   * Adds bytes that have arrived. They belong to the inbox from now on, and then to the reader:
   * whoever pushes them must not use the array again. After {@link fail} and {@link close} they
   * are dropped.
   */
  push(bytes: Uint8Array): void {
    if (this.ended || bytes.length === 0) return;
    const reader = this.#takeReader();
    if (reader) reader.resolve(bytes);
    else this.#chunks.push(bytes);
  }

  /**
   * The port has failed. Reads give what had arrived before, then this error, every time. The
   * first failure stays.
   *
   * @param error what reads and {@link assertOpen} throw; usually ReceiverError `unplugged`
   */
  fail(error: unknown): void {
    if (this.ended) return;
    this.#failed = true;
    this.#failure = error;
    this.#takeReader()?.reject(error);
  }

  /** Ends the inbox: unread bytes are dropped, a waiting read fails with ReceiverError `closed`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#chunks = [];
    this.#takeReader()?.reject(this.#closedError());
  }

  /** Drops what has arrived and not been read, as on opening (spec/receiver §8, "Open"). */
  discard(): void {
    this.#chunks = [];
  }

  /**
   * For `write`: whether there is still something to write to.
   *
   * @throws ReceiverError `closed` after {@link close}; what {@link fail} was given after that
   */
  assertOpen(): void {
    if (this.#closed) throw this.#closedError();
    if (this.#failed) throw this.#failure;
  }

  /**
   * Implements `Transport.read`; see there for what it promises.
   *
   * @param timeoutMs how long to wait for the first byte: 0 does not wait, `Infinity` waits for good
   * @throws ReceiverError `busy`, `closed`; what {@link fail} was given; the signal's reason;
   *   InputError `outOfRange` for a timeout that is negative or not a number
   */
  async read(timeoutMs: number, signal?: CancelSignal): Promise<Uint8Array> {
    if (!(timeoutMs >= 0)) {
      throw new InputError('outOfRange', {
        what: 'timeoutMs',
        value: timeoutMs,
        allowed: '0 or more',
      });
    }
    if (this.#waiting) throw new ReceiverError('busy', { path: this.#path });
    if (this.#closed) throw this.#closedError();
    if (signal?.aborted) throw signal.reason;
    if (this.#chunks.length > 0) return this.#takeChunks();
    if (this.#failed) throw this.#failure;
    if (timeoutMs === 0) return new Uint8Array(0);
    return this.#wait(timeoutMs, signal);
  }

  #wait(timeoutMs: number, signal: CancelSignal | undefined): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#takeReader()?.reject(signal?.reason);
      const timer =
        timeoutMs > LONGEST_TIMER_MS
          ? undefined
          : setTimeout(() => this.#takeReader()?.resolve(new Uint8Array(0)), timeoutMs);
      signal?.addEventListener('abort', onAbort);
      const release = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#waiting = { resolve, reject, release };
    });
  }

  /** The waiting read, which is thereby over: whoever takes it settles it. */
  #takeReader(): Waiting | undefined {
    const reader = this.#waiting;
    this.#waiting = undefined;
    reader?.release();
    return reader;
  }

  #takeChunks(): Uint8Array {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks.length === 1 ? chunks[0]! : join(chunks);
  }

  #closedError(): ReceiverError {
    return new ReceiverError('closed', { path: this.#path });
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}
