/** A `SerialPort` as Chromium has it, with an emulated receiver behind it. */
import type { Socket } from './socket.ts';

/**
 * Errors of a port's streams, by kind. After an error that is not fatal the port gives a new
 * stream.
 */
export const SERIAL_FAILURES = {
  // browser §14
  break: { name: 'BreakError', message: 'Break received', isFatal: false },
  framing: { name: 'FramingError', message: 'Framing error', isFatal: false },
  parity: { name: 'ParityError', message: 'Parity error', isFatal: false },
  overrun: { name: 'BufferOverrunError', message: 'Buffer overrun', isFatal: false },
  system: { name: 'UnknownError', message: 'An unknown system error', isFatal: false },
  lost: { name: 'NetworkError', message: 'The device has been lost.', isFatal: true },
} as const;

export type SerialFailure = keyof typeof SERIAL_FAILURES;

/** Behaviour of a port besides carrying bytes; may change while the port is open. */
export interface SerialBehaviour {
  /** True if another program has the port open: it does not open here. */
  held: boolean;
  /** True if the receiver takes no bytes: writes wait once the buffer is full. */
  stopped: boolean;
  /** True if `close` never ends. */
  closingHangs: boolean;
  /** Most bytes that one read gives. */
  chunkBytes: number;
  /**
   * Treatment of bytes that do not fit into `bufferSize` while nobody reads: `kept` by the system,
   * lost and reported to the page as on Windows (`told`), or lost without a report (`silent`).
   */
  overrun: 'kept' | 'told' | 'silent'; // browser §16
  /**
   * Failure that a pulled cable shows as: `lost`, or `system` as on Windows, where every new stream
   * fails again.
   */
  unplugsAs: 'lost' | 'system'; // browser §15
  /** Chooses a failure for a transfer from the receiver, which is lost; undefined to deliver it. */
  failTransfer: (bytes: Uint8Array) => SerialFailure | undefined;
}

const DEFAULT_BUFFER = 255;
const MOST_BUFFER = 16 * 1024 * 1024;

interface PortOptions {
  readonly baudRate: number;
  readonly bufferSize?: number | undefined;
}

function errorOf(failure: SerialFailure): DOMException {
  const { name, message } = SERIAL_FAILURES[failure];
  return new DOMException(message, name);
}

const invalidState = (words: string) => new DOMException(words, 'InvalidStateError');

export class EmulatedSerialPort extends EventTarget {
  onconnect: ((event: Event) => void) | null = null;
  ondisconnect: ((event: Event) => void) | null = null;
  readonly #socket: Socket;
  readonly #behaviour: SerialBehaviour;
  readonly #info: { readonly usbVendorId: number; readonly usbProductId: number };
  readonly #onForget: () => void;
  #state: 'closed' | 'opening' | 'open' | 'forgotten' = 'closed';
  #bufferSize = DEFAULT_BUFFER;
  #incoming: Incoming | undefined;
  #outgoing: Outgoing | undefined;
  #isLost = false;
  /** True while every new stream fails. */
  #isBroken = false;
  /** Calls of `setSignals` so far. */
  signalsSet = 0;

  constructor(
    socket: Socket,
    behaviour: SerialBehaviour,
    info: { readonly usbVendorId: number; readonly usbProductId: number },
    onForget: () => void,
  ) {
    super();
    this.#socket = socket;
    this.#behaviour = behaviour;
    this.#info = info;
    this.#onForget = onForget;
  }

  get connected(): boolean {
    return this.#socket.plugged;
  }

  getInfo(): { usbVendorId: number; usbProductId: number } {
    return { ...this.#info };
  }

  get readable(): ReadableStream<Uint8Array> | null {
    if (this.#state !== 'open') return null;
    if (this.#incoming?.isOver) this.#incoming = undefined;
    if (this.#isLost && this.#incoming === undefined) return null;
    this.#incoming ??= new Incoming(this.#bufferSize, this.#behaviour);
    if (this.#isBroken) this.#incoming.push(errorOf('system'));
    return this.#incoming.stream;
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (this.#state !== 'open') return null;
    if (this.#outgoing?.isOver) this.#outgoing = undefined;
    if (this.#isLost && this.#outgoing === undefined) return null;
    this.#outgoing ??= new Outgoing(this.#socket, this.#bufferSize, this.#behaviour);
    if (this.#isBroken) this.#outgoing.fail(errorOf('system'));
    return this.#outgoing.stream;
  }

  async open({ baudRate, bufferSize = DEFAULT_BUFFER }: PortOptions): Promise<void> {
    if (this.#state === 'forgotten') throw invalidState('The port has been forgotten.');
    if (this.#state === 'opening') throw invalidState('A call to open() is already in progress.');
    if (this.#state === 'open') throw invalidState('The port is already open.');
    if (!(baudRate > 0)) throw new TypeError('Requested baud rate must be greater than zero.');
    if (!(bufferSize > 0 && bufferSize <= MOST_BUFFER)) {
      throw new TypeError(`Requested buffer size (${bufferSize} bytes) is out of range.`);
    }
    this.#state = 'opening';
    await undefined;
    if (!this.#socket.plugged || this.#behaviour.held) {
      this.#state = 'closed';
      throw new DOMException('Failed to open serial port.', 'NetworkError');
    }
    this.#state = 'open';
    this.#bufferSize = bufferSize;
    this.#isLost = false;
    this.#isBroken = false;
    this.#socket.attach({
      arrived: (bytes) => this.#arrived(bytes),
      gone: () => this.#gone(),
    });
  }

  async setSignals(): Promise<void> {
    if (this.#state !== 'open') throw invalidState('The port is closed.');
    this.signalsSet++;
  }

  async getSignals() {
    if (this.#state !== 'open') throw invalidState('The port is closed.');
    return {
      dataCarrierDetect: false,
      clearToSend: false,
      ringIndicator: false,
      dataSetReady: false,
    };
  }

  /** Fails while one of the streams is locked, and leaves the port open then. */
  async close(): Promise<void> {
    if (this.#state !== 'open') throw invalidState('The port is already closed.');
    const [incoming, outgoing] = [this.#incoming, this.#outgoing];
    await Promise.all([
      incoming?.isOver ? undefined : incoming?.stream.cancel(),
      outgoing?.isOver ? undefined : outgoing?.stream.abort(),
    ]);
    if (this.#behaviour.closingHangs) await new Promise(() => {});
    this.#closeNow();
  }

  async forget(): Promise<void> {
    if (this.#state === 'open') {
      this.fail('lost');
      this.#closeNow();
    }
    this.#state = 'forgotten';
    this.#onForget();
  }

  #gone(): void {
    const { unplugsAs } = this.#behaviour;
    this.#isBroken = unplugsAs === 'system';
    if (this.#isBroken) this.#outgoing?.fail(errorOf('system'));
    this.fail(unplugsAs);
  }

  #closeNow(): void {
    this.#state = 'closed';
    this.#incoming = undefined;
    this.#outgoing = undefined;
    this.#socket.detach();
  }

  /** Lets the streams fail; what had arrived before can still be read. */
  fail(failure: SerialFailure): void {
    const { isFatal } = SERIAL_FAILURES[failure];
    // The getter makes one if there is none: it fails at once, as a read of it would.
    void this.readable;
    this.#isLost ||= isFatal;
    this.#incoming?.push(errorOf(failure));
    if (isFatal) this.#outgoing?.fail(errorOf(failure));
  }

  #arrived(bytes: Uint8Array): void {
    const failure = this.#behaviour.failTransfer(bytes);
    if (failure !== undefined) {
      this.fail(failure);
      return;
    }
    void this.readable;
    if (this.#incoming?.push(bytes) === 'overrun' && this.#behaviour.overrun === 'told') {
      this.fail('overrun');
    }
  }
}

/** One `readable`: bytes and failures wait in it, in order, until they are read. */
class Incoming {
  readonly stream: ReadableStream<Uint8Array>;
  isOver = false;
  readonly #capacity: number;
  readonly #behaviour: SerialBehaviour;
  readonly #waiting: (Uint8Array | DOMException)[] = [];
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #isWanted = false;

  constructor(capacity: number, behaviour: SerialBehaviour) {
    this.#capacity = capacity;
    this.#behaviour = behaviour;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isWanted = true;
          this.#deliver();
        },
        cancel: () => {
          this.isOver = true;
        },
      },
      { highWaterMark: 0 },
    );
  }

  push(item: Uint8Array | DOMException): 'overrun' | undefined {
    if (this.isOver) return undefined;
    this.#waiting.push(item);
    this.#deliver();
    if (!(item instanceof Uint8Array)) return undefined;
    const room = this.#waiting.reduce(
      (left, one) => (one instanceof Uint8Array ? left - one.length : left),
      this.#capacity,
    );
    if (room >= 0 || this.#behaviour.overrun === 'kept') return undefined;
    const last = this.#waiting.pop() as Uint8Array;
    if (last.length + room > 0) this.#waiting.push(last.subarray(0, last.length + room));
    return 'overrun';
  }

  /** Gives what is wanted, and fails when it comes to a failure. */
  #deliver(): void {
    for (;;) {
      const [item] = this.#waiting;
      if (item === undefined) return;
      if (!(item instanceof Uint8Array)) {
        this.isOver = true;
        this.#controller.error(item);
        return;
      }
      // Without a buffer of its own, a stream wants something only while a read waits.
      if (!this.#isWanted) return;
      this.#isWanted = false;
      const size = Math.min(item.length, this.#behaviour.chunkBytes);
      if (size < item.length) this.#waiting[0] = item.subarray(size);
      else this.#waiting.shift();
      this.#controller.enqueue(item.slice(0, size));
    }
  }
}

/** One `writable`: a write settles when the buffer has all of its chunk. */
class Outgoing {
  // browser §20
  readonly stream: WritableStream<Uint8Array>;
  isOver = false;
  readonly #socket: Socket;
  readonly #behaviour: SerialBehaviour;
  readonly #capacity: number;
  #controller!: WritableStreamDefaultController;
  #buffered = 0;

  constructor(socket: Socket, capacity: number, behaviour: SerialBehaviour) {
    this.#socket = socket;
    this.#capacity = capacity;
    this.#behaviour = behaviour;
    const end = () => {
      this.isOver = true;
    };
    this.stream = new WritableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        write: (chunk, controller) => this.#take(chunk, controller.signal),
        close: async () => {
          if (this.#buffered > 0) await new Promise(() => {});
          end();
        },
        abort: end,
      },
      { highWaterMark: 1 },
    );
  }

  fail(error: DOMException): void {
    this.isOver = true;
    this.#controller.error(error);
  }

  async #take(chunk: Uint8Array, signal: AbortSignal): Promise<void> {
    if (!this.#behaviour.stopped) {
      this.#socket.send(chunk);
      return;
    }
    this.#buffered += chunk.length;
    if (this.#buffered <= this.#capacity) return;
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }
}
