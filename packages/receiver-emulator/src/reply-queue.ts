import type { DeliveryStep } from './options.ts';
import type { Wire } from './wire.ts';

/** Sends a device's replies on one line: each with its latency, in the order of their requests. */
export class ReplyQueue {
  readonly #wire: Wire;
  readonly #onReset: () => void;
  readonly #due = new Set<ReturnType<typeof setTimeout>>();
  #lastDueMs = 0;
  #restarting = false;

  /** @param onReset called when the device restarts */
  constructor(wire: Wire, onReset: () => void) {
    this.#wire = wire;
    this.#onReset = onReset;
  }

  /** True while the device restarts and loses requests. */
  get restarting(): boolean {
    return this.#restarting;
  }

  /** Says something after some time, but never before what was asked for earlier. */
  sendAfter(delayMs: number, steps: () => readonly DeliveryStep[]): void {
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs + delayMs, this.#lastDueMs);
    if (dueMs === nowMs) {
      this.send(steps());
      return;
    }
    this.#lastDueMs = dueMs;
    this.#after(dueMs - nowMs, () => this.send(steps()));
  }

  /** Sends the steps one after the other. */
  send(steps: readonly DeliveryStep[]): void {
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
        this.#after(step.afterMs, () => this.send(rest));
        return;
      }
      this.#reset(step.restartMs);
    }
  }

  /** The host has gone: nothing more is said. */
  close(): void {
    for (const timer of this.#due) clearTimeout(timer);
    this.#due.clear();
    this.#restarting = false;
  }

  #reset(restartMs: number): void {
    this.close();
    this.#onReset();
    this.#restarting = true;
    this.#after(restartMs, () => {
      this.#restarting = false;
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
