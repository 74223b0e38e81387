/** Bytes to decode, in pieces; or where and why what was given is neither bytes nor hexadecimal. */
export type DecodeInput =
  | { readonly bytes: Uint8Array }
  | { readonly offset: number; readonly reason: string };

const WHITE_SPACE = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]);

/** So much is looked at to tell text from bytes: every page and every short packet shows it. */
const LOOK_AT = 0x10000;

/**
 * Text in hexadecimal, with any white space, or the bytes themselves, piece by piece: text if
 * there is nothing else in the first 64 KiB. Ends behind the first thing that is wrong.
 */
export async function* decodeInput(
  given: AsyncIterable<Uint8Array>,
): AsyncGenerator<DecodeInput, void, void> {
  const hex = new HexText();
  const held: Uint8Array[] = [];
  let length = 0;
  let kind: 'bytes' | 'text' | undefined;
  for await (const piece of given) {
    // A copy: a Buffer would turn itself into JSON in its own way.
    const bytes = new Uint8Array(piece);
    length += bytes.length;
    held.push(bytes);
    if (kind === undefined) {
      if (!bytes.every(isText)) kind = 'bytes';
      else if (length >= LOOK_AT) kind = 'text';
    }
    if (kind === undefined) continue;
    for (const one of held.splice(0)) {
      const input = kind === 'bytes' ? { bytes: one } : hex.take(one);
      yield input;
      if (!('bytes' in input)) return;
    }
  }
  if (kind === 'bytes') return;
  for (const one of held) {
    const input = hex.take(one);
    yield input;
    if (!('bytes' in input)) return;
  }
  const problem = hex.end();
  if (problem !== undefined) yield problem;
}

/** Text in hexadecimal that comes in pieces, cut anywhere. */
class HexText {
  #offset = 0;
  #hasDigits = false;
  /** The first digit of a byte whose second has not come. */
  #high: number | undefined;

  take(text: Uint8Array): DecodeInput {
    const bytes = new Uint8Array((text.length + 1) >> 1);
    let filled = 0;
    for (const character of text) {
      const offset = this.#offset++;
      if (WHITE_SPACE.has(character)) continue;
      const digit = Number.parseInt(String.fromCharCode(character), 16);
      if (Number.isNaN(digit)) return { offset, reason: notADigit(character) };
      this.#hasDigits = true;
      if (this.#high === undefined) this.#high = digit;
      else {
        bytes[filled++] = this.#high * 16 + digit;
        this.#high = undefined;
      }
    }
    return { bytes: bytes.subarray(0, filled) };
  }

  end(): DecodeInput | undefined {
    if (!this.#hasDigits) return { offset: 0, reason: 'there is nothing to decode' };
    if (this.#high === undefined) return undefined;
    return { offset: this.#offset, reason: 'the last byte has one hexadecimal digit' };
  }
}

function notADigit(character: number): string {
  const shown = isText(character)
    ? `"${String.fromCharCode(character)}"`
    : `the byte 0x${character.toString(16).padStart(2, '0')}`;
  return `${shown} is not a hexadecimal digit`;
}

/** Every packet and every page holds bytes that are not. */
function isText(byte: number): boolean {
  return WHITE_SPACE.has(byte) || (byte > 0x20 && byte < 0x7f);
}
