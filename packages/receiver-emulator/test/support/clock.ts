import { afterEach, beforeEach, vi } from 'vitest';
import { NOW_MS } from './now.ts';

export { NOW_MS, NOW_SECONDS } from './now.ts';

const { setImmediate: realSetImmediate } = globalThis;

/** More waits than any test needs. */
const MOST_WAITS = 20_000;

/** Timers, `performance.now` and `Date.now` of every test in the file move by {@link settle} only. */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW_MS });
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

/** Gives the error of an async call as a value; undefined if it succeeded. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  return await settle(
    work.then(
      (value) => {
        throw new Error(`did not fail, but gave ${JSON.stringify(value)}`);
      },
      (error: unknown) => error,
    ),
  );
}

/** Everything an async generator gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return await settle(collect(items));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
