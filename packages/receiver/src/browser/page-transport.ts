/** A port of a browser as a `Transport`: everything that WebUSB and Web Serial share. */

import { orAborted, within } from '@egvkit/platform';
import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { ReceiverError } from '../errors.ts';
import { Inbox } from '../transport.ts';
import { nameOf, portFailed } from './failures.ts';

/** Time in ms for bytes that are still on their way after `disconnect`. */
const GONE_LIMIT_MS = 200; // Our choice.
/** Longest time in ms from a transfer's NetworkError to `disconnect`; a busy system is late. */
const DISCONNECT_LIMIT_MS = 1000; // Our choice; browser §4 has the order.
/** Longest wait for a port to close, in ms; every `Transport` has this limit. */
const CLOSE_LIMIT_MS = 3000;

/** Target of events of the page or of its devices. */
type Events = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Gives back a resource of an open port when the port is closed. */
type Release = () => void;

/**
 * An open port. A subclass moves bytes: it calls {@link PageTransport.received} and
 * {@link PageTransport.lost}, and says how to send and to close.
 */
export abstract class PageTransport implements Transport {
  readonly path: string;
  readonly #inbox: Inbox;
  readonly #gone = Promise.withResolvers<void>();
  readonly #closed = new AbortController();
  readonly #releases: Release[] = [];
  #closing: Promise<void> | undefined;
  #failures = 0;

  constructor(path: string) {
    this.path = path;
    this.#inbox = new Inbox(path);
    // A page that goes away leaves a port that works only after a replug, unless it is closed.
    this.listen(globalThis as Partial<Events>, 'pagehide', () => this.close().catch(() => {}));
    // Events of a frozen page are lost.
    this.listen(globalThis.document, 'resume', () => {
      if (!this.isThere()) this.disconnected();
    });
  }

  /** Hands bytes to the system. */
  protected abstract send(bytes: Uint8Array): Promise<void>;
  /** Ends what waits, and closes the port, in the order that its API wants. */
  protected abstract release(): Promise<void>;
  /** True if the device is plugged in and open, as far as the browser tells. */
  protected abstract isThere(): boolean;

  /** True once {@link close} has been called or the port has failed. */
  protected get ended(): boolean {
    return this.#inbox.ended;
  }

  /** Listens until the transport is closed. */
  protected listen(
    target: Partial<Events> | undefined,
    type: string,
    listener: (event: Event) => void,
  ): void {
    target?.addEventListener?.(type, listener);
    this.whenClosed(() => target?.removeEventListener?.(type, listener));
  }

  /** Has something given back when the port is closed, or could not be. */
  whenClosed(release: Release): void {
    this.#releases.push(release);
  }

  /** Takes bytes that have arrived, which are the transport's from now on. */
  protected received(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#failures = 0;
    this.#inbox.push(bytes);
  }

  /** Counts a failure that reading may go on after. Gives their number since the last byte. */
  protected countFailure(): number {
    return ++this.#failures;
  }

  /** The device has gone. What is still on its way is read before `unplugged` is told. */
  protected disconnected(): void {
    this.#gone.resolve();
    const timer = setTimeout(() => this.#inbox.fail(this.#unplugged()), GONE_LIMIT_MS);
    this.whenClosed(() => clearTimeout(timer));
  }

  /** A transfer has failed for good: the cable was pulled, or else the port does not work. */
  protected async lost(cause: unknown): Promise<void> {
    if (this.#inbox.ended) return;
    const isGone = await this.#isGone(cause);
    this.#inbox.fail(isGone ? this.#unplugged(cause) : portFailed(this.path, cause));
  }

  /** Waits for the event that tells a pulled cable from a port that does not work. */
  async #isGone(cause: unknown): Promise<boolean> {
    if (!this.isThere()) return true;
    const limitMs = nameOf(cause) === 'NetworkError' ? DISCONNECT_LIMIT_MS : GONE_LIMIT_MS;
    return await within(this.#gone.promise, limitMs);
  }

  #unplugged(cause?: unknown): ReceiverError {
    return new ReceiverError('unplugged', { path: this.path }, { cause });
  }

  /**
   * Drops what has arrived.
   *
   * @throws ReceiverError `unplugged` or `portFailed` if the port has failed meanwhile
   */
  discard(): void {
    this.#inbox.assertOpen();
    this.#inbox.discard();
  }

  read(timeoutMs: number, signal?: CancelSignal): Promise<Uint8Array> {
    return this.#inbox.read(timeoutMs, signal);
  }

  async write(bytes: Uint8Array, signal?: CancelSignal): Promise<void> {
    this.#inbox.assertOpen();
    if (signal?.aborted) throw signal.reason;
    const sent = this.send(bytes).catch(async (cause: unknown) => {
      await this.lost(cause);
      this.#inbox.assertOpen();
    });
    await orAborted(orAborted(sent, signal), this.#closed.signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { path } = this;
    this.#inbox.close();
    this.#closed.abort(new ReceiverError('closed', { path }));
    // A port that is not released in time is still this tab's.
    const released = this.release().finally(() => {
      for (const release of this.#releases) release();
    });
    let inTime = true;
    try {
      inTime = await within(released, CLOSE_LIMIT_MS);
    } catch (cause) {
      // What is gone has nothing to close.
      if (await this.#isGone(cause)) return;
      throw portFailed(path, cause);
    }
    if (inTime) return;
    released.catch(() => {});
    throw new ReceiverError('notReleased', { path, afterMs: CLOSE_LIMIT_MS });
  }
}
