/** Inbox of every `Transport`: arriving bytes wait there for their reader. */
import { LONGEST_TIMER_MS } from '@egvkit/platform';
import { outOfRange } from '@egvkit/protocol';
import type { CancelSignal } from '@egvkit/protocol/receiver';
import { ReceiverError } from './errors.ts';

export { ReceiverError };

/**
 * Most bytes that are kept while nobody reads. A reply has 2118 bytes at most, so more than this
 * does not come from a receiver.
 */
const MOST_UNREAD_BYTES = 262_144; // Our choice.

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
  #unreadBytes = 0;
  #waiting: Waiting | undefined;
  #failure: unknown;
  #failed = false;
  #closed = false;

  /** @param path name of the port, for messages */
  constructor(path: string) {
    this.#path = path;
  }

  /** True once {@link close} or {@link fail} has been called: nothing more will arrive. */
  get ended(): boolean {
    return this.#closed || this.#failed;
  }

  /**
   * Adds bytes that have arrived. They belong to the inbox from now on, and then to the reader:
   * the caller must not use the array again. After {@link fail} and {@link close} bytes are dropped.
   * More than 256 KiB of unread bytes are dropped, and the inbox fails with ReceiverError
   * `flooded`.
   */
  push(bytes: Uint8Array): void {
    if (this.ended || bytes.length === 0) return;
    const reader = this.#takeReader();
    if (reader) reader.resolve(bytes);
    else this.#keep(bytes);
  }

  #keep(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#unreadBytes += bytes.length;
    if (this.#unreadBytes <= MOST_UNREAD_BYTES) return;
    this.#drop();
    this.fail(new ReceiverError('flooded', { path: this.#path, limitBytes: MOST_UNREAD_BYTES }));
  }

  #drop(): void {
    this.#chunks = [];
    this.#unreadBytes = 0;
  }

  /**
   * Ends the inbox because the port has failed. Reads give the bytes from before, then this error, every time. The
   * first failure stays.
   *
   * @param error thrown by reads and {@link assertOpen}; usually ReceiverError `unplugged`
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
    this.#drop();
    this.#takeReader()?.reject(this.#closedError());
  }

  /** Drops what has arrived and not been read, as on opening. */
  discard(): void {
    // receiver §8
    this.#drop();
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
   * @param timeoutMs limit of the wait for the first byte: 0 does not wait, `Infinity` waits for good
   * @throws ReceiverError `busy`, `closed`; what {@link fail} was given; the signal's reason;
   *   InputError `outOfRange` for a timeout that is negative or not a number
   */
  read(timeoutMs: number, signal?: CancelSignal): Promise<Uint8Array> {
    try {
      return this.#readNow(timeoutMs, signal) ?? this.#wait(timeoutMs, signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Gives what is to be had without waiting; undefined if there is nothing yet. */
  #readNow(timeoutMs: number, signal: CancelSignal | undefined): Promise<Uint8Array> | undefined {
    if (!(timeoutMs >= 0)) {
      throw outOfRange('timeoutMs', timeoutMs, '0 or more');
    }
    if (this.#waiting) throw new ReceiverError('busy', { path: this.#path });
    if (this.#closed) throw this.#closedError();
    if (signal?.aborted) throw signal.reason;
    if (this.#chunks.length > 0) return Promise.resolve(this.#takeChunks());
    if (this.#failed) throw this.#failure;
    return timeoutMs === 0 ? Promise.resolve(new Uint8Array(0)) : undefined;
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

  /** Takes the waiting read off the inbox; the caller has to settle it. */
  #takeReader(): Waiting | undefined {
    const reader = this.#waiting;
    this.#waiting = undefined;
    reader?.release();
    return reader;
  }

  #takeChunks(): Uint8Array {
    const chunks = this.#chunks;
    this.#drop();
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
