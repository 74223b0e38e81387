/** Hexadecimal, with or without spaces, to bytes. */
export function unhex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw new Error(`not hex: ${text}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Bytes as the specification writes them: `01 06 00`. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A copy with one byte changed. */
export function corrupted(bytes: Uint8Array, at: number, change = 0x40): Uint8Array {
  const copy = bytes.slice();
  copy[at] = copy[at]! ^ change;
  return copy;
}

/** The two parts before and behind a place. */
export function cutAt(bytes: Uint8Array, at: number): Uint8Array[] {
  return [bytes.slice(0, at), bytes.slice(at)];
}

/** CRC-16/XMODEM bit by bit: nothing in common with the one under test. */
export function bitwiseCrc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc;
}

/** A copy whose last two bytes are the CRC of all before. */
export function sealed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const crc = bitwiseCrc16(copy.subarray(0, -2));
  copy[copy.length - 2] = crc;
  copy[copy.length - 1] = crc >> 8;
  return copy;
}
