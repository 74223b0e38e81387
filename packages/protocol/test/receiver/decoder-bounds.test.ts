import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as crc from '../../src/crc16.ts';
import { encodePacket, type Noise, type Packet, PacketDecoder } from '../../src/receiver/packet.ts';

const count = vi.hoisted(() => ({ bytes: 0 }));

vi.mock('../../src/crc16.ts', async (original) => {
  const real = await original<typeof crc>();
  return {
    ...real,
    crc16: (bytes: Uint8Array, seed = 0, start = 0, end = bytes.length) => {
      count.bytes += end - start;
      return real.crc16(bytes, seed, start, end);
    },
    crc16OfEach: (...given: Parameters<typeof crc.crc16OfEach>) => {
      count.bytes += given[0].length;
      return real.crc16OfEach(...given);
    },
  };
});

/** Reference without a shortcut: the CRC of each beginning from the start. */
function slowly(bytes: Uint8Array): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = (bytes[at + 1] ?? 0) + 256 * (bytes[at + 2] ?? 0);
    const end = at + length;
    const fits = bytes[at] === 1 && length >= 6 && end <= bytes.length;
    const stored = fits ? bytes[end - 2]! + 256 * bytes[end - 1]! : -1;
    if (fits && crc.crc16(bytes, 0, at, end - 2) === stored) {
      found.push(`${at} code ${bytes[at + 3]} length ${length}`);
      at = end;
    } else at++;
  }
  return found;
}

function decodeInPieces(bytes: Uint8Array, size: number): (Packet | Noise)[] {
  const decoder = new PacketDecoder();
  const found: (Packet | Noise)[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const one of decoder.push(bytes.subarray(at, at + size))) found.push(one);
  }
  return [...found, ...decoder.finish()];
}

function packetsOf(found: readonly (Packet | Noise)[]): string[] {
  let at = 0;
  return found.flatMap((one) => {
    const start = at;
    const length = one.kind === 'packet' ? one.payload.length + 6 : one.bytes.length;
    at += length;
    return one.kind === 'packet' ? [`${start} code ${one.code} length ${length}`] : [];
  });
}

describe('PacketDecoder, given false beginnings that overlap', () => {
  beforeEach(() => {
    count.bytes = 0;
  });

  it.each([
    ['the longest', [0x01, 0xff, 0xff]],
    ['the longest that a receiver sends', [0x01, 0x46, 0x08]],
    ['a start and nothing else', [0x01]],
  ])('looks at each byte once: %s', (_name, unit) => {
    const bytes = Uint8Array.from({ length: 150_000 }, (_, i) => unit[i % unit.length]!);
    const found = decodeInPieces(bytes, 0x10000);
    expect(packetsOf(found)).toEqual([]);
    expect(count.bytes).toBe(bytes.length);
  });

  it('finds a packet among them', () => {
    const noise = Uint8Array.from({ length: 150_000 }, (_, i) => [0x01, 0xff, 0xff][i % 3]!);
    const packet = encodePacket(1, Uint8Array.of(1, 2, 3));
    noise.set(packet, 100_001);
    expect(packetsOf(decodeInPieces(noise, 0x10000))).toEqual(['100001 code 1 length 9']);
  });

  it('finds the packets that a plain search finds, however the stream is cut', () => {
    const piece = fc.oneof(
      {
        arbitrary: fc.constantFrom(0, 1, 2, 5).map((n) => encodePacket(n, new Uint8Array(n))),
        weight: 2,
      },
      {
        arbitrary: fc.tuple(fc.integer({ min: 6, max: 60 })).map(([n]) => Uint8Array.of(1, n, 0)),
        weight: 4,
      },
      fc.uint8Array({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 1, max: 90 }),
        (parts, size) => {
          const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
          expect(packetsOf(decodeInPieces(bytes, size))).toEqual(slowly(bytes));
        },
      ),
      { numRuns: 500 },
    );
  });
});
