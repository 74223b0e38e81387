/** A serial port as a `Transport`. */
import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { Inbox, ReceiverError } from '@egvkit/receiver/transport';
import { linkFailure } from './failures.ts';
import type { OpenedPort } from './platform.ts';

/** Longest time in ms that a system takes to release a port; our choice. */
const CLOSE_LIMIT_MS = 3000;

/** An open port of serialport. `openSerial` makes it. */
export class SerialTransport implements Transport {
  readonly path: string;
  readonly #port: OpenedPort;
  readonly #inbox: Inbox;
  #closing: Promise<void> | undefined;

  constructor(port: OpenedPort, path: string) {
    this.path = path;
    this.#port = port;
    this.#inbox = new Inbox(path);
    port.on('data', (bytes) => this.#inbox.push(plainArray(bytes)));
    port.on('error', (error) => this.#inbox.fail(linkFailure(path, error)));
    // Also emitted on closing by ourselves, when the inbox takes no more failures.
    port.on('close', (error) =>
      this.#inbox.fail(new ReceiverError('unplugged', { path }, { cause: error })),
    );
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

  /** An aborted write may still send the rest of its bytes: the system has them already. */
  async write(bytes: Uint8Array, signal?: CancelSignal): Promise<void> {
    this.#inbox.assertOpen();
    if (signal?.aborted) throw signal.reason;
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      this.#port.write(Buffer.from(bytes), (error) => {
        signal?.removeEventListener('abort', onAbort);
        if (error) reject(this.#writeFailure(error));
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#release();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #release(): Promise<void> {
    this.#inbox.close();
    const port = this.#port;
    if (!port.isOpen && !port.closing) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new ReceiverError('notReleased', { path: this.path, afterMs: CLOSE_LIMIT_MS }));
      }, CLOSE_LIMIT_MS);
      const settle = (error?: Error | null) => {
        clearTimeout(timer);
        if (error && !isDisconnect(error)) reject(linkFailure(this.path, error));
        else resolve();
      };
      port.once('close', settle);
      port.once('error', settle);
      if (port.isOpen) port.close(settle);
    });
  }

  /** Closing, or the cable that was pulled, is why a write failed, whatever the write says. */
  #writeFailure(error: Error): unknown {
    try {
      this.#inbox.assertOpen();
    } catch (reason) {
      return reason;
    }
    const reason = linkFailure(this.path, error);
    this.#inbox.fail(reason);
    return reason;
  }
}

function isDisconnect(error: Error): boolean {
  return (error as { disconnected?: boolean }).disconnected === true;
}

/** The same bytes, but not a Buffer, whose `slice` would not copy. */
function plainArray(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
