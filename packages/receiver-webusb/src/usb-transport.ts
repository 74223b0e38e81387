/** A USB device as a `Transport`. */
import { TRANSFER_IN_BYTES } from '@egvkit/protocol/receiver/wire';
import { PageTransport } from '@egvkit/receiver/browser';
import type { BulkEndpoint, CdcChannel } from './descriptors.ts';

/** Number of transfers that always wait for bytes, so that no byte is missed between two. */
const IN_FLIGHT = 2; // browser §23
/** Number of stalls and babbles without a byte between them after which the port is given up. */
const MOST_FAILURES = 6; // Our choice.
/** Node's `usb` ends a transfer after 1 s unless it is told otherwise; browsers take no limit. */
const NO_LIMIT_MS = 0x7fff_ffff;

interface UsbTransportOptions {
  readonly path: string;
  /** Tells of devices that go. */
  readonly usb: USB;
  readonly onLoss: ((cause: unknown) => void) | undefined;
}

/** Node's `usb` has a limit, and makes an object of its own for each list and event. */
type AnyUsbDevice = USBDevice & {
  readonly handle?: string;
  transferIn(endpoint: number, length: number, limitMs: number): Promise<USBInTransferResult>;
  transferOut(endpoint: number, data: BufferSource, limitMs: number): Promise<USBOutTransferResult>;
};

/** A claimed device. `openUsb` makes it. */
export class UsbTransport extends PageTransport {
  readonly #device: AnyUsbDevice;
  readonly #in: BulkEndpoint;
  readonly #out: BulkEndpoint;
  readonly #onLoss: ((cause: unknown) => void) | undefined;

  constructor(device: USBDevice, channel: CdcChannel, options: UsbTransportOptions) {
    super(options.path);
    this.#device = device as AnyUsbDevice;
    this.#in = channel.in;
    this.#out = channel.out;
    this.#onLoss = options.onLoss;
    this.listen(options.usb, 'disconnect', (event) => {
      const gone = (event as USBConnectionEvent).device as AnyUsbDevice;
      const { handle } = this.#device;
      if (gone === device || (handle !== undefined && gone.handle === handle)) this.disconnected();
    });
    void this.#receive();
  }

  protected override isThere(): boolean {
    return this.#device.opened;
  }

  protected override async send(bytes: Uint8Array): Promise<void> {
    const data = bytes as Uint8Array<ArrayBuffer>;
    // No packet without bytes ends it: this is a stream, and not a message (browser §25).
    const { status } = await this.#device.transferOut(this.#out.endpointNumber, data, NO_LIMIT_MS);
    if (status === 'ok') return;
    await this.#device.clearHalt('out', this.#out.endpointNumber);
    throw new Error(`a transfer to it ended with ${status}`);
  }

  /** Ends pending transfers with AbortError. The system's driver does not come back. */
  protected override async release(): Promise<void> {
    if (this.#device.opened) await this.#device.close();
  }

  async #receive(): Promise<void> {
    try {
      // Results are taken in the order in which the transfers began.
      const pending = Array.from({ length: IN_FLIGHT }, () => this.#begin());
      for (;;) {
        const { status, data } = await (pending.shift() as Promise<USBInTransferResult>);
        if (this.ended) return;
        if (status !== 'ok') await this.#recover(status);
        pending.push(this.#begin());
        if (status === 'ok' && data) {
          this.received(
            new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
          );
        }
      }
    } catch (cause) {
      await this.lost(cause);
    }
  }

  /** Begins a transfer. It is handled when its turn comes, also if it fails before. */
  #begin(): Promise<USBInTransferResult> {
    const { endpointNumber, packetSize } = this.#in;
    // Whole packets: what does not fit in is lost, as "babble".
    const length = Math.ceil(TRANSFER_IN_BYTES / packetSize) * packetSize;
    const transfer = this.#device.transferIn(endpointNumber, length, NO_LIMIT_MS);
    transfer.catch(() => {});
    return transfer;
  }

  async #recover(status: USBTransferStatus): Promise<void> {
    const cause = new Error(`a transfer from it ended with ${status}`);
    this.#onLoss?.(cause);
    if (this.countFailure() >= MOST_FAILURES) throw cause;
    if (status === 'stall') await this.#device.clearHalt('in', this.#in.endpointNumber);
  }
}
