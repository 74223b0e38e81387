const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/**
 * Computes SHA-1 of a text in UTF-8, as 40 hexadecimal digits. At once, unlike Web Crypto, which ends at
 * a moment of the system's choice: a simulation is to be the same each time.
 */
export function sha1(text: string): string {
  const data = new TextEncoder().encode(text);
  const padded = new Uint8Array((((data.length + 8) >> 6) + 1) * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x2000_0000));
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < padded.length; at += 64) state = added(state, block(state, view, at));
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const added = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((word, i) => (word + (b[i] ?? 0)) | 0);

/** Constant and function of the four rounds, of 20 steps each. */
const ROUNDS: readonly (readonly [number, (b: number, c: number, d: number) => number])[] = [
  [0x5a827999, (b, c, d) => (b & c) | (~b & d)],
  [0x6ed9eba1, (b, c, d) => b ^ c ^ d],
  [0x8f1bbcdc, (b, c, d) => (b & c) | (b & d) | (c & d)],
  [0xca62c1d6, (b, c, d) => b ^ c ^ d],
];

function block(state: readonly number[], view: DataView, at: number): number[] {
  const words = Array.from({ length: 16 }, (_, i) => view.getUint32(at + i * 4));
  for (let i = 16; i < 80; i++) {
    const mixed = [3, 8, 14, 16].reduce((word, back) => word ^ (words[i - back] ?? 0), 0);
    words.push(rotated(mixed, 1));
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  words.forEach((word, i) => {
    const [constant, mix] = ROUNDS[Math.floor(i / 20)] ?? [0, () => 0];
    const next = (rotated(a, 5) + mix(b, c, d) + e + constant + word) | 0;
    [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
  });
  return [a, b, c, d, e];
}
