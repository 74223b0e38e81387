/** `navigator.serial` with emulated receivers, as Chromium behaves (docs/emulators.md). */
import { DEXCOM_VENDOR_ID, RECEIVER_PRODUCT_ID } from '@egvkit/protocol/receiver/wire';
import { type Choosing, Ports } from './web/ports.ts';
import {
  EmulatedSerialPort,
  SERIAL_FAILURES,
  type SerialBehaviour,
  type SerialFailure,
} from './web/serial-port.ts';
import { Socket } from './web/socket.ts';
import type { Attachable } from './wire.ts';

export {
  type Choosing,
  EmulatedSerialPort,
  SERIAL_FAILURES,
  type SerialBehaviour,
  type SerialFailure,
};

export interface EmulatedSerialOptions extends Choosing<EmulatedSerialPort> {
  /** True if a grant outlasts a replug, as on Windows only; false if not given. */
  readonly grantsLast?: boolean; // browser §0.3
  /** Milliseconds from the failed read to the event `disconnect`; 20 if not given. */
  readonly disconnectMs?: number; // Our choice.
}

export interface SerialPlugOptions extends Partial<SerialBehaviour> {
  readonly usbVendorId?: number | undefined;
  readonly usbProductId?: number | undefined;
  /** True if the site may use the port without asking; false if not given. */
  readonly granted?: boolean | undefined;
}

/** Handle of a test on a receiver that is plugged into the computer. */
export interface SerialCable {
  /**
   * The port that the chooser gives the page. A receiver that is plugged in again gets another one.
   */
  readonly port: EmulatedSerialPort;
  /** May be changed at any time. */
  readonly behaviour: SerialBehaviour;
  /** Lets the streams fail; what had arrived before can still be read. */
  fail(failure: SerialFailure): void;
  /** Pulls the cable: reads fail, and some time later `disconnect` comes. */
  unplug(): void;
}

interface Filter {
  readonly usbVendorId?: number | undefined;
  readonly usbProductId?: number | undefined;
}

/** Stands in for `navigator.serial`. Plug emulated receivers into it. */
export class EmulatedSerial extends EventTarget {
  onconnect: ((event: Event) => void) | null = null;
  ondisconnect: ((event: Event) => void) | null = null;
  readonly #options: EmulatedSerialOptions;
  readonly #ports: Ports<EmulatedSerialPort>;
  #grantLasts = false;

  constructor(options: EmulatedSerialOptions = {}) {
    super();
    this.#options = options;
    this.#ports = new Ports(options);
  }

  /** Plugs a receiver in. */
  plug(device: Attachable, options: SerialPlugOptions = {}): SerialCable {
    const {
      usbVendorId = DEXCOM_VENDOR_ID,
      usbProductId = RECEIVER_PRODUCT_ID,
      granted = false,
      ...given
    } = options;
    const behaviour: SerialBehaviour = {
      held: false,
      stopped: false,
      closingHangs: false,
      chunkBytes: Number.POSITIVE_INFINITY,
      overrun: 'kept',
      unplugsAs: 'lost',
      failTransfer: () => undefined,
      ...given,
    };
    const socket = new Socket(device);
    const forget = () => this.#ports.forget(port);
    const port = new EmulatedSerialPort(socket, behaviour, { usbVendorId, usbProductId }, forget);
    socket.onUnplug = () => this.#unplugged(port);
    const isGranted = granted || this.#grantLasts;
    this.#ports.add(port, isGranted);
    if (isGranted) this.#tell('connect', port);
    return {
      port,
      behaviour,
      fail: (failure) => port.fail(failure),
      unplug: () => socket.unplug(),
    };
  }

  getPorts(): Promise<EmulatedSerialPort[]> {
    return this.#ports.granted();
  }

  requestPort({ filters = [] }: { filters?: readonly Filter[] | undefined } = {}) {
    const fits = (port: EmulatedSerialPort) => {
      const ids = port.getInfo();
      return (
        filters.length === 0 ||
        filters.some(
          ({ usbVendorId = ids.usbVendorId, usbProductId = ids.usbProductId }) =>
            usbVendorId === ids.usbVendorId && usbProductId === ids.usbProductId,
        )
      );
    };
    return this.#ports.request(fits, 'port');
  }

  #unplugged(port: EmulatedSerialPort): void {
    const { grantsLast = false, disconnectMs = 20 } = this.#options;
    if (!this.#ports.remove(port)) return;
    this.#grantLasts ||= grantsLast;
    setTimeout(() => this.#tell('disconnect', port), disconnectMs);
  }

  /** An event of a port reaches the port and then `navigator.serial`. */
  #tell(type: 'connect' | 'disconnect', port: EmulatedSerialPort): void {
    const event = new Event(type, { bubbles: true });
    port.dispatchEvent(event);
    port[`on${type}`]?.(event);
    const same = new Event(type);
    Object.defineProperty(same, 'target', { value: port });
    this.dispatchEvent(same);
    this[`on${type}`]?.(same);
  }
}
