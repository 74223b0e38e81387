/** A serial port of a browser as a `Transport`. */
import { PageTransport } from '@egvkit/receiver/browser';

/** Number of failures without a byte between them after which the port is given up. */
const MOST_FAILURES = 3; // Our choice; browser §15 has the failures.

/** An open port. `openSerial` makes it. */
export class SerialTransport extends PageTransport {
  readonly #port: SerialPort;
  readonly #onLoss: ((cause: unknown) => void) | undefined;
  readonly #received: Promise<void>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;

  constructor(port: SerialPort, path: string, onLoss: ((cause: unknown) => void) | undefined) {
    super(path);
    this.#port = port;
    this.#onLoss = onLoss;
    this.listen(port, 'disconnect', () => this.disconnected());
    this.#received = this.#receive();
  }

  protected override isThere(): boolean {
    // Firefox does not tell.
    return this.#port.connected !== false;
  }

  /** Settles when the browser has the bytes, which the receiver may not have yet. */
  protected override async send(bytes: Uint8Array): Promise<void> {
    // browser §20
    this.#writer ??= this.#port.writable?.getWriter();
    if (!this.#writer) throw new Error('it takes no bytes');
    await this.#writer.write(bytes.slice());
  }

  /** Ends reading and writing, then closes: a locked stream or a waiting read keeps a port open. */
  protected override async release(): Promise<void> {
    // browser §19
    await this.#reader?.cancel().catch(() => {});
    await this.#received;
    // Closing the writer would wait for a receiver that takes nothing. Nothing is owed: every
    // request is over when its reply is there.
    await this.#writer?.abort().catch(() => {});
    this.#writer?.releaseLock();
    await this.#port.close();
  }

  /**
   * Reads the streams of the port one after another: a failure ends a stream, and the port has a new
   * one unless the failure is fatal.
   */
  async #receive(): Promise<void> {
    // browser §14
    let cause: unknown = new Error('it gives no bytes');
    while (this.#port.readable && !this.ended) {
      const reader = this.#port.readable.getReader();
      this.#reader = reader;
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          this.received(value);
        }
      } catch (error) {
        cause = error;
      }
      reader.releaseLock();
      if (this.ended) return;
      if ((cause as Error).name === 'NetworkError') break;
      this.#onLoss?.(cause);
      if (this.countFailure() >= MOST_FAILURES) break;
    }
    await this.lost(cause);
  }
}
