/** A clock of a page that moves on whenever everything waits for it. */

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

const timers = new Map<number, Timer>();
let nowMs = 1_630_768_000_000;
let lastId = 0;

/** Puts the page's timers and clocks aside. */
export function useFakeClock(): void {
  const setTimer = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number => {
    timers.set(++lastId, { dueMs: nowMs + Math.max(ms, 0), run: () => run(...args) });
    return lastId;
  };
  Object.assign(globalThis, {
    setTimeout: setTimer,
    clearTimeout: (id: number) => timers.delete(id),
  });
  const startMs = nowMs;
  performance.now = () => nowMs - startMs;
  Date.now = () => nowMs;
}

const { port1, port2 } = new MessageChannel();
port1.start();

/** Runs everything that does not wait for a timer. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    port1.addEventListener('message', () => resolve(), { once: true });
    port2.postMessage(0);
  });

const MOST_WAITS = 50_000;

/** Result of `work`, with the fake clock moving on until it settles. */
export async function settle<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  for (let waits = 0; waits < MOST_WAITS; waits++) {
    await idle();
    if (isOver) return await work;
    const next = [...timers].toSorted(([, a], [, b]) => a.dueMs - b.dueMs)[0];
    if (next === undefined) throw new Error('it hangs: nothing is left to wait for');
    const [id, { dueMs, run }] = next;
    timers.delete(id);
    nowMs = Math.max(nowMs, dueMs);
    run();
  }
  throw new Error(`no end after ${MOST_WAITS} waits`);
}
