import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LayoutError } from '../src/errors/layout.ts';
import {
  bounded,
  empty,
  type Field,
  i8,
  i32,
  latin1,
  latin1Bytes,
  layout,
  mapped,
  raw,
  text,
  u8,
  u16,
  u32,
} from '../src/layout.ts';
import { hex, unhex } from './support/bytes.ts';

const outOfRange = expect.objectContaining({ name: 'InputError', code: 'outOfRange' });

const INTEGERS = [
  { name: 'u8', field: u8, size: 1, min: 0, max: 0xff },
  { name: 'i8', field: i8, size: 1, min: -0x80, max: 0x7f },
  { name: 'u16', field: u16, size: 2, min: 0, max: 0xffff },
  { name: 'u32', field: u32, size: 4, min: 0, max: 0xffff_ffff },
  { name: 'i32', field: i32, size: 4, min: -0x8000_0000, max: 0x7fff_ffff },
] as const;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const PLATFORM = {
  u8: (v: DataView, at: number) => v.getUint8(at),
  i8: (v: DataView, at: number) => v.getInt8(at),
  u16: (v: DataView, at: number) => v.getUint16(at, true),
  u32: (v: DataView, at: number) => v.getUint32(at, true),
  i32: (v: DataView, at: number) => v.getInt32(at, true),
} as const;

describe.each(INTEGERS)('a $name field', ({ name, field, size, min, max }) => {
  it('reads what the platform reads, at any place', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        fc.nat(4),
        fc.nat(4),
        (b, o, base) => {
          expect(field.reader(o)(b, base)).toBe(PLATFORM[name](view(b), o + base));
        },
      ),
    );
  });

  it('writes any value it can hold so that it reads the same, and touches nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min, max }), (value) => {
        const bytes = new Uint8Array(8).fill(0xaa);
        field.write(bytes, 2, value, name);
        expect(field.reader(2)(bytes, 0)).toBe(value);
        expect(hex(bytes.subarray(0, 2))).toBe('aaaa');
        expect(hex(bytes.subarray(2 + size))).toBe('aa'.repeat(6 - size));
      }),
    );
  });

  it('holds both of its bounds', () => {
    const bytes = new Uint8Array(size);
    for (const value of [min, max]) {
      field.write(bytes, 0, value, name);
      expect(PLATFORM[name](view(bytes), 0)).toBe(value);
    }
  });

  it.each([min - 1, max + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, -Infinity])(
    'refuses %s and writes nothing',
    (bad) => {
      const bytes = new Uint8Array(size);
      expect(() => field.write(bytes, 0, bad, name)).toThrow(outOfRange);
      expect(bytes).toEqual(new Uint8Array(size));
    },
  );

  it('says its size', () => expect(field.size).toBe(size));
});

describe('bounded', () => {
  const count = bounded(u8, 1, 4);
  it('takes its bounds and refuses what is outside, or no whole number', () => {
    const bytes = new Uint8Array(1);
    for (const good of [1, 4]) {
      count.write(bytes, 0, good, 'pages');
      expect(bytes[0]).toBe(good);
    }
    for (const bad of [0, 5, -1, 1.5, Number.NaN]) {
      expect(() => count.write(bytes, 0, bad, 'pages')).toThrow(
        expect.objectContaining({
          code: 'outOfRange',
          message: expect.stringMatching(/^pages is /),
        }),
      );
    }
  });
});

describe('raw', () => {
  it('gives a copy, so later changes of the source do not show', () => {
    const source = unhex('00112233');
    const read = raw(2).reader(1)(source, 0);
    source.fill(0);
    expect(hex(read)).toBe('1122');
  });

  it('refuses bytes of another length', () => {
    for (const length of [0, 1, 3]) {
      expect(() => raw(2).write(new Uint8Array(9), 0, new Uint8Array(length), 'unknown')).toThrow(
        outOfRange,
      );
    }
  });
});

describe('layout', () => {
  const half: Field<number> = mapped(
    u8,
    (n) => n / 2,
    (n) => n * 2,
  );
  const sample = layout({
    a: u8,
    b: u32,
    c: i32,
    d: half,
    e: raw(3),
    f: u16,
  });

  it('lays fields end to end in the order they are written', () => {
    expect(sample.fields.map(({ name, offset, size, type }) => [name, offset, size, type])).toEqual(
      [
        ['a', 0, 1, 'u8'],
        ['b', 1, 4, 'u32'],
        ['c', 5, 4, 'i32'],
        ['d', 9, 1, 'u8'],
        ['e', 10, 3, 'bytes[3]'],
        ['f', 13, 2, 'u16'],
      ],
    );
    expect([sample.size, sample.minSize, sample.maxSize]).toEqual([15, 15, 15]);
  });

  it('encodes little-endian', () => {
    const bytes = sample.encode({
      a: 1,
      b: 0x8765_4321,
      c: -2,
      d: 3,
      e: unhex('aabbcc'),
      f: 0xf00d,
    });
    expect(hex(bytes)).toBe('01 21436587 feffffff 06 aabbcc 0df0'.replaceAll(' ', ''));
  });

  it('gives back any bytes it has read, bit for bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), (bytes) => {
        expect(hex(sample.encode(sample.decode(bytes)))).toBe(hex(bytes));
      }),
    );
  });

  it('reads and writes in the middle of other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), fc.nat(25), (bytes, base) => {
        const value = sample.read(bytes, base);
        expect(value).toEqual(sample.decode(bytes.slice(base, base + 15)));
        expect(sample.at.c(bytes, base)).toBe(value.c);
        const copy = bytes.slice();
        copy.fill(0, base, base + 15);
        sample.write(copy, base, value);
        expect(copy).toEqual(bytes);
      }),
    );
  });

  it.each([0, 14, 16])('refuses to decode %i of its 15 bytes', (length) => {
    const attempt = () => sample.decode(new Uint8Array(length));
    expect(attempt).toThrow(LayoutError);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'tooShort',
        data: { what: 'structure', length, needed: 15 },
      }),
    );
  });
});

describe('text', () => {
  const id = text('transmitter id', 5, 6);

  it('keeps every byte, printable or not', () => {
    const every = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(latin1Bytes(latin1(every))).toEqual(every);
    expect(latin1(every.subarray(65, 68))).toBe('ABC');
  });

  it('round-trips texts of the lengths it allows', () => {
    for (const value of ['6ABCD', '8GHJK2']) expect(id.decode(id.encode(value))).toBe(value);
  });

  it('refuses other lengths both ways', () => {
    for (const value of ['', '1234', '1234567']) {
      expect(() => id.encode(value)).toThrow(outOfRange);
      expect(() => id.decode(new Uint8Array(value.length))).toThrow(outOfRange);
    }
  });

  it('refuses characters that are no byte', () => {
    for (const value of ['6ABC–', '6AB😀']) expect(() => id.encode(value)).toThrow(outOfRange);
  });
});

describe('empty', () => {
  it('is no bytes, and refuses any', () => {
    expect(empty.encode()).toHaveLength(0);
    expect(empty.decode(new Uint8Array(0))).toBeUndefined();
    expect(() => empty.decode(Uint8Array.of(0))).toThrow(outOfRange);
  });
});
