import type { DeliveryStep } from './options.ts';
import type { Wire } from './wire.ts';

/** What a device says on one line: replies that take their time, in the order of their requests. */
export class Mouth {
  readonly #wire: Wire;
  readonly #onReset: () => void;
  readonly #due = new Set<ReturnType<typeof setTimeout>>();
  #lastDueMs = 0;
  #deaf = false;

  /** @param onReset what else is forgotten when the device starts anew */
  constructor(wire: Wire, onReset: () => void) {
    this.#wire = wire;
    this.#onReset = onReset;
  }

  /** Whether requests are lost, because the device is starting anew. */
  get deaf(): boolean {
    return this.#deaf;
  }

  /** Says something after some time, but never before what was asked for earlier. */
  later(delayMs: number, steps: () => readonly DeliveryStep[]): void {
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs + delayMs, this.#lastDueMs);
    if (dueMs === nowMs) {
      this.say(steps());
      return;
    }
    this.#lastDueMs = dueMs;
    this.#after(dueMs - nowMs, () => this.say(steps()));
  }

  /** Sends the steps one after the other. */
  say(steps: readonly DeliveryStep[]): void {
    for (const [i, step] of steps.entries()) {
      if (step === 'unplug') {
        this.#wire.unplug();
        return;
      }
      if (step instanceof Uint8Array) {
        this.#wire.send(step);
        continue;
      }
      const rest = steps.slice(i + 1);
      if ('afterMs' in step) {
        this.#after(step.afterMs, () => this.say(rest));
        return;
      }
      this.#reset(step.deafMs);
    }
  }

  /** The host has gone: nothing more is said. */
  close(): void {
    for (const timer of this.#due) clearTimeout(timer);
    this.#due.clear();
    this.#deaf = false;
  }

  #reset(deafMs: number): void {
    this.close();
    this.#onReset();
    this.#deaf = true;
    this.#after(deafMs, () => {
      this.#deaf = false;
    });
  }

  #after(ms: number, then: () => void): void {
    // Timers count whole milliseconds, and cut the rest off.
    const timer = setTimeout(() => {
      this.#due.delete(timer);
      then();
    }, Math.round(ms));
    this.#due.add(timer);
  }
}
