import { RECORD_FORMATS } from '../../src/receiver/records/index.ts';
import { RECORD_CRC_SIZE } from '../../src/receiver/records/record.ts';
import { readWithin } from '../canary.ts';
import { fail, typedOnly } from '../failure.ts';
import { mutate } from '../mutation.ts';
import type { Random } from '../random.ts';

/** The first byte picks the row, the rest is the record without its CRC. */
export function generateRecord(random: Random): Uint8Array {
  const row = random.int(RECORD_FORMATS.length);
  const size = RECORD_FORMATS[row]!.size - RECORD_CRC_SIZE;
  const bytes = new Uint8Array(1 + size);
  bytes.set(mutate(random.bytes(size), random, Number.MAX_SAFE_INTEGER).subarray(0, size), 1);
  bytes[0] = row;
  return bytes;
}

const ODD_NUMBERS = [
  -1,
  256,
  0x1_0000,
  2 ** 32,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0x8001,
];

export function checkRecord(input: Uint8Array, random: Random): void {
  const format = RECORD_FORMATS[(input[0] ?? 0) % RECORD_FORMATS.length]!;
  const size = format.size - RECORD_CRC_SIZE;
  const stored = new Uint8Array(size);
  stored.set(input.subarray(1, 1 + size));
  const origin = {
    recordType: random.pick(format.recordTypes),
    revision: format.revisions.from,
    index: random.int(1000),
  };
  const record = readWithin(stored, random.int(256), (bytes) => format.read(bytes, 0, origin));
  const again = new Uint8Array(size);
  format.write(again, 0, record);
  for (let i = 0; i < size; i++) if (again[i] !== stored[i]) fail(`byte ${i} came back different`);
  typedOnly(() => format.write(new Uint8Array(size), 0, spoiled(record, random)));
}

/** The same record with one number changed to another, mostly to one that does not fit. */
function spoiled<T extends object>(record: T, random: Random): T {
  const names = Object.keys(record);
  const name = random.pick(names);
  const value = (record as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'number') return { ...record, [name]: random.pick(ODD_NUMBERS) };
  if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    return { ...record, [name]: Array.isArray(value) ? [] : spoiled(value, random) };
  }
  if (value instanceof Uint8Array) return { ...record, [name]: random.bytes(random.int(600)) };
  return { ...record, [name]: undefined };
}
