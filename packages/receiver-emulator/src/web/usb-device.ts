/** A `USBDevice` as Chromium has it, with an emulated receiver behind it. */
import { CDC_DATA_INTERFACE_CLASS } from '@egvkit/protocol/receiver/wire';
import { USB_IDENTITY, type UsbConfigurationView, usbConfiguration, usbPackets } from '../usb.ts';
import type { Socket } from './socket.ts';
import { BulkIn, type TransferEnd } from './usb-endpoint.ts';

/** Failure of a transfer from the receiver, which is lost. */
export type UsbFailure = 'stall' | 'babble';

/** Behaviour of the system and the device besides carrying bytes; may change at any time. */
export interface UsbBehaviour {
  /**
   * The system's serial driver: there is none (`none`); it holds both interfaces (`holds`); a claim
   * of the control interface takes it off both, and until then data cannot be claimed (`detaches`);
   * as before, but data can be claimed only at the second attempt (`detachesLate`).
   */
  driver: 'none' | 'holds' | 'detaches' | 'detachesLate';
  /** True if something else holds the control interface, for good. */
  controlHeld: boolean;
  /** True if the system refuses to open the device (Linux without a udev rule). */
  denied: boolean;
  /** True if a configuration can be selected; false on Windows. */
  configurable: boolean;
  /** True if class requests stall. */
  requestsStall: boolean;
  /** True if the device takes no bytes: transfers to it wait. */
  stopped: boolean;
  /** True if `close` never ends. */
  closingHangs: boolean;
  /** True if `close` fails while a transfer waits, as in old versions of Node's `usb`. */
  closingRefusesPending: boolean; // browser §26
  /** True if an empty packet ends a reply of whole packets. */
  zeroLengthPacket: boolean;
  /** Chooses a failure for a transfer from the receiver; undefined to deliver it. */
  failTransfer: (bytes: Uint8Array) => UsbFailure | undefined;
}

/** A request of the class that the device has got. */
export interface SeenRequest {
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly data: readonly number[];
}

interface Setup {
  readonly requestType: string;
  readonly recipient: string;
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

type Bytes = ArrayBuffer | ArrayBufferView;

const fault = (name: string, words: string) => new DOMException(words, name);

function bytesOf(data: Bytes | undefined): Uint8Array {
  if (data === undefined) return new Uint8Array(0);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

export class EmulatedUsbDevice {
  // What its descriptors say (receiver §12.2).
  readonly usbVersionMajor = 1;
  readonly usbVersionMinor = 1;
  readonly usbVersionSubminor = 0;
  readonly deviceClass = 2;
  readonly deviceSubclass = 0;
  readonly deviceProtocol = 0;
  readonly deviceVersionMajor = 1;
  readonly deviceVersionMinor = 0;
  readonly deviceVersionSubminor = 0;
  readonly manufacturerName = USB_IDENTITY.strings[1] ?? null;
  readonly productName = USB_IDENTITY.strings[2] ?? null;
  readonly serialNumber = null;
  readonly vendorId: number;
  readonly productId: number;
  /** Every request of the class so far. */
  readonly requests: SeenRequest[] = [];
  /** The size of every transfer to the device so far. */
  readonly transfersOut: number[] = [];
  readonly #configuration: UsbConfigurationView;
  readonly #socket: Socket;
  readonly #behaviour: UsbBehaviour;
  readonly #onForget: () => void;
  readonly #onDetach: () => void;
  readonly #in: BulkIn;
  readonly #claimed = new Set<number>();
  #opened = false;
  #isConfigured: boolean;
  #dataRefusals = 0;
  #stopOut: ((reason: unknown) => void)[] = [];

  constructor(
    socket: Socket,
    behaviour: UsbBehaviour,
    options: {
      readonly vendorId: number;
      readonly productId: number;
      readonly configurationDescriptor: Uint8Array | undefined;
      readonly configured: boolean;
      readonly onForget: () => void;
      readonly onDetach: () => void;
    },
  ) {
    this.#socket = socket;
    this.#behaviour = behaviour;
    this.vendorId = options.vendorId;
    this.productId = options.productId;
    this.#onForget = options.onForget;
    this.#onDetach = options.onDetach;
    this.#configuration = usbConfiguration(options.configurationDescriptor);
    this.#isConfigured = options.configured;
    this.#in = new BulkIn(this.#packetSize());
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** Number of transfers from the device that wait now. */
  get transfersWaiting(): number {
    return this.#in.waiting;
  }

  get configurations() {
    return [this.#view()];
  }

  get configuration() {
    return this.#isConfigured ? this.#view() : null;
  }

  async open(): Promise<void> {
    this.#assertThere();
    await undefined;
    if (this.#behaviour.denied) throw fault('SecurityError', 'Access denied.');
    if (this.#opened) return;
    this.#opened = true;
    this.#socket.attach({
      arrived: (bytes) => this.#arrived(bytes),
      gone: () => this.#gone(),
    });
  }

  /** Ends pending transfers with AbortError. The system's driver does not come back. */
  async close(): Promise<void> {
    if (!this.#opened) return;
    if (this.#behaviour.closingRefusesPending && this.#in.waiting > 0) {
      throw new Error("Can't close device with a pending request");
    }
    if (this.#behaviour.closingHangs) await new Promise(() => {});
    this.#closeNow('AbortError', 'The transfer was cancelled.');
    this.#socket.detach();
    await undefined;
  }

  async forget(): Promise<void> {
    await this.close();
    this.#onForget();
  }

  async reset(): Promise<void> {
    this.#assertOpen();
  }

  async selectConfiguration(value: number): Promise<void> {
    this.#assertOpen();
    if (!this.#behaviour.configurable) {
      throw fault('NetworkError', 'Unable to set device configuration.');
    }
    if (value !== this.#configuration.configurationValue) {
      throw fault('NotFoundError', 'The configuration value provided is not supported.');
    }
    this.#isConfigured = true;
  }

  async claimInterface(number: number): Promise<void> {
    this.#assertOpen();
    const found = this.#interface(number);
    await undefined;
    if (this.#claimed.has(number)) return;
    const isData = found.alternates[0]?.interfaceClass === CDC_DATA_INTERFACE_CLASS;
    if (this.#refuses(isData)) {
      const words = "Failed to execute 'claimInterface' on 'USBDevice': Unable to claim interface.";
      throw fault('NetworkError', words);
    }
    this.#claimed.add(number);
  }

  #refuses(isData: boolean): boolean {
    const behaviour = this.#behaviour;
    if (!isData && behaviour.controlHeld) return true;
    if (behaviour.driver === 'none') return isData && this.#dataRefusals-- > 0;
    if (behaviour.driver === 'holds') return true;
    if (!isData) {
      // Chromium takes the driver off by the control interface alone (browser §0.2).
      this.#dataRefusals = behaviour.driver === 'detachesLate' ? 1 : 0;
      behaviour.driver = 'none';
      this.#onDetach();
      return false;
    }
    return true;
  }

  async releaseInterface(number: number): Promise<void> {
    this.#assertOpen();
    this.#claimed.delete(number);
  }

  async selectAlternateInterface(number: number, alternate: number): Promise<void> {
    this.#assertClaimed(number);
    const { alternates } = this.#interface(number);
    if (alternates.some(({ alternateSetting }) => alternateSetting === alternate)) return;
    throw fault('NotFoundError', 'The alternate setting provided is not supported.');
  }

  async controlTransferIn(setup: Setup, _length: number): Promise<TransferEnd> {
    this.#assertClaimed(setup.index);
    return { status: 'stall' };
  }

  async controlTransferOut(setup: Setup, data?: Bytes) {
    this.#assertClaimed(setup.index);
    const { request, value, index } = setup;
    const bytes = bytesOf(data);
    this.requests.push({ request, value, index, data: [...bytes] });
    await undefined;
    return this.#behaviour.requestsStall
      ? ({ status: 'stall', bytesWritten: 0 } as const)
      : ({ status: 'ok', bytesWritten: bytes.length } as const);
  }

  async clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void> {
    this.#assertEndpoint(direction, endpointNumber);
    if (direction === 'in') this.#in.clear();
  }

  async transferIn(endpointNumber: number, length: number): Promise<TransferEnd> {
    this.#assertEndpoint('in', endpointNumber);
    return this.#in.transfer(length);
  }

  async transferOut(endpointNumber: number, data: Bytes) {
    this.#assertEndpoint('out', endpointNumber);
    const bytes = bytesOf(data).slice();
    this.transfersOut.push(bytes.length);
    if (this.#behaviour.stopped) await new Promise((_, reject) => this.#stopOut.push(reject));
    this.#socket.send(bytes);
    return { status: 'ok', bytesWritten: bytes.length } as const;
  }

  async isochronousTransferIn(): Promise<never> {
    throw fault('InvalidAccessError', 'The specified endpoint is not isochronous.');
  }

  async isochronousTransferOut(): Promise<never> {
    throw fault('InvalidAccessError', 'The specified endpoint is not isochronous.');
  }

  #arrived(bytes: Uint8Array): void {
    const { failTransfer, zeroLengthPacket } = this.#behaviour;
    const failure = failTransfer(bytes);
    if (failure === 'stall') this.#in.halt();
    else if (failure === 'babble') this.#in.babble();
    else this.#in.push(usbPackets(bytes, { packetSize: this.#packetSize(), zeroLengthPacket }));
  }

  /** Fails the transfers, before the page is told that the device has gone. */
  #gone(): void {
    // browser §4
    this.#closeNow('NetworkError', 'A transfer error has occurred.');
  }

  #closeNow(name: string, words: string): void {
    this.#opened = false;
    this.#claimed.clear();
    this.#in.fail(name, words);
    const stopped = this.#stopOut;
    this.#stopOut = [];
    for (const reject of stopped) reject(fault(name, words));
  }

  #packetSize(): number {
    const endpoints = this.#configuration.interfaces.flatMap(({ alternates }) =>
      alternates.flatMap((alternate) => alternate.endpoints),
    );
    const bulk = endpoints.find(({ type, direction }) => type === 'bulk' && direction === 'in');
    return bulk?.packetSize ?? 64;
  }

  #view() {
    const { configurationValue, interfaces } = this.#configuration;
    return {
      configurationValue,
      configurationName: null,
      interfaces: interfaces.map(({ interfaceNumber, alternates }) => {
        const views = alternates.map((alternate) => ({
          ...alternate,
          interfaceName: null,
          endpoints: [...alternate.endpoints],
        }));
        const claimed = this.#claimed.has(interfaceNumber);
        const [alternate] = views as [(typeof views)[number]];
        return { interfaceNumber, alternates: views, alternate, claimed };
      }),
    };
  }

  #interface(number: number): UsbConfigurationView['interfaces'][number] {
    const found = this.#configuration.interfaces.find(
      ({ interfaceNumber }) => interfaceNumber === number,
    );
    if (found && this.#isConfigured) return found;
    throw fault('NotFoundError', 'The interface number provided is not supported by the device.');
  }

  #assertThere(): void {
    if (!this.#socket.plugged) throw fault('NotFoundError', 'The device was disconnected.');
  }

  #assertOpen(): void {
    this.#assertThere();
    if (!this.#opened) throw fault('InvalidStateError', 'The device must be opened first.');
  }

  #assertClaimed(number: number): void {
    this.#assertOpen();
    if (this.#claimed.has(number)) return;
    throw fault('InvalidStateError', 'The specified interface has not been claimed.');
  }

  #assertEndpoint(wanted: 'in' | 'out', number: number): void {
    this.#assertOpen();
    const isThere = this.#configuration.interfaces.some(
      ({ interfaceNumber, alternates }) =>
        this.#claimed.has(interfaceNumber) &&
        alternates[0]?.endpoints.some(
          ({ endpointNumber, direction }) => endpointNumber === number && direction === wanted,
        ),
    );
    if (isThere) return;
    const words =
      'The specified endpoint is not part of a claimed and selected alternate interface.';
    throw fault('NotFoundError', words);
  }
}
