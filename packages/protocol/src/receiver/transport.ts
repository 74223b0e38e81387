/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Connection to a receiver as a driver needs it, whatever carries it. Types only: a serial
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
  /** Name of the port, for messages: `/dev/ttyACM0`, `COM3`. */
  readonly path: string;

  /**
   * Reads the bytes that have arrived since the last read, as soon as there is at least one.
   *
   * The array is the caller's: the transport neither keeps nor reuses it. Bytes that come after a
   * read has timed out or was aborted wait for the next one.
   *
   * @param timeoutMs limit of the wait for the first byte; 0 gives what is already here
   * @returns an empty array if nothing came in time
   * @throws ReceiverError `unplugged` once all that had arrived has been read, `closed` after
   *   {@link close}, `busy` if another read is waiting; the signal's reason if it is aborted
   */
  read(timeoutMs: number, signal?: CancelSignal): Promise<Uint8Array>;

  /**
   * Sends all of `bytes`; done when they are handed to the system. A system whose output is
   * stopped takes none, for as long as it likes: the caller bounds the wait by `signal`. An
   * aborted write ends at once; its bytes may still be sent, in order, before those of later ones.
   *
   * @throws ReceiverError `unplugged`, `closed`, `portFailed`; the signal's reason if it is aborted
   */
  write(bytes: Uint8Array, signal?: CancelSignal): Promise<void>;

  /**
   * Releases the port within 3 s, whatever is still to be sent, or fails: with `notReleased`, or
   * `portFailed` if the system refuses. A waiting read fails with `closed`. Closing twice is fine.
   */
  close(): Promise<void>;
}
