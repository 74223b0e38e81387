import { setImmediate as nextTurn } from 'node:timers';

/** A thing that happens at a certain time. */
export interface Timer {
  readonly dueMs: number;
  readonly order: number;
  /** Undefined once it was cancelled. */
  ring: (() => void) | undefined;
}

/**
 * Turns that are asked for together. Between two of them all microtasks run, and unhandled rejections are
 * found, as between any two; what is saved is the question to the system if anything has come.
 */
const TURNS_AT_ONCE = 256;

/**
 * True time of the world, Unix ms. It passes only when nothing is left to do: everything in a family
 * is made of microtasks, so one turn of the event loop later all of it waits for a timer. Timers
 * ring one by one: of those due at once, the one that was set first.
 */
export class WorldTime {
  #nowMs: number;
  #order = 0;
  readonly #heap: Timer[] = [];
  #rung = 0;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Timers that have rung: the size of a history. */
  get rung(): number {
    return this.#rung;
  }

  /** Timers that are to ring, and the cancelled ones that are not yet due. */
  get waiting(): number {
    return this.#heap.length;
  }

  at(dueMs: number, ring: () => void): Timer {
    const timer = { dueMs: Math.max(dueMs, this.#nowMs), order: this.#order++, ring };
    this.#push(timer);
    return timer;
  }

  after(ms: number, ring: () => void): Timer {
    return this.at(this.#nowMs + Math.max(ms, 0), ring);
  }

  /** Lets time pass until then, or until `isOver` says that it is enough. */
  runUntil(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    return new Promise((resolve, reject) => {
      let hasEnded = false;
      const turn = (): void => {
        if (hasEnded) return;
        try {
          hasEnded = !this.#ringNext(untilMs, isOver);
          if (hasEnded) resolve();
        } catch (error) {
          hasEnded = true;
          reject(error);
        }
      };
      const turns = (): void => {
        for (let n = 1; n < TURNS_AT_ONCE; n++) nextTurn(turn);
        nextTurn(() => {
          turn();
          if (!hasEnded) turns();
        });
      };
      turns();
    });
  }

  /** Rings the next timer; false if none is left until then, or it is enough. */
  #ringNext(untilMs: number, isOver: () => boolean): boolean {
    if (isOver()) return false;
    let next = this.#heap[0];
    while (next !== undefined && next.ring === undefined) {
      this.#pop();
      next = this.#heap[0];
    }
    if (next === undefined || next.dueMs > untilMs) {
      this.#nowMs = untilMs;
      return false;
    }
    this.#pop();
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    this.#rung++;
    next.ring?.();
    return true;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above] as Timer;
      if (!isSooner(timer, other)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = heap[below];
      if (left === undefined) break;
      const right = heap[below + 1];
      let sooner = left;
      if (right !== undefined && isSooner(right, left)) {
        sooner = right;
        below++;
      }
      if (!isSooner(sooner, last)) break;
      heap[at] = sooner;
      at = below;
    }
    heap[at] = last;
  }
}

function isSooner(one: Timer, other: Timer): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}
