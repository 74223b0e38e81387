import { crc16 } from '../src/crc16.ts';
import type { Random } from './random.ts';

/** Numbers at which code goes wrong. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0xfffe];

type Change = (bytes: Uint8Array, random: Random) => Uint8Array;

function at(bytes: Uint8Array, random: Random): number {
  return random.int(Math.max(1, bytes.length));
}

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    const i = at(bytes, random);
    bytes[i] = bytes[i]! ^ (1 << random.int(8));
    return bytes;
  },
  (bytes, random) => {
    bytes[at(bytes, random)] = random.next();
    return bytes;
  },
  (bytes, random) => {
    const value = random.pick(EDGES);
    const i = at(bytes, random);
    const size = random.pick([1, 2, 4]);
    for (let k = 0; k < size; k++) bytes[i + k] = value >>> (8 * k);
    return bytes;
  },
  (bytes, random) => {
    const i = at(bytes, random);
    return bytes.fill(random.pick([0, 0xff]), i, i + random.int(20));
  },
  (bytes, random) => {
    const i = at(bytes, random);
    return bytes.copyWithin(at(bytes, random), i, i + random.int(40));
  },
];

const RESIZES: readonly Change[] = [
  (bytes, random) => bytes.slice(0, at(bytes, random)),
  (bytes, random) => bytes.slice(random.int(4)),
  (bytes, random) => joined([bytes, random.bytes(random.int(12))]),
  (bytes, random) => {
    const i = at(bytes, random);
    return joined([bytes.subarray(0, i), random.bytes(random.int(6)), bytes.subarray(i)]);
  },
];

/** Up to four changes; one in `resizeOneIn` makes it longer or shorter. */
export function mutate(input: Uint8Array, random: Random, resizeOneIn: number): Uint8Array {
  let bytes: Uint8Array = input.slice();
  for (let left = random.int(5); left > 0; left--) {
    const change = random.oneIn(resizeOneIn) ? random.pick(RESIZES) : random.pick(CHANGES);
    bytes = change(bytes, random);
  }
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Makes the CRC behind `from` … `to` right. */
export function seal(bytes: Uint8Array, from: number, to: number): void {
  if (to + 2 > bytes.length || from >= to) return;
  const crc = crc16(bytes, 0, from, to);
  bytes[to] = crc;
  bytes[to + 1] = crc >> 8;
}
