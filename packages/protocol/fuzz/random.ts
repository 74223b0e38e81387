/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Any u32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 … below − 1. */
  int(below: number): number {
    return this.next() % below;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.int(times) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(from.length)]!;
  }

  /** Bytes of one of several temperaments: anything, few values, all the same. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const temper = this.int(4);
    if (temper === 0) return bytes.fill(this.pick([0, 0xff, 1, 0x80]));
    const few = [0, 0, 1, 2, 3, 7, 0x7f, 0x80, 0xff, this.int(256)];
    for (let i = 0; i < length; i++) bytes[i] = temper === 1 ? this.pick(few) : this.next();
    return bytes;
  }
}

/** The seed of one case of a campaign: every case can be run alone. */
export function caseSeed(seed: number, index: number): number {
  return new Random((seed ^ Math.imul(index + 1, 0x9e37_79b1)) >>> 0).next();
}
