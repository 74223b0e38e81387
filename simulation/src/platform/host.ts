import { bound } from './binding.ts';
import type { Timer, WorldTime } from './world-time.ts';

/** A promise of what a dead process waits for: one for each, so that it is forgotten with the process. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/** A start of the program on a computer. */
export interface Incarnation {
  readonly number: number;
  readonly processId: number;
  isAlive: boolean;
}

interface HostTimer {
  readonly ring: () => void;
  /** By the steady clock, ms. */
  readonly dueMs: number;
  timer: Timer | undefined;
}

/** State that the programs of one computer share. */
interface Computer {
  readonly name: string;
  /** Wall clock minus true time, ms. */
  errorMs: number;
  /** Local time minus UTC, minutes. */
  zoneMinutes: number;
  steadyBaseMs: number;
  sleepsSinceMs: number | undefined;
  boots: number;
  /** Programs started so far. */
  started: number;
  readonly hosts: Host[];
}

/**
 * A computer as one of its programs has it: its clocks, its timers and the program. Its wall clock may be
 * wrong and be set; its steady clock and its timers stand still while it sleeps.
 */
export class Host {
  readonly #time: WorldTime;
  readonly #computer: Computer;
  readonly #timers = new Set<HostTimer>();
  readonly #onWake = new Set<() => void>();
  #process: Incarnation = { number: 0, processId: 1, isAlive: false };
  #calls = 0;
  #crashAtCall = Number.POSITIVE_INFINITY;
  #crash: { readonly isAfter: boolean; readonly die: () => void } | undefined;
  /** Called when the program dies. */
  onDeath: () => void = () => {};

  /** @param at a host of the same computer, for another program; or the name of a computer */
  constructor(time: WorldTime, at: Host | string) {
    this.#time = time;
    this.#computer =
      at instanceof Host
        ? at.#computer
        : {
            name: at,
            ...{ errorMs: 0, zoneMinutes: 0, steadyBaseMs: time.nowMs, sleepsSinceMs: undefined },
            ...{ boots: 1, started: 0, hosts: [] },
          };
    this.#computer.hosts.push(this);
  }

  get computerName(): string {
    return this.#computer.name;
  }

  /** Wall clock minus true time, ms. */
  get errorMs(): number {
    return this.#computer.errorMs;
  }

  set errorMs(ms: number) {
    this.#computer.errorMs = ms;
  }

  /** Local time minus UTC, minutes. */
  get zoneMinutes(): number {
    return this.#computer.zoneMinutes;
  }

  set zoneMinutes(minutes: number) {
    this.#computer.zoneMinutes = minutes;
  }

  readonly nowMs = (): number => Math.floor(this.#time.nowMs + this.#computer.errorMs);

  readonly monotonicMs = (): number =>
    (this.#computer.sleepsSinceMs ?? this.#time.nowMs) - this.#computer.steadyBaseMs;

  get process(): Incarnation {
    return this.#process;
  }

  get bootId(): string {
    return `boot-${this.#computer.boots}`;
  }

  get isAsleep(): boolean {
    return this.#computer.sleepsSinceMs !== undefined;
  }

  /** Calls of the program to the outside so far. */
  get calls(): number {
    return this.#calls;
  }

  get timersWaiting(): number {
    return this.#timers.size;
  }

  startProcess(): Incarnation {
    const number = ++this.#computer.started;
    this.#process = { number, processId: 1000 + number, isAlive: true };
    return this.#process;
  }

  /** True while this program of the computer runs. */
  runs(number: number): boolean {
    return this.#computer.hosts.some(({ process }) => process.number === number && process.isAlive);
  }

  /** Lets the program die at its n-th call from now on, before or after the call is carried out. */
  crashAfter(calls: number, isAfter: boolean, die: () => void): void {
    this.#crashAtCall = this.#calls + Math.max(calls, 1);
    this.#crash = { isAfter, die };
  }

  /**
   * Carries out a call of the program to the outside. A program that has died gets no answer, and
   * nothing that it does afterwards has an effect.
   */
  call<Value>(effect: () => Value | Promise<Value>): Promise<Value> {
    if (!this.#process.isAlive) return never();
    this.#calls++;
    if (this.#calls >= this.#crashAtCall) return this.#dieIn(effect);
    try {
      return Promise.resolve(effect());
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #dieIn(effect: () => unknown): Promise<never> {
    const crash = this.#crash;
    this.#crashAtCall = Number.POSITIVE_INFINITY;
    this.#crash = undefined;
    if (crash?.isAfter) {
      try {
        effect();
      } catch {
        // The call failed, and nobody hears of it.
      }
    }
    crash?.die();
    return never();
  }

  /** Ends the program at once, whatever it does. */
  kill(): void {
    if (!this.#process.isAlive) return;
    this.#process.isAlive = false;
    this.#crashAtCall = Number.POSITIVE_INFINITY;
    for (const { timer } of this.#timers) if (timer !== undefined) timer.ring = undefined;
    this.#timers.clear();
    this.#onWake.clear();
    this.onDeath();
  }

  /** The computer is switched on again: no program runs, and its steady clock begins anew. */
  boot(): void {
    const computer = this.#computer;
    for (const host of computer.hosts) host.kill();
    computer.boots++;
    computer.sleepsSinceMs = undefined;
    computer.steadyBaseMs = this.#time.nowMs;
  }

  fallAsleep(): void {
    if (this.isAsleep) return;
    this.#computer.sleepsSinceMs = this.#time.nowMs;
    for (const host of this.#computer.hosts) host.#disarm();
  }

  #disarm(): void {
    for (const one of this.#timers) {
      if (one.timer !== undefined) one.timer.ring = undefined;
      one.timer = undefined;
    }
  }

  /** @returns time for which it slept, ms */
  wake(): number {
    const computer = this.#computer;
    if (computer.sleepsSinceMs === undefined) return 0;
    const sleptMs = this.#time.nowMs - computer.sleepsSinceMs;
    computer.steadyBaseMs += sleptMs;
    computer.sleepsSinceMs = undefined;
    for (const host of computer.hosts) host.#goOn();
    return sleptMs;
  }

  #goOn(): void {
    for (const one of this.#timers) this.#arm(one);
    const waiting = [...this.#onWake];
    this.#onWake.clear();
    for (const go of waiting) go();
  }

  /** Runs this when the computer is awake: now, or when it wakes. */
  whenAwake(go: () => void): void {
    if (this.isAsleep) this.#onWake.add(go);
    else go();
  }

  /** Sets a timer of the program. */
  setTimer(ms: number, ring: () => void): HostTimer {
    // In whole milliseconds, and one at least, as the platform's.
    const dueMs = this.monotonicMs() + Math.max(Math.ceil(ms), 1);
    const one: HostTimer = { ring: bound(ring), dueMs, timer: undefined };
    if (!this.#process.isAlive) return one;
    this.#timers.add(one);
    if (!this.isAsleep) this.#arm(one);
    return one;
  }

  clearTimer(one: HostTimer | undefined): void {
    if (one === undefined || !this.#timers.delete(one)) return;
    if (one.timer !== undefined) one.timer.ring = undefined;
  }

  #arm(one: HostTimer): void {
    one.timer = this.#time.after(one.dueMs - this.monotonicMs(), () => {
      this.#timers.delete(one);
      one.ring();
    });
  }

  /** Waits; rejects with the signal's reason when it is aborted. */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (!this.#process.isAlive) return never();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = (): void => {
        this.clearTimer(timer);
        reject(signal?.reason);
      };
      const timer = this.setTimer(ms, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop);
    });
  };
}
