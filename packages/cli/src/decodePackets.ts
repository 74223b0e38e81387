import {
  ACK,
  commandByCode,
  NEVER_SENT,
  type Noise,
  PACKET_OVERHEAD,
  PAGE_HEADER,
  type Packet,
  PacketDecoder,
  RESPONSE_CODES,
} from '@egvkit/protocol/receiver';
import type { DamageItem, DecodedItem, PacketItem } from './decodeItems.ts';
import { holdsHeader, holdsPages, pageItems } from './decodePages.ts';

/** Bytes of a packet before its payload. */
const PAYLOAD_AT = 4;

const REASONS: Readonly<Record<Noise['reason'], string>> = {
  start: 'no packet begins here: it would begin with 0x01',
  length: 'no packet begins here: none can have this length',
  crc: 'the CRC of this packet is wrong',
  unfinished: 'this packet ends too early',
};

/** The packets in a stream, and the pages and headers that replies among them hold. */
export function* packetItems(bytes: Uint8Array): Generator<DecodedItem, void, void> {
  let offset = 0;
  let damage: Damage | undefined;
  for (const found of foundIn(bytes)) {
    if (found.kind === 'noise') {
      if (damage === undefined || !damage.takes(found, offset)) {
        if (damage !== undefined) yield damage.item();
        damage = new Damage(found.reason, offset, bytes);
      }
      offset += found.bytes.length;
      damage.end = offset;
    } else {
      if (damage !== undefined) yield damage.item();
      damage = undefined;
      yield packetItem(found, offset);
      yield* contentItems(found, offset + PAYLOAD_AT);
      offset += PACKET_OVERHEAD + found.payload.length;
    }
  }
  if (damage !== undefined) yield damage.item();
}

/** Bytes that are no packet: a damaged one with all that it claims to hold, or what is none. */
class Damage {
  end = 0;
  readonly #reason: Noise['reason'];
  readonly #offset: number;
  readonly #claimedEnd: number;

  constructor(reason: Noise['reason'], offset: number, bytes: Uint8Array) {
    this.#reason = reason;
    this.#offset = offset;
    const length = (bytes[offset + 1] ?? 0) | ((bytes[offset + 2] ?? 0) << 8);
    this.#claimedEnd = reason === 'crc' ? offset + length : offset;
  }

  /** Whether noise is more of the same, and not a damaged packet of its own. */
  takes({ reason }: Noise, offset: number): boolean {
    return offset < this.#claimedEnd || reason === 'start' || reason === 'length';
  }

  item(): DamageItem {
    const length = this.end - this.#offset;
    return { kind: 'damage', offset: this.#offset, length, reason: REASONS[this.#reason] };
  }
}

/** Packets and noise in order. A packet that would end behind the input hides none within it. */
function* foundIn(bytes: Uint8Array): Generator<Packet | Noise, void, void> {
  let rest = bytes;
  while (rest.length > 0) {
    const decoder = new PacketDecoder();
    yield* decoder.push(rest);
    const { pending } = decoder;
    if (pending === 0) return;
    rest = rest.subarray(rest.length - pending);
    yield { kind: 'noise', reason: 'unfinished', bytes: rest.subarray(0, 1) };
    rest = rest.subarray(1);
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
