import { isDeepStrictEqual } from 'node:util';
import { plainOf } from './reading.ts';

/** A value as plain JSON without what is unknown, which some leave out and others call null. */
function knownOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(knownOf);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, knownOf(each)]])),
  );
}

const first = (value: unknown): string => JSON.stringify(value)?.slice(0, 300) ?? 'nothing';

/** Makes sure that what was read is what the emulator holds, in its order, each once. */
export function assertSame(read: readonly unknown[], stored: readonly unknown[]): void {
  const [got, wanted] = [knownOf(plainOf(read)), knownOf(plainOf(stored))] as [
    unknown[],
    unknown[],
  ];
  const at = wanted.findIndex((each, i) => !isDeepStrictEqual(got[i], each));
  if (at >= 0) {
    throw new Error(
      `Item ${at} of ${wanted.length} is ${first(got[at])}, not ${first(wanted[at])}.`,
    );
  }
  if (got.length !== wanted.length) throw new Error(`Read ${got.length}, not ${wanted.length}.`);
}

/** Makes sure of anything else. */
export function assertThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
