/** One of the things that are compared: does its work once on `bytes` bytes. */
export interface Contestant {
  readonly name: string;
  readonly bytes: number;
  /** Gives a number made from all its results, so that no work can be left out. */
  readonly run: () => number;
  /** Result that `run` must give; nothing is timed before it has. */
  readonly expected: number;
}

const ROUNDS = 15;
const ROUND_MS = 40;
const WARM_UP_MS = 250;

function timed(contestant: Contestant, times: number): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    const got = contestant.run();
    if (got !== contestant.expected) {
      throw new Error(`${contestant.name} gave ${got} instead of ${contestant.expected}`);
    }
  }
  return performance.now() - start;
}

/** Runs it until the compiler has seen enough of it; gives how many runs fill a round. */
function warmUp(contestant: Contestant): number {
  let times = 1;
  let elapsed = timed(contestant, times);
  const end = performance.now() + WARM_UP_MS;
  while (performance.now() < end) {
    if (elapsed < ROUND_MS) times *= 2;
    elapsed = timed(contestant, times);
  }
  return Math.max(1, Math.round((times * ROUND_MS) / elapsed));
}

/** The middle one. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Megabytes (10^6 bytes) a second of each contestant, the median of many short rounds. The rounds
 * take turns, so that a machine that slows down slows all of them.
 */
export function measure<const Names extends readonly Contestant[]>(
  contestants: Names,
): { readonly [Index in keyof Names]: number } {
  const times = contestants.map(warmUp);
  const rates: number[][] = contestants.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    contestants.forEach((contestant, i) => {
      const count = times[i] ?? 1;
      rates[i]?.push((contestant.bytes * count) / timed(contestant, count) / 1000);
    });
  }
  return rates.map(medianOf) as { [Index in keyof Names]: number };
}
