import { outOfRange } from './errors/input.ts';
import { LayoutError } from './errors/layout.ts';

/**
 * Fields and layouts: a structure of bytes described once, read and written from the same row.
 * All numbers are little-endian.
 */
export interface Field<Value> {
  /** Bytes. */
  readonly size: number;
  /** Name of the type in tables: `u32`, `i8`, `ascii[6]`. */
  readonly type: string;
  /** A reader of this field at a fixed place in its structure; `base` is where that begins. */
  readonly reader: (offset: number) => (bytes: Uint8Array, base: number) => Value;
  /** Throws `InputError`, with the name of the field, for a value the field cannot hold. */
  readonly write: (bytes: Uint8Array, at: number, value: Value, name: string) => void;
}

/** A row of a layout as tables show it. */
export interface FieldDescription {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly type: string;
}

/** Words about fields, by their names; apart, so that a program that reads does not carry them. */
export type FieldWords = Readonly<Record<string, string>>;

/** Bytes in, a value out, and back. What commands and records are made of. */
export interface Codec<Value> {
  /** The least and the most bytes an encoded value has. */
  readonly minSize: number;
  readonly maxSize: number;
  readonly fields: readonly FieldDescription[];
  /** Reads the whole of `bytes`. Throws `LayoutError` if they are too few. */
  readonly decode: (bytes: Uint8Array) => Value;
  readonly encode: (value: Value) => Uint8Array;
}

export interface Layout<Value> extends Codec<Value> {
  readonly size: number;
  /** Readers by field name, for code that builds its own object. */
  readonly at: { readonly [Name in keyof Value]: (bytes: Uint8Array, base: number) => Value[Name] };
  /** Reads the structure that begins at `base`; the caller has checked that it is all there. */
  readonly read: (bytes: Uint8Array, base: number) => Value;
  readonly write: (bytes: Uint8Array, base: number, value: Value) => void;
}

function integer(
  type: string,
  size: number,
  min: number,
  max: number,
  reader: Field<number>['reader'],
): Field<number> {
  return {
    size,
    type,
    reader,
    write(bytes, at, value, name) {
      if (!Number.isInteger(value) || value < min || value > max) {
        throw outOfRange(name, value, `a whole number from ${min} to ${max}`);
      }
      for (let i = 0; i < size; i++) bytes[at + i] = value >> (8 * i);
    },
  };
}

export const u8: Field<number> = integer(
  'u8',
  1,
  0,
  0xff,
  (offset) => (b, base) => b[base + offset]!,
);

export const i8: Field<number> = integer(
  'i8',
  1,
  -0x80,
  0x7f,
  (offset) => (b, base) => (b[base + offset]! << 24) >> 24,
);

export const u16: Field<number> = integer(
  'u16',
  2,
  0,
  0xffff,
  (offset) => (b, base) => u16At(b, base + offset),
);

/** The u16 at a place in bytes; a view of so few costs more than all else about them. */
export function u16At(b: Uint8Array, i: number): number {
  return b[i]! | (b[i + 1]! << 8);
}

function word32(b: Uint8Array, i: number): number {
  return u16At(b, i) | (u16At(b, i + 2) << 16);
}

/** The u32 at a place in bytes. */
export function u32At(b: Uint8Array, i: number): number {
  return word32(b, i) >>> 0;
}

export const u32: Field<number> = integer(
  'u32',
  4,
  0,
  0xffff_ffff,
  (offset) => (b, base) => u32At(b, base + offset),
);

export const i32: Field<number> = integer(
  'i32',
  4,
  -0x8000_0000,
  0x7fff_ffff,
  (offset) => (b, base) => word32(b, base + offset),
);

/** The same field, for numbers of a smaller range only. */
export function bounded(field: Field<number>, min: number, max: number): Field<number> {
  return {
    ...field,
    write(bytes, at, value, name) {
      if (!(value >= min && value <= max)) {
        throw outOfRange(name, value, `${min} to ${max}`);
      }
      field.write(bytes, at, value, name);
    },
  };
}

/** Bytes of unknown meaning, or for a decoder elsewhere; a copy. */
export function raw(size: number): Field<Uint8Array> {
  return {
    size,
    type: `bytes[${size}]`,
    reader: (offset) => (b, base) => b.slice(base + offset, base + offset + size),
    write(bytes, at, value, name) {
      if (value.length !== size) {
        throw outOfRange(name, `${value.length} bytes`, `${size} bytes`);
      }
      bytes.set(value, at);
    },
  };
}

/** A field whose raw value is kept along with its meaning. */
export function explained<Raw, Value extends { readonly raw: unknown }>(
  field: Field<Raw>,
  meaning: (raw: Raw) => Value,
): Field<Value> {
  return mapped(field, meaning, ({ raw }) => raw as Raw);
}

/** A field whose raw value has a meaning; `back` gives the raw value again, bit for bit. */
export function mapped<Raw, Value>(
  field: Field<Raw>,
  meaning: (raw: Raw) => Value,
  back: (value: Value) => Raw,
): Field<Value> {
  return {
    size: field.size,
    type: field.type,
    reader(offset) {
      const read = field.reader(offset);
      return (bytes, base) => meaning(read(bytes, base));
    },
    write: (bytes, at, value, name) => field.write(bytes, at, back(value), name),
  };
}

/** Fields one after the other, without gaps, in the order they are written down. */
export function layout<Value extends object>(
  fields: {
    readonly [Name in keyof Value]: Field<Value[Name]>;
  },
): Layout<Value> {
  const rows: (FieldDescription & { readonly write: Field<unknown>['write'] })[] = [];
  const at: Record<string, (bytes: Uint8Array, base: number) => unknown> = {};
  let size = 0;
  const described = fields as unknown as Readonly<Record<string, Field<unknown>>>;
  for (const [name, field] of Object.entries(described)) {
    const { type, write } = field;
    rows.push({ name, offset: size, size: field.size, type, write });
    at[name] = field.reader(size);
    size += field.size;
  }
  const total = size;

  function read(bytes: Uint8Array, base: number): Value {
    const value: Record<string, unknown> = {};
    for (const name in at) value[name] = at[name]!(bytes, base);
    return value as Value;
  }
  function write(bytes: Uint8Array, base: number, value: Value): void {
    const values = value as Readonly<Record<string, unknown>>;
    for (const row of rows) {
      const field = values[row.name];
      // A record of another kind: its fields are not there to be written.
      if (field === undefined) {
        throw outOfRange(row.name, field, 'given');
      }
      row.write(bytes, base + row.offset, field, row.name);
    }
  }
  return {
    size: total,
    minSize: total,
    maxSize: total,
    fields: rows,
    at: at as Layout<Value>['at'],
    read,
    write,
    decode(bytes) {
      if (bytes.length !== total) {
        throw new LayoutError('tooShort', {
          what: 'structure',
          length: bytes.length,
          needed: total,
        });
      }
      return read(bytes, 0);
    },
    encode(value) {
      const bytes = new Uint8Array(total);
      write(bytes, 0, value);
      return bytes;
    },
  };
}

/** Latin-1 to text: what the receiver calls ASCII, without losing a byte that is not. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Text to Latin-1. Throws `outOfRange` for a character that is not in it. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) {
      throw outOfRange('text', text[i], 'Latin-1');
    }
    bytes[i] = code;
  }
  return bytes;
}

/** A text that fills its whole place: no terminator, no padding. */
export function text(what: string, minSize: number, maxSize: number): Codec<string> {
  const check = (length: number): void => {
    if (length < minSize || length > maxSize) {
      throw outOfRange(what, `${length} characters`, `${minSize} to ${maxSize}`);
    }
  };
  return {
    minSize,
    maxSize,
    fields: [{ name: 'text', offset: 0, size: maxSize, type: 'ascii' }],
    decode(bytes) {
      check(bytes.length);
      return latin1(bytes);
    },
    encode(value) {
      check(value.length);
      return latin1Bytes(value);
    },
  };
}

/** Nothing at all: the payload of requests without arguments and of bare acknowledgements. */
export const empty: Codec<void> = {
  minSize: 0,
  maxSize: 0,
  fields: [],
  decode(bytes) {
    if (bytes.length > 0) {
      throw outOfRange('payload', `${bytes.length} bytes`, 'empty');
    }
  },
  encode: () => new Uint8Array(0),
};
