import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePacket, PacketDecoder } from '../../src/receiver/packet.ts';
import { byteByByte, concat, cutAt, hex, unhex } from '../support/bytes.ts';
import { bytesOf, decodeAll, garbage, packetBytes, stream, transcript } from '../support/stream.ts';
import { VECTORS } from '../support/vectors.ts';

const cuts = fc.array(fc.nat(300), { maxLength: 12 });
const maxLength = fc.constantFrom(6, 7, 20, 46, 300, 0xffff);

describe('PacketDecoder, on any stream', () => {
  it('gives the same packets and the same noise at any chunking', () => {
    fc.assert(
      fc.property(stream, cuts, maxLength, (bytes, places, max) => {
        const whole = decodeAll([bytes.slice()], max);
        for (const pieces of [cutAt(bytes, places), byteByByte(bytes)]) {
          const cut = decodeAll(pieces, max);
          expect(transcript(cut.events)).toEqual(transcript(whole.events));
          expect(cut.held).toEqual(whole.held);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives every byte back once and in order, as a packet or as noise', () => {
    fc.assert(
      fc.property(stream, cuts, maxLength, (bytes, places, max) => {
        const { events, held } = decodeAll(cutAt(bytes, places), max);
        expect(hex(concat([...events, ...held].map(bytesOf)))).toBe(hex(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('counts what it holds, which is always less than the longest packet', () => {
    fc.assert(
      fc.property(stream, cuts, maxLength, (bytes, places, max) => {
        const decoder = new PacketDecoder(max);
        let taken = 0;
        for (const piece of cutAt(bytes, places)) {
          taken += piece.length;
          for (const event of decoder.push(piece)) taken -= bytesOf(event).length;
          expect(decoder.pending).toBe(taken);
          expect(decoder.pending).toBeLessThan(max);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never gives a packet longer than was asked for', () => {
    fc.assert(
      fc.property(stream, maxLength, (bytes, max) => {
        for (const event of decodeAll([bytes], max).events) {
          if (event.kind === 'packet') expect(event.payload.length + 6).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds every packet behind any garbage that cannot begin one', () => {
    const noStart = fc.uint8Array({ maxLength: 20 }).map((b) => b.map((n) => (n === 1 ? 2 : n)));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noStart, packetBytes), { maxLength: 6 }),
        cuts,
        (parts, places) => {
          const { events, held } = decodeAll(cutAt(concat(parts.flat()), places));
          const packets = events.filter((event) => event.kind === 'packet').map(bytesOf);
          expect(packets.map(hex)).toEqual(parts.map(([, packet]) => hex(packet)));
          expect(held).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('holds nothing after whole packets', () => {
    fc.assert(
      fc.property(
        fc.array(packetBytes, { minLength: 1, maxLength: 6 }),
        cuts,
        (packets, places) => {
          const decoder = new PacketDecoder();
          const events = cutAt(concat(packets), places).flatMap((piece) => decoder.push(piece));
          expect(events.map((event) => hex(bytesOf(event)))).toEqual(packets.map(hex));
          expect(decoder.pending).toBe(0);
          expect(decoder.reset()).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('can be reset anywhere and then reads the next packet', () => {
    const ping = encodePacket(10);
    fc.assert(
      fc.property(stream, garbage, (bytes, more) => {
        const decoder = new PacketDecoder();
        decoder.push(bytes);
        decoder.push(more);
        const { pending } = decoder;
        const held = decoder.reset();
        expect(held.reduce((sum, noise) => sum + noise.bytes.length, 0)).toBe(pending);
        expect(decoder.push(ping.slice())).toEqual([
          { kind: 'packet', code: 10, payload: new Uint8Array(0) },
        ]);
      }),
      { numRuns: 150 },
    );
  });
});

/** The longest packet of a receiver that was ever seen: four pages. */
const LONGEST_SEEN = 2118; // receiver §2.2

describe('the stream vectors', () => {
  it.each(VECTORS.streams)('$name', ({ chunks, expectPackets, expectCrcErrors }) => {
    const bytes = unhex(chunks.join(''));
    const splits = [chunks.map(unhex), byteByByte(bytes)];
    for (let at = 0; at <= bytes.length; at++) splits.push(cutAt(bytes, [at]));
    for (const pieces of splits) {
      const { events, held } = decodeAll(pieces, LONGEST_SEEN);
      const packets = events.filter((event) => event.kind === 'packet');
      expect(packets.map((packet) => hex(bytesOf(packet)))).toEqual(expectPackets);
      const crcErrors = events.filter((event) => event.kind === 'noise' && event.reason === 'crc');
      expect(crcErrors).toHaveLength(expectCrcErrors ?? 0);
      expect(held).toEqual([]);
    }
  });

  it('give their packets without a bound on the length too, once a pause shows the false header', () => {
    for (const { name, chunks, expectPackets } of VECTORS.streams) {
      const decoder = new PacketDecoder();
      const events = [
        ...chunks.flatMap((chunk) => decoder.push(unhex(chunk))),
        ...decoder.rescue(),
      ];
      const packets = events.filter((event) => event.kind === 'packet');
      expect(
        packets.map((packet) => hex(bytesOf(packet))),
        name,
      ).toEqual(expectPackets);
      expect(decoder.pending).toBe(0);
    }
  });
});

describe('the packet vectors', () => {
  it('are each found at every split in two and byte by byte', () => {
    for (const { name, packet, command } of VECTORS.packets) {
      const bytes = unhex(packet);
      const step = bytes.length > 100 ? 37 : 1;
      const splits = [byteByByte(bytes)];
      for (let at = 0; at <= bytes.length; at += step) splits.push(cutAt(bytes, [at]));
      for (const pieces of splits) {
        const { events, held } = decodeAll(pieces);
        expect(events, name).toHaveLength(1);
        expect(events[0]).toMatchObject({ kind: 'packet', code: command });
        expect(hex(bytesOf(events[0]!))).toBe(packet);
        expect(held).toEqual([]);
      }
    }
  });
});
