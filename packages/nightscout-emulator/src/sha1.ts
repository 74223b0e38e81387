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
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let at = 0; at < padded.length; at += 64) addBlock(state, view, at);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Function of each of the four rounds, of 20 steps each, and its constant. */
function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round === 1) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round === 2) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function addBlock(state: Int32Array, view: DataView, at: number): void {
  const words = new Int32Array(80);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + i * 4);
  for (let i = 16; i < 80; i++) {
    words[i] = rotated(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  }
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let i = 0; i < 80; i++) {
    const next = (rotated(a, 5) + mixed(Math.floor(i / 20), b, c, d) + e + words[i]!) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  for (const [i, word] of [a, b, c, d, e].entries()) state[i] = (state[i]! + word) | 0;
}
