/** The bulk endpoints of an emulated receiver, below WebUSB. */

/** Status and data of a finished transfer, as in `USBInTransferResult`. */
export interface TransferEnd {
  readonly status: 'ok' | 'stall' | 'babble';
  readonly data?: DataView | undefined;
}

interface Pending {
  readonly length: number;
  readonly resolve: (end: TransferEnd) => void;
  readonly reject: (reason: unknown) => void;
  readonly packets: Uint8Array[];
  filled: number;
}

/**
 * Device to host. Packets wait in the device until a transfer asks for them. A transfer ends when it
 * is full, or with a packet that is not full; a packet that does not fit in any more is lost, and
 * the transfer ends with "babble".
 */
export class BulkIn {
  // browser §23
  readonly #packetSize: number;
  readonly #packets: Uint8Array[] = [];
  #pending: Pending[] = [];
  #isHalted = false;

  constructor(packetSize: number) {
    this.#packetSize = packetSize;
  }

  /** Number of waiting transfers. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Takes packets from the device. */
  push(packets: readonly Uint8Array[]): void {
    this.#packets.push(...packets);
    this.#advance();
  }

  transfer(length: number): Promise<TransferEnd> {
    if (this.#isHalted) return Promise.resolve({ status: 'stall' });
    return new Promise((resolve, reject) => {
      this.#pending.push({ length, resolve, reject, packets: [], filled: 0 });
      this.#advance();
    });
  }

  /** Halts the endpoint: every transfer ends with "stall" until `clear`. */
  halt(): void {
    this.#isHalted = true;
    const pending = this.#pending;
    this.#pending = [];
    for (const { resolve } of pending) resolve({ status: 'stall' });
  }

  clear(): void {
    this.#isHalted = false;
  }

  /** Ends the transfer that is next with "babble". */
  babble(): void {
    this.#pending.shift()?.resolve({ status: 'babble' });
  }

  /** Nothing more comes: every transfer fails. What the device still had is lost. */
  fail(name: string, words: string): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#packets.length = 0;
    for (const { reject } of pending) reject(new DOMException(words, name));
  }

  #advance(): void {
    while (!this.#isHalted) {
      const [transfer] = this.#pending;
      const packet = this.#packets[0];
      if (transfer === undefined || packet === undefined) return;
      this.#packets.shift();
      if (transfer.filled + packet.length > transfer.length) {
        this.#pending.shift();
        transfer.resolve({ status: 'babble' });
        continue;
      }
      transfer.packets.push(packet);
      transfer.filled += packet.length;
      if (packet.length === this.#packetSize && transfer.filled < transfer.length) continue;
      this.#pending.shift();
      transfer.resolve({ status: 'ok', data: viewOf(transfer) });
    }
  }
}

function viewOf({ packets, filled }: Pending): DataView {
  const bytes = new Uint8Array(filled);
  let at = 0;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  return new DataView(bytes.buffer);
}
