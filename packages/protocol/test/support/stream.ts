import fc from 'fast-check';
import { encodePacket, type Noise, type Packet, PacketDecoder } from '../../src/receiver/packet.ts';
import { concat, hex } from './bytes.ts';

/** Bytes that look like beginnings: starts of packets with short, impossible and huge lengths. */
const headLike: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(0, 1, 5, 6, 7, 12, 40, 0x101, 0xffff), fc.nat(255))
  .map(([length, code]) => Uint8Array.of(1, length, length >> 8, code));

export const garbage: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.array(fc.constantFrom(0, 1, 6, 0xff), { maxLength: 12 }).map((a) => Uint8Array.from(a)),
  headLike,
);

export const packetBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.nat(255),
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.constantFrom(0, 1, 6), { maxLength: 20 }).map((a) => Uint8Array.from(a)),
    ),
  )
  .map(([code, payload]) => encodePacket(code, payload));

/** A packet with one byte changed. */
const damagedPacket: fc.Arbitrary<Uint8Array> = fc
  .tuple(packetBytes, fc.nat(), fc.integer({ min: 1, max: 255 }))
  .map(([packet, at, change]) => {
    const place = at % packet.length;
    packet[place] = packet[place]! ^ change;
    return packet;
  });

/** Packets, damaged packets and garbage one after the other. */
export const stream: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(packetBytes, damagedPacket, garbage), { maxLength: 8 })
  .map(concat);

/** Pushes the pieces and gives up what is left: every event, in order. */
export function decodeAll(
  pieces: readonly Uint8Array[],
  maxLength?: number,
): { readonly events: readonly (Packet | Noise)[]; readonly held: readonly Noise[] } {
  const decoder = new PacketDecoder(maxLength);
  const events = pieces.flatMap((piece) => decoder.push(piece));
  return { events, held: decoder.reset() };
}

/** The bytes an event was made from. */
export function bytesOf(event: Packet | Noise): Uint8Array {
  return event.kind === 'noise' ? event.bytes : encodePacket(event.code, event.payload);
}

/** Events as text, noise that is not interrupted by a packet as one: equal if nothing differs. */
export function transcript(events: readonly (Packet | Noise)[]): string[] {
  const lines: string[] = [];
  for (const event of events) {
    if (event.kind === 'packet') lines.push(`packet ${event.code} ${hex(event.payload)}`);
    else if (lines.at(-1)?.startsWith('noise ')) lines.push(`${lines.pop()}${hex(event.bytes)}`);
    else lines.push(`noise ${hex(event.bytes)}`);
  }
  return lines;
}
