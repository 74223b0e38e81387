import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePacket, type Noise, type Packet, PacketDecoder } from '../../src/receiver/packet.ts';
import { byteByByte, concat, hex, unhex } from '../support/bytes.ts';
import { decodeAll, packetBytes } from '../support/stream.ts';

const ACK = unhex('01 06 00 01 35 D4');

/** Kind, reason or code, and bytes of each event, on one line. */
function told(events: readonly (Packet | Noise)[]): string[] {
  return events.map((event) =>
    event.kind === 'packet'
      ? `packet ${event.code} ${hex(event.payload)}`.trim()
      : `${event.reason} ${hex(event.bytes)}`,
  );
}

describe('PacketDecoder says why bytes are noise', () => {
  it.each([
    ['bytes that are no start', '00 ff 37', ['start 00ff37']],
    ['a length below six', '01 05 00 aa', ['length 010500aa']],
    ['a length above what is expected', '01 65 00', ['length 016500']],
    ['a wrong CRC', '01 06 00 02 56 E5', ['crc 0106000256e5']],
    ['a wrong CRC, then no start', 'ff 01 06 00 02 56 E5', ['start ff', 'crc 0106000256e5']],
  ])('%s', (_name, bytes, expected) => {
    const { events, held } = decodeAll([unhex(bytes)], 100);
    expect(told(events)).toEqual(expected);
    expect(held).toEqual([]);
  });

  it('an unfinished packet, when it is given up', () => {
    const decoder = new PacketDecoder();
    expect(decoder.push(unhex('01 0a 00 01'))).toEqual([]);
    expect(decoder.pending).toBe(4);
    expect(told(decoder.reset())).toEqual(['unfinished 010a0001']);
    expect(decoder.pending).toBe(0);
  });

  it('two damaged packets are two pieces of noise', () => {
    const { events } = decodeAll([unhex('01 06 00 02 00 00  01 06 00 03 00 00  00')]);
    const damaged = events.filter((event) => event.kind === 'noise' && event.reason === 'crc');
    expect(damaged).toHaveLength(2);
  });
});

describe('PacketDecoder resynchronises', () => {
  it('on a packet inside what looked like one', () => {
    const inner = encodePacket(1, unhex('0084d717'));
    const outer = encodePacket(2, concat([unhex('aa'), inner, unhex('bb')]));
    outer[outer.length - 1] = outer[outer.length - 1]! ^ 0xff;
    for (const pieces of [[outer], byteByByte(outer)]) {
      const packets = decodeAll(pieces).events.filter((event) => event.kind === 'packet');
      expect(told(packets)).toEqual(['packet 1 0084d717']);
    }
  });

  it('on a start byte right before the start of the packet', () => {
    // 01 | 01 06 00 … would read as a packet of 0x0601 bytes.
    const { events } = decodeAll([concat([Uint8Array.of(1), ACK])], 100);
    expect(told(events)).toEqual(['length 01', 'packet 1']);
  });

  it('gives a packet at the last byte, without waiting for more', () => {
    const decoder = new PacketDecoder();
    for (const byte of byteByByte(ACK.subarray(0, 5))) expect(decoder.push(byte)).toEqual([]);
    expect(told(decoder.push(ACK.slice(5)))).toEqual(['packet 1']);
  });

  it('passes over lengths that became impossible when less is expected', () => {
    const decoder = new PacketDecoder();
    expect(decoder.push(unhex('01 40 00 01'))).toEqual([]);
    decoder.expect(10);
    expect(told(decoder.push(ACK.slice()))).toEqual(['length 014000', 'length 01', 'packet 1']);
  });

  it('takes nothing for nothing', () => {
    const decoder = new PacketDecoder();
    expect(decoder.push(new Uint8Array(0))).toEqual([]);
    expect([decoder.pending, decoder.reset(), decoder.rescue()]).toEqual([0, [], []]);
  });
});

describe('PacketDecoder copies as little as it can', () => {
  it('gives views of the chunk for packets and noise that lie in one chunk', () => {
    const page = encodePacket(1, new Uint8Array(528).fill(7));
    const chunk = concat([unhex('00 00'), page, page, unhex('ff')]);
    const events = new PacketDecoder().push(chunk);
    expect(events.map((event) => event.kind)).toEqual(['noise', 'packet', 'packet', 'noise']);
    for (const event of events) {
      expect((event.kind === 'packet' ? event.payload : event.bytes).buffer).toBe(chunk.buffer);
    }
    const offsets = events.map((event) =>
      event.kind === 'packet' ? event.payload.byteOffset : event.bytes.byteOffset,
    );
    expect(offsets).toEqual([0, 2 + 4, 2 + 534 + 4, 2 + 534 + 534]);
  });

  it('copies a packet across chunks into exactly its own size, once', () => {
    const packet = encodePacket(1, new Uint8Array(528).fill(7));
    const first = packet.slice(0, 300);
    const second = concat([packet.slice(300), ACK]);
    const decoder = new PacketDecoder();
    expect(decoder.push(first)).toEqual([]);
    const [joined, ack] = decoder.push(second) as [Packet, Packet];
    expect(joined.payload.buffer.byteLength).toBe(packet.length);
    expect(ack.payload.buffer).toBe(second.buffer);
  });

  it('does not touch the chunks', () => {
    const chunk = concat([unhex('00'), ACK, unhex('01 07 00 01 00')]);
    const before = hex(chunk);
    const decoder = new PacketDecoder();
    decoder.push(chunk);
    decoder.push(unhex('00 00'));
    decoder.rescue();
    decoder.reset();
    expect(hex(chunk)).toBe(before);
  });
});

describe('finish', () => {
  it('gives any number of false beginnings', () => {
    const beginnings = new Uint8Array(0xfffe).fill(1);
    beginnings.set([1, 0xff, 0xff]); // hides all others until the end
    const decoder = new PacketDecoder();
    expect(decoder.push(beginnings)).toEqual([]);
    expect(decoder.finish()).toHaveLength(0xfffd);
    expect(decoder.pending).toBe(0);
  });
});

describe('rescue', () => {
  const falseHeader = unhex('01 00 40 07'); // claims 0x4000 bytes

  it('finds the packet that a false header hides', () => {
    const decoder = new PacketDecoder();
    expect(decoder.push(concat([falseHeader, ACK]))).toEqual([]);
    expect(told(decoder.rescue())).toEqual(['unfinished 01004007', 'packet 1']);
    expect(decoder.pending).toBe(0);
  });

  it('finds any packet behind a false header, however it was cut', () => {
    fc.assert(
      fc.property(packetBytes, fc.boolean(), (packet, slowly) => {
        const bytes = concat([falseHeader, packet]);
        const decoder = new PacketDecoder();
        const early = (slowly ? byteByByte(bytes) : [bytes]).flatMap((piece) =>
          decoder.push(piece),
        );
        const found = [...early, ...decoder.rescue()];
        expect(found.at(-1)).toMatchObject({ kind: 'packet', code: packet[3] });
        expect(hex((found.at(-1) as Packet).payload)).toBe(hex(packet.subarray(4, -2)));
        expect(decoder.pending).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('finds a packet behind a single start byte', () => {
    const decoder = new PacketDecoder();
    expect(decoder.push(concat([Uint8Array.of(1), ACK]))).toEqual([]);
    expect(told(decoder.rescue())).toEqual(['unfinished 01', 'packet 1']);
  });

  it('gives nothing up while the packet is only slow', () => {
    const slow = encodePacket(1, new Uint8Array(64));
    const decoder = new PacketDecoder();
    for (const piece of [slow.slice(0, 1), slow.slice(1, 30), slow.slice(30, 69)]) {
      expect(decoder.push(piece)).toEqual([]);
      expect(decoder.rescue()).toEqual([]);
    }
    expect(told(decoder.push(slow.slice(69)))).toEqual([`packet 1 ${'00'.repeat(64)}`]);
  });

  it('gives nothing up for a packet that does not end where the stream ends, or is damaged', () => {
    const damaged = ACK.slice();
    damaged[4] = 0;
    for (const tail of [concat([ACK, unhex('00')]), damaged]) {
      const decoder = new PacketDecoder();
      decoder.push(concat([falseHeader, tail]));
      expect(decoder.rescue()).toEqual([]);
      expect(decoder.pending).toBe(falseHeader.length + tail.length);
    }
  });

  it('leaves all it looked at in vain to be found later', () => {
    const damaged = unhex('01 0C 00  01 09 00 00 00 00 00 00 00'); // both would end where the stream ends
    for (const later of ['finish', 'push'] as const) {
      const decoder = new PacketDecoder();
      expect(decoder.push(concat([falseHeader, ACK, damaged]))).toEqual([]);
      expect(decoder.rescue()).toEqual([]);
      if (later === 'push') decoder.expect(100);
      const found = later === 'finish' ? decoder.finish() : decoder.push(unhex('00'));
      expect(told(found.filter(({ kind }) => kind === 'packet'))).toEqual(['packet 1']);
    }
  });
});
