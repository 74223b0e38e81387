/**
 * CRC-16/XMODEM, the checksum of packets, page headers and records:
 * polynomial 0x1021, start 0, nothing reflected, no final xor.
 *
 * Eight bytes a step: the CRC of a byte followed by n bytes is a table of its own, so the eight
 * look-ups do not wait for one another ("slicing by 8").
 */
const POLYNOMIAL = 0x1021; // receiver §2.1

function tables(): Uint16Array[] {
  const first = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    first[byte] = crc;
  }
  const all = [first];
  for (let n = 1; n < 8; n++) {
    const shorter = all[n - 1]!;
    all.push(shorter.map((crc) => (crc << 8) ^ first[crc >> 8]!));
  }
  return all;
}

// Eight constants, not an array of arrays: the compiler then knows each table's address.
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables() as [
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
];

/**
 * CRC-16/XMODEM of `bytes[start, end)`.
 *
 * @param seed the CRC of what came before, to checksum a text in pieces
 * @returns 0 … 65535; `crc16(ascii('123456789'))` is 0x31C3
 */
export function crc16(bytes: Uint8Array, seed = 0, start = 0, end: number = bytes.length): number {
  let crc = seed & 0xffff;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    crc =
      t7[bytes[i]! ^ (crc >> 8)]! ^
      t6[bytes[i + 1]! ^ (crc & 0xff)]! ^
      t5[bytes[i + 2]!]! ^
      t4[bytes[i + 3]!]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  return lastBytes(bytes, crc, i, end);
}

/** Up to seven bytes, one by one. Apart, since one function with both loops is half as fast in V8. */
function lastBytes(bytes: Uint8Array, seed: number, start: number, end: number): number {
  let crc = seed;
  for (let i = start; i < end; i++) crc = ((crc << 8) & 0xffff) ^ t0[bytes[i]! ^ (crc >> 8)]!;
  return crc;
}

/**
 * The CRCs of all beginnings of `bytes`, from the empty one to the whole.
 *
 * @param seed the CRC of what came before
 */
export function crc16OfEach(bytes: Uint8Array, seed: number): Uint16Array {
  const crcs = new Uint16Array(bytes.length + 1);
  let crc = seed;
  crcs[0] = crc;
  for (let i = 0; i < bytes.length; i++) {
    crc = ((crc << 8) & 0xffff) ^ t0[bytes[i]! ^ (crc >> 8)]!;
    crcs[i + 1] = crc;
  }
  return crcs;
}

/** The product of two polynomials over GF(2), modulo that of the CRC. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 15; bit >= 0; bit--) {
    product = product & 0x8000 ? (product << 1) ^ POLYNOMIAL : product << 1;
    if ((b >> bit) & 1) product ^= a;
  }
  return product & 0xffff;
}

/** x to this power is 1 again, modulo the polynomial. */
const ORDER = 32_767;

let powers: Uint16Array | undefined;

/** x to the powers of 0 … 32,766. */
function powersOfX(): Uint16Array {
  const all = new Uint16Array(ORDER);
  let power = 1;
  for (let n = 0; n < ORDER; n++) {
    all[n] = power;
    power = ((power << 1) ^ (power & 0x8000 ? POLYNOMIAL : 0)) & 0xffff;
  }
  return all;
}

/**
 * The CRC of a text without its beginning, from the CRCs of the whole and of the beginning: a CRC
 * that starts with 0 is linear, so no byte need be looked at again.
 *
 * @param length bytes behind the beginning
 */
export function crc16OfRest(whole: number, beginning: number, length: number): number {
  // So many bytes behind it multiply a CRC by a power of x.
  powers ??= powersOfX();
  return whole ^ multiply(beginning, powers[(8 * length) % ORDER]!);
}
