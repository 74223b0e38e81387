import { setImmediate as nextTurn } from 'node:timers';

/** A thing that happens at a certain time. */
export interface Timer {
  readonly dueMs: number;
  readonly order: number;
  /** Undefined once it was cancelled. */
  ring: (() => void) | undefined;
}

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
  async runUntil(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    const turn = (resolve: () => void) => void nextTurn(resolve);
    for (;;) {
      await new Promise<void>(turn);
      if (isOver()) return;
      let next = this.#heap[0];
      while (next !== undefined && next.ring === undefined) {
        this.#pop();
        next = this.#heap[0];
      }
      if (next === undefined || next.dueMs > untilMs) break;
      this.#pop();
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#rung++;
      next.ring?.();
    }
    this.#nowMs = untilMs;
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
