import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, f64, float64, u32OrNull } from '../src/fields.ts';
import { layout } from '../src/layout.ts';
import { hex, unhex } from './support/bytes.ts';

const outOfRange = expect.objectContaining({ name: 'InputError', code: 'outOfRange' });

describe('f64', () => {
  const row = layout({ before: u32OrNull, value: f64 });

  it('reads and writes at a place that is not aligned, little-endian', () => {
    const buffer = new Uint8Array(20);
    row.write(buffer, 3, { before: 1, value: float64(850.5) });
    expect(hex(buffer.subarray(3, 15))).toBe('010000000000000000948a40');
    expect(row.read(buffer, 3)).toEqual({ before: 1, value: float64(850.5) });
  });

  it('keeps every bit of any eight bytes, also of NaNs that no number can hold', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
        expect(hex(row.encode(row.decode(bytes)))).toBe(hex(bytes));
      }),
    );
    for (const nan of ['010000000000f07f', 'ffffffffffffffff', '000000000000f8ff']) {
      const bytes = unhex(`00000000${nan}`);
      expect(row.decode(bytes).value.value).toBeNaN();
      expect(hex(row.encode(row.decode(bytes)))).toBe(hex(bytes));
    }
  });

  it('is the number that its raw digits say', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        const made = float64(value);
        expect(Object.is(made.value, value)).toBe(true);
        expect(row.decode(row.encode({ before: null, value: made })).value).toEqual(made);
      }),
    );
  });

  it.each(['', '0', '408a94000000000', '408a940000000000 ', 'g08a940000000000'])(
    'refuses %j as raw digits',
    (raw) => {
      const value = { raw, value: 0 };
      expect(() => row.encode({ before: 0, value })).toThrow(outOfRange);
    },
  );
});

describe('ascii', () => {
  const row = layout({ text: ascii(4) });

  it('keeps NULs, blanks and bytes that are no ASCII', () => {
    for (const text of ['5937', '    ', 'a\0\0\0', '\u00ff\u0080 x']) {
      expect(row.decode(row.encode({ text }))).toEqual({ text });
    }
    expect(row.fields[0]?.type).toBe('ascii[4]');
  });

  it.each(['', '593', '59370', '593\u0100'])('refuses %j', (text) => {
    expect(() => row.encode({ text })).toThrow(outOfRange);
  });
});

describe('u32OrNull', () => {
  const row = layout({ value: u32OrNull });

  it('is null for 0xFFFFFFFF only', () => {
    expect(row.decode(unhex('ffffffff'))).toEqual({ value: null });
    expect(hex(row.encode({ value: null }))).toBe('ffffffff');
    expect(row.decode(unhex('feffffff'))).toEqual({ value: 0xffff_fffe });
    expect(row.decode(unhex('00000000'))).toEqual({ value: 0 });
  });

  it.each([-1, 2 ** 32, 0.5])('refuses %d', (value) => {
    expect(() => row.encode({ value })).toThrow(outOfRange);
  });
});
