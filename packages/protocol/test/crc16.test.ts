import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16, crc16OfRest } from '../src/crc16.ts';
import { ascii, hex, unhex } from './support/bytes.ts';
import { bitwiseCrc16 } from './support/crc-reference.ts';
import { VECTORS } from './support/vectors.ts';

describe('crc16', () => {
  it.each([
    ['the catalogue check value', ascii('123456789'), 0x31c3],
    ['bytes 00 … 09', unhex('00010203040506070809'), 0x2378],
    ['ASCII digits', ascii('0123456789'), 0x9c58],
    ['four times FF', unhex('ffffffff'), 0x99cf],
    ['the head of a page range request', unhex('01 07 00 10 04'), 0xb88b],
    ['nothing', new Uint8Array(0), 0],
  ])('gives the CRC of %s', (_name, bytes, crc) => {
    expect(crc16(bytes)).toBe(crc);
  });

  it('gives the value and the stored bytes of every vector', () => {
    expect(VECTORS.crc16).toHaveLength(14);
    for (const vector of VECTORS.crc16) {
      const crc = crc16(vector.hex === undefined ? ascii(vector.ascii ?? '') : unhex(vector.hex));
      expect(crc).toBe(vector.crc);
      expect(hex(Uint8Array.of(crc, crc >> 8))).toBe(vector.wireBytesLE);
    }
  });

  it('agrees with the bit by bit definition for every single byte after every one-byte seed', () => {
    const differing: number[] = [];
    const byte = new Uint8Array(1);
    for (let seed = 0; seed <= 0xffff; seed += 251) {
      for (let value = 0; value < 256; value++) {
        byte[0] = value;
        if (crc16(byte, seed) !== bitwiseCrc16(byte, seed)) differing.push(seed * 256 + value);
      }
    }
    expect(differing).toEqual([]);
  });

  it('agrees with the bit by bit definition for every length up to three steps of eight', () => {
    const bytes = Uint8Array.from({ length: 27 }, (_, i) => (i * 89 + 201) & 0xff);
    for (let length = 0; length <= bytes.length; length++) {
      const piece = bytes.subarray(0, length);
      expect(crc16(piece, 0xbeef), `length ${length}`).toBe(bitwiseCrc16(piece, 0xbeef));
    }
  });

  it('agrees with the bit by bit definition for any bytes, any seed and any part of them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 0, max: 0xffff }),
        fc.nat(80),
        fc.nat(80),
        (bytes, seed, a, b) => {
          const [start = 0, end = 0] = [a, b]
            .map((n) => n % (bytes.length + 1))
            .sort((x, y) => x - y);
          expect(crc16(bytes, seed, start, end)).toBe(
            bitwiseCrc16(bytes.subarray(start, end), seed),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('checksums a text in pieces, wherever it is split', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
        const split = at % (bytes.length + 1);
        const first = crc16(bytes, 0, 0, split);
        expect(crc16(bytes, first, split)).toBe(crc16(bytes));
        expect(crc16(bytes.subarray(split), first)).toBe(crc16(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the bytes as they were', () => {
    const bytes = unhex('0106000a');
    crc16(bytes);
    expect(hex(bytes)).toBe('0106000a');
  });
});

describe('the CRC of the rest of a text', () => {
  it('follows from those of the whole and of the beginning, at any length', () => {
    const text = Uint8Array.from({ length: 140_000 }, (_, i) => (i * i * 31 + i) >> 3);
    fc.assert(
      fc.property(fc.nat(70_000), fc.nat(70_000), (beginning, rest) => {
        const end = beginning + rest;
        const [whole, first] = [crc16(text, 0, 0, end), crc16(text, 0, 0, beginning)];
        expect(crc16OfRest(whole, first, rest)).toBe(crc16(text, 0, beginning, end));
      }),
    );
    for (const rest of [0, 1, 4095, 4096, 32_767, 65_533, 65_534, 65_535]) {
      const [whole, first] = [crc16(text, 0, 0, 9 + rest), crc16(text, 0, 0, 9)];
      expect(crc16OfRest(whole, first, rest)).toBe(crc16(text, 0, 9, 9 + rest));
    }
  });
});
