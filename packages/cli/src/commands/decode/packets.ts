import { NEVER_SENT, type Noise, type Packet, PacketDecoder } from '@egvkit/protocol/receiver';
import {
  ACK,
  commandByCode,
  PACKET_OVERHEAD,
  PAGE_HEADER,
  RESPONSE_CODES,
} from '@egvkit/protocol/receiver/wire';
import type { DamageItem, DecodedItem, ItemDecoder, PacketItem } from './items.ts';
import { holdsHeader, holdsPages, pageItems } from './pages.ts';

/** Bytes of a packet before its payload. */
const PAYLOAD_AT = 4;
/** Bytes of a packet to the end of its length. */
const LENGTH_END = 3;

const REASONS: Readonly<Record<Noise['reason'], string>> = {
  start: 'no packet begins here: it would begin with 0x01',
  length: 'no packet begins here: none can have this length',
  crc: 'the CRC of this packet is wrong',
  unfinished: 'this packet ends too early',
};

/** Finds the packets in a stream, and the pages and headers that replies among them hold. */
export class PacketItems implements ItemDecoder {
  readonly #decoder = new PacketDecoder();
  #offset = 0;
  #damage: Damage | undefined;

  push(bytes: Uint8Array): Iterable<DecodedItem> {
    return this.#items(this.#decoder.push(bytes));
  }

  *end(): Generator<DecodedItem, void, void> {
    yield* this.#items(this.#decoder.finish());
    yield* this.#closeDamage();
  }

  *#items(all: readonly (Packet | Noise)[]): Generator<DecodedItem, void, void> {
    for (const found of all) {
      if (found.kind === 'noise') {
        if (this.#damage?.takes(found, this.#offset) !== true) {
          yield* this.#closeDamage();
          this.#damage = new Damage(found.reason, this.#offset);
        }
        this.#damage.add(found.bytes);
        this.#offset += found.bytes.length;
      } else {
        yield* this.#closeDamage();
        yield packetItem(found, this.#offset);
        yield* contentItems(found, this.#offset + PAYLOAD_AT);
        this.#offset += PACKET_OVERHEAD + found.payload.length;
      }
    }
  }

  *#closeDamage(): Generator<DecodedItem, void, void> {
    if (this.#damage !== undefined) yield this.#damage.item();
    this.#damage = undefined;
  }
}

/** Bytes that are no packet: a damaged one with all that it claims to hold, or what is none. */
class Damage {
  readonly #reason: Noise['reason'];
  readonly #offset: number;
  #length = 0;
  /** The first bytes, which say how long the packet claims to be. */
  readonly #head: number[] = [];

  constructor(reason: Noise['reason'], offset: number) {
    this.#reason = reason;
    this.#offset = offset;
  }

  add(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#head.length < LENGTH_END) {
      this.#head.push(...bytes.subarray(0, LENGTH_END - this.#head.length));
    }
  }

  /** The shortest packet, while its length has not been seen. */
  get #claimedEnd(): number {
    if (this.#reason !== 'crc') return this.#offset;
    const [, low = PACKET_OVERHEAD, high = 0] = this.#head;
    return this.#offset + Math.max(low + 256 * high, PACKET_OVERHEAD);
  }

  /** True if noise continues this damaged range; false if it is a damaged packet of its own. */
  takes({ reason }: Noise, offset: number): boolean {
    if (offset < this.#claimedEnd || reason === 'start' || reason === 'length') return true;
    // At the end of the input every false beginning is unfinished: together they are one end.
    return this.#reason === 'unfinished' && reason === 'unfinished';
  }

  item(): DamageItem {
    return {
      kind: 'damage',
      offset: this.#offset,
      length: this.#length,
      reason: REASONS[this.#reason],
    };
  }
}

function packetItem({ code, payload }: Packet, offset: number): PacketItem {
  const responses: Readonly<Record<number, string>> = RESPONSE_CODES;
  return {
    kind: 'packet',
    offset,
    length: PACKET_OVERHEAD + payload.length,
    code,
    command: commandName(code),
    response: responses[code] ?? null,
    payload,
  };
}

/** Its name, also if it is one that is never sent. */
function commandName(code: number): string | null {
  const known = commandByCode(code);
  if (known !== undefined) return known;
  const never = Object.entries(NEVER_SENT).find(([, row]) => row.code === code);
  return never?.[0] ?? null;
}

function* contentItems(
  { code, payload }: Packet,
  offset: number,
): Generator<DecodedItem, void, void> {
  if (code !== ACK) return;
  if (holdsPages(payload)) yield* pageItems(payload, offset);
  else if (holdsHeader(payload)) {
    yield { kind: 'pageHeader', offset, ...PAGE_HEADER.decode(payload) };
  }
}
