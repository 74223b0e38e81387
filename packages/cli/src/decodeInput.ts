/** What was given to decode, as bytes; or where and why it is neither bytes nor hexadecimal. */
export type DecodeInput =
  | { readonly bytes: Uint8Array }
  | { readonly offset: number; readonly reason: string };

const WHITE_SPACE = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]);

/** Text in hexadecimal, with any white space, or the bytes themselves. */
export function readDecodeInput(given: Uint8Array): DecodeInput {
  // A copy: a Buffer would turn itself into JSON in its own way.
  if (!given.every(isText)) return { bytes: new Uint8Array(given) };
  const digits: number[] = [];
  for (const [offset, character] of given.entries()) {
    if (WHITE_SPACE.has(character)) continue;
    const digit = Number.parseInt(String.fromCharCode(character), 16);
    if (Number.isNaN(digit)) {
      const reason = `"${String.fromCharCode(character)}" is no hexadecimal digit`;
      return { offset, reason };
    }
    digits.push(digit);
  }
  if (digits.length === 0) return { offset: 0, reason: 'there is nothing to decode' };
  if (digits.length % 2 !== 0) {
    return { offset: given.length, reason: 'the last byte has one hexadecimal digit' };
  }
  return {
    bytes: Uint8Array.from({ length: digits.length / 2 }, (_, i) => {
      return digits[2 * i]! * 16 + digits[2 * i + 1]!;
    }),
  };
}

/** Every packet and every page holds bytes that are not. */
function isText(byte: number): boolean {
  return WHITE_SPACE.has(byte) || (byte > 0x20 && byte < 0x7f);
}
