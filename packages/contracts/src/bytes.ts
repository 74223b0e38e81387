/** Making, collecting and comparing bytes in the suites. */
import type { Transport } from '@egvkit/protocol/receiver';
import { expect } from 'vitest';

/** Long enough for a loaded machine; no passing test waits this long. */
export const PATIENCE_MS = 3000;

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Bytes that are no repetition of a block that a buffer might hold. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff);
}

/** Reads until `length` bytes are there, or none come. */
export async function readBytes(transport: Transport, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; ) {
    const chunk = await transport.read(PATIENCE_MS);
    if (chunk.length === 0) return bytes.subarray(0, offset);
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Compares without printing 64 KiB when it fails. */
export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(actual.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
}
