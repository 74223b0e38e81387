import { describe, expect, it } from 'vitest';
import { caseOf, describeFailure, errorOf, runCase, TARGET_NAMES } from '../fuzz/campaign.ts';
import { readWithin } from '../fuzz/canary.ts';
import { Random } from '../fuzz/random.ts';
import { shrink } from '../fuzz/shrinking.ts';

const SEED = 20_260_101;
const CASES = 200_000;

describe(`the fuzzer, seed ${SEED}`, () => {
  it.each(TARGET_NAMES)(
    `finds nothing in ${CASES / TARGET_NAMES.length} cases: %s`,
    (target) => {
      for (let index = 0; index < CASES / TARGET_NAMES.length; index++) {
        const { seed } = caseOf(SEED, index);
        const failure = runCase(target, seed);
        if (failure !== undefined) expect.fail(describeFailure(failure));
      }
    },
    60_000,
  );
});

describe('the fuzzer itself', () => {
  it('gives the same cases for the same seed', () => {
    expect(new Random(7).bytes(20)).toEqual(new Random(7).bytes(20));
    expect(caseOf(7, 3)).toEqual(caseOf(7, 3));
    expect(caseOf(7, 3).seed).not.toBe(caseOf(8, 3).seed);
  });

  it('sees a reader that looks or writes beyond its input', () => {
    const input = Uint8Array.of(1, 2, 3);
    const looks = (bytes: Uint8Array) => new Uint8Array(bytes.buffer)[bytes.byteOffset + 3] ?? 0;
    expect(() => readWithin(input, 9, looks)).toThrow('reads outside');
    const writes = (bytes: Uint8Array) => {
      if (bytes.byteOffset > 0) new Uint8Array(bytes.buffer)[bytes.byteOffset - 1] = 1;
    };
    expect(() => readWithin(input, 9, writes)).toThrow('writes outside');
    expect(() => readWithin(input, 9, (bytes) => bytes.fill(0).length)).toThrow('writes into');
    expect(readWithin(input, 9, (bytes) => bytes[2])).toBe(3);
  });

  it('makes a failing input as small as it can be', () => {
    const input = Uint8Array.from({ length: 500 }, (_, i) => i);
    const fails = (bytes: Uint8Array) => bytes.includes(77) && bytes.includes(201);
    expect([...shrink(input, fails)]).toEqual([77, 201]);
    const fixedLength = (bytes: Uint8Array) => bytes.length === 500 && bytes[300] === 44;
    const shrunk = shrink(input, fixedLength);
    expect(shrunk.filter((byte) => byte !== 0)).toEqual(Uint8Array.of(44));
  });

  it('tells how to run a failing case again', () => {
    const failure = { target: 'xml', seed: 5, input: Uint8Array.of(60), error: 'x' } as const;
    expect(describeFailure(failure)).toContain('--target xml --case 5 --input 3c');
    expect(errorOf('xml', failure.input, failure.seed)).toBeUndefined();
  });
});
