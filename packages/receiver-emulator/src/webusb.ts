/** `navigator.usb` with emulated receivers, as Chromium behaves (docs/emulators.md). */
import { DEXCOM_VENDOR_ID, RECEIVER_PRODUCT_ID } from '@egvkit/protocol/receiver/wire';
import { type Choosing, Ports } from './web/ports.ts';
import { Socket } from './web/socket.ts';
import {
  EmulatedUsbDevice,
  type SeenRequest,
  type UsbBehaviour,
  type UsbFailure,
} from './web/usb-device.ts';
import type { TransferEnd } from './web/usb-endpoint.ts';
import type { Attachable } from './wire.ts';

export {
  type Choosing,
  EmulatedUsbDevice,
  type SeenRequest,
  type TransferEnd,
  type UsbBehaviour,
  type UsbFailure,
};

export interface EmulatedUsbOptions extends Choosing<EmulatedUsbDevice> {
  /** Milliseconds from the failed transfers to the event `disconnect`; 20 if not given. */
  readonly disconnectMs?: number; // Our choice.
}

export interface UsbPlugOptions extends Partial<UsbBehaviour> {
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
  /** Other descriptors than those of a G4. */
  readonly configurationDescriptor?: Uint8Array | undefined;
  /** True if the system has selected the device's configuration; true if not given. */
  readonly configured?: boolean | undefined;
  /** True if the site may use the device without asking; false if not given. */
  readonly granted?: boolean | undefined;
  /** Called when a claim takes the system's driver off: the serial port goes. */
  readonly onDetach?: (() => void) | undefined;
}

/** Handle of a test on a receiver that is plugged into the computer. */
export interface UsbCable {
  /**
   * The device that the chooser gives the page. A receiver that is plugged in again gets another
   * one.
   */
  readonly device: EmulatedUsbDevice;
  /** May be changed at any time. */
  readonly behaviour: UsbBehaviour;
  /** Pulls the cable: transfers fail, and some time later `disconnect` comes. */
  unplug(): void;
}

interface Filter {
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
}

/** An event of `navigator.usb`. */
class ConnectionEvent extends Event {
  readonly device: EmulatedUsbDevice;

  constructor(type: string, device: EmulatedUsbDevice) {
    super(type);
    this.device = device;
  }
}

/** A listener as the types of WebUSB have it. */
type Listener = EventListenerOrEventListenerObject | ((event: never) => unknown) | null;

/** Stands in for `navigator.usb`. Plug emulated receivers into it. */
export class EmulatedUsb extends EventTarget {
  onconnect: ((event: Event) => void) | null = null;
  ondisconnect: ((event: Event) => void) | null = null;
  readonly #options: EmulatedUsbOptions;
  readonly #ports: Ports<EmulatedUsbDevice>;

  constructor(options: EmulatedUsbOptions = {}) {
    super();
    this.#options = options;
    this.#ports = new Ports(options);
  }

  /** Plugs a receiver in. */
  plug(attachable: Attachable, options: UsbPlugOptions = {}): UsbCable {
    const {
      vendorId = DEXCOM_VENDOR_ID,
      productId = RECEIVER_PRODUCT_ID,
      configurationDescriptor,
      configured = true,
      granted = false,
      onDetach = () => {},
      ...given
    } = options;
    const behaviour: UsbBehaviour = {
      driver: 'none',
      controlHeld: false,
      denied: false,
      configurable: true,
      requestsStall: false,
      stopped: false,
      closingHangs: false,
      closingRefusesPending: false,
      zeroLengthPacket: true,
      failTransfer: () => undefined,
      ...given,
    };
    const socket = new Socket(attachable);
    const device = new EmulatedUsbDevice(socket, behaviour, {
      vendorId,
      productId,
      configurationDescriptor,
      configured,
      onForget: () => this.#ports.forget(device),
      onDetach,
    });
    socket.onUnplug = () => {
      if (!this.#ports.remove(device)) return;
      setTimeout(() => this.#tell('disconnect', device), this.#options.disconnectMs ?? 20);
    };
    this.#ports.add(device, granted);
    if (granted) this.#tell('connect', device);
    return { device, behaviour, unplug: () => socket.unplug() };
  }

  override addEventListener(
    type: string,
    listener: Listener,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  override removeEventListener(
    type: string,
    listener: Listener,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener as EventListener, options);
  }

  getDevices(): Promise<EmulatedUsbDevice[]> {
    return this.#ports.granted();
  }

  requestDevice({ filters = [] }: { filters?: readonly Filter[] | undefined } = {}) {
    const fits = (device: EmulatedUsbDevice) =>
      filters.length === 0 ||
      filters.some(
        ({ vendorId = device.vendorId, productId = device.productId }) =>
          vendorId === device.vendorId && productId === device.productId,
      );
    return this.#ports.request(fits, 'device');
  }

  #tell(type: 'connect' | 'disconnect', device: EmulatedUsbDevice): void {
    const event = new ConnectionEvent(type, device);
    this.dispatchEvent(event);
    this[`on${type}`]?.(event);
  }
}
