/** Timer of a {@link VirtualClock}. */
interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly ring: () => void;
}

/** Turns of the event loop after which nothing is under way that waits for no timer. */
const QUIET_TURNS = 3;

/**
 * A clock whose time passes only when everything waits for it: a month takes as long as its work. The
 * computer's clock can be set; the monotonic one counts on. Timers ring one by one, in their order.
 */
export class VirtualClock {
  readonly #timers: Timer[] = [];
  readonly #turn: () => Promise<void>;
  #monotonicMs = 0;
  #order = 0;
  /** This computer's time when the monotonic clock was at 0, Unix ms. */
  #baseMs: number;

  /** @param turn lets everything go on that waits for no timer; turns of the event loop by default */
  constructor(nowMs: number, turn: () => Promise<void> = eventLoopTurns) {
    this.#baseMs = nowMs;
    this.#turn = turn;
  }

  readonly nowMs = (): number => Math.floor(this.#baseMs + this.#monotonicMs);

  readonly monotonicMs = (): number => this.#monotonicMs;

  /** Waits; rejects with the signal's reason when it is aborted. */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = (): void => {
        const at = this.#timers.indexOf(timer);
        if (at >= 0) this.#timers.splice(at, 1);
        reject(signal?.reason);
      };
      const timer: Timer = {
        dueMs: this.#monotonicMs + Math.max(ms, 0),
        order: this.#order++,
        ring: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#insert(timer);
      signal?.addEventListener('abort', stop, { once: true });
    });

  /** Sets this computer's clock, forward or back. */
  set(byMs: number): void {
    this.#baseMs += byMs;
  }

  /** Lets time pass, and everything that waits for it go on. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    for (;;) {
      await this.#turn();
      const [next] = this.#timers;
      if (next === undefined || next.dueMs > untilMs) break;
      this.#timers.shift();
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.ring();
    }
    this.#monotonicMs = untilMs;
  }

  #insert(timer: Timer): void {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#timers[middle];
      if (other !== undefined && other.dueMs <= timer.dueMs) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
  }
}

async function eventLoopTurns(): Promise<void> {
  for (let turn = 0; turn < QUIET_TURNS; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
