/**
 * What a driver needs of a connection to a receiver, whatever carries it. Types only: a serial
 * port, a USB device, a pseudo-terminal or an emulator in memory implement it, and all of them
 * pass the same suite (`@egvkit/contracts`).
 */

/** The part of the platform's `AbortSignal` that is used; every `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** An open connection: bytes out, bytes in, in order, nothing lost. One reader at a time. */
export interface Transport extends AsyncDisposable {
  /** Where it leads, for messages: `/dev/ttyACM0`, `COM3`. */
  readonly path: string;

  /**
   * The bytes that have arrived since the last read, as soon as there is at least one.
   *
   * The array is the caller's: the transport neither keeps nor reuses it. Bytes that come after a
   * read has timed out or was aborted wait for the next one.
   *
   * @param timeoutMs how long to wait for the first byte; 0 gives what is already here
   * @returns an empty array if nothing came in time
   * @throws ReceiverError `unplugged` once all that had arrived has been read, `closed` after
   *   {@link close}, `busy` if another read is waiting; the signal's reason if it is aborted
   */
  read(timeoutMs: number, signal?: CancelSignal): Promise<Uint8Array>;

  /**
   * Sends all of `bytes`; done when they are handed to the system.
   *
   * @throws ReceiverError `unplugged`, `closed`, `portFailed`; the signal's reason if it is aborted
   */
  write(bytes: Uint8Array, signal?: CancelSignal): Promise<void>;

  /** Releases the port. A waiting read fails with `closed`. Closing twice is fine. */
  close(): Promise<void>;
}
