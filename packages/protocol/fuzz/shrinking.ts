/** A failing input that still fails is not tried to make smaller more often than this. */
const MOST_TRIES = 20_000;

/**
 * The smallest input that still fails, by delta debugging: leave out ever smaller pieces, then
 * set bytes to zero, until neither helps.
 */
export function shrink(input: Uint8Array, fails: (candidate: Uint8Array) => boolean): Uint8Array {
  let best = input;
  let tries = 0;
  const attempt = (candidate: Uint8Array): boolean => {
    if (tries++ >= MOST_TRIES || !fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let progress = true; progress && tries < MOST_TRIES; ) {
    progress = removePieces(() => best, attempt) || zeroBytes(() => best, attempt);
  }
  return best;
}

type Attempt = (candidate: Uint8Array) => boolean;

function removePieces(best: () => Uint8Array, attempt: Attempt): boolean {
  let any = false;
  for (let size = Math.ceil(best().length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best().length; ) {
      const bytes = best();
      const without = new Uint8Array(bytes.length - Math.min(size, bytes.length - at));
      without.set(bytes.subarray(0, at));
      without.set(bytes.subarray(at + size), at);
      if (attempt(without)) any = true;
      else at += size;
    }
  }
  return any;
}

function zeroBytes(best: () => Uint8Array, attempt: Attempt): boolean {
  let any = false;
  for (let at = 0; at < best().length; at++) {
    if (best()[at] === 0) continue;
    const zeroed = best().slice();
    zeroed[at] = 0;
    if (attempt(zeroed)) any = true;
  }
  return any;
}
