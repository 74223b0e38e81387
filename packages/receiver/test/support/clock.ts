import { afterEach, beforeEach, vi } from 'vitest';

const { setImmediate: realSetImmediate } = globalThis;

/** More waits than any test needs. */
const MOST_WAITS = 2000;

/** Timers and `performance.now` of every test in the file move by {@link settle} only. */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Runs everything that does not wait for a timer. */
export async function idle(): Promise<void> {
  await new Promise((resolve) => realSetImmediate(resolve));
}

/**
 * Runs `work` to its end; the clock moves on whenever everything waits for it. Work that waits for
 * something that will never come fails at once instead of hanging.
 */
export async function settle<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  for (let waits = 0; waits < MOST_WAITS; waits++) {
    await idle();
    if (over) return await work;
    if (vi.getTimerCount() === 0) throw new Error('it hangs: nothing is left to wait for');
    vi.advanceTimersToNextTimer();
  }
  throw new Error(`no end after ${MOST_WAITS} waits`);
}

/** The error that `work` fails with. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  const [result] = await settle(Promise.allSettled([work]));
  if (result.status === 'rejected') return result.reason;
  throw new Error(`did not fail, but gave ${JSON.stringify(result.value)}`);
}
