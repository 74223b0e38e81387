/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  /** Roughly normal around 0, almost never beyond ±3. */
  normal(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
}

/** A 32-bit state stepped by an odd constant and mixed by two multiplications. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    normal: () => next() + next() + next() + next() + next() + next() - 3,
    chance: (probability) => next() < probability,
  };
}
