import { outOfRange } from './errors/input.ts';
import { type Field, latin1, latin1Bytes, mapped, raw, u32 } from './layout.ts';

/** A double beside its bits: a NaN read as a number would lose most of them. */
export interface Float64 {
  /** The eight bytes as stored, most significant first, as 16 hexadecimal digits. */
  readonly raw: string;
  readonly value: number;
}

const DOUBLE_SIZE = 8;

function float64At(bytes: Uint8Array, at: number): Float64 {
  let digits = '';
  for (let i = DOUBLE_SIZE - 1; i >= 0; i--) digits += bytes[at + i]!.toString(16).padStart(2, '0');
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, DOUBLE_SIZE);
  return { raw: digits, value: view.getFloat64(0, true) };
}

/** A number as the field of a record. */
export function float64(value: number): Float64 {
  const bytes = new Uint8Array(DOUBLE_SIZE);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return float64At(bytes, 0);
}

/** An IEEE-754 double. Written from its raw digits; throws `outOfRange` unless they are 16. */
export const f64: Field<Float64> = {
  size: DOUBLE_SIZE,
  type: 'f64',
  reader: (offset) => (bytes, base) => float64At(bytes, base + offset),
  write(bytes, at, value, name) {
    if (!/^[0-9a-f]{16}$/i.test(value.raw)) {
      throw outOfRange(name, value.raw, '16 hexadecimal digits');
    }
    for (let i = 0; i < DOUBLE_SIZE; i++) {
      const digits = value.raw.slice(2 * i, 2 * i + 2);
      bytes[at + DOUBLE_SIZE - 1 - i] = Number.parseInt(digits, 16);
    }
  },
};

/** A text of fixed length, every character kept, also NUL and blanks. */
export function ascii(size: number): Field<string> {
  return {
    ...mapped(raw(size), latin1, latin1Bytes),
    type: `ascii[${size}]`,
  };
}

/** The text before the NUL that ends it; all of it if there is none. */
export function untilNul(text: string): string {
  return text.split('\0', 1)[0]!;
}

/** A number field in which one value stands for "not applicable", given as null. */
export function orNull(field: Field<number>, absent: number): Field<number | null> {
  return mapped(
    field,
    (value) => (value === absent ? null : value),
    (value) => value ?? absent,
  );
}

/** A u32 in which 0xFFFFFFFF does. */
export const u32OrNull: Field<number | null> = orNull(u32, 0xffff_ffff);
