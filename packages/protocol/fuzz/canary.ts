import { digest } from './digest.ts';
import { fail } from './failure.ts';

const MARGIN = 64;

/**
 * Runs a reader on the input alone and on the same input within a larger buffer of other bytes.
 * It may give nothing that depends on what stands around its input, and may write nothing there
 * or into it.
 */
export function readWithin<T>(
  input: Uint8Array,
  around: number,
  read: (bytes: Uint8Array) => T,
): T {
  const alone = read(input.slice());
  const buffer = new Uint8Array(input.length + 2 * MARGIN).fill(around);
  const inside = buffer.subarray(MARGIN, MARGIN + input.length);
  inside.set(input);
  const embedded = read(inside);
  if (digest(alone) !== digest(embedded)) fail('reads outside its input');
  for (let i = 0; i < MARGIN; i++) {
    if (buffer[i] !== around || buffer[buffer.length - 1 - i] !== around)
      fail('writes outside its input');
  }
  for (let i = 0; i < input.length; i++) if (inside[i] !== input[i]) fail('writes into its input');
  return alone;
}
