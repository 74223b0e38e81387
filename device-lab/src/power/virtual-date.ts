/** The date of guest and service alike: it goes on by itself, and leaps while the guest is off. */
export class VirtualDate {
  #aheadMs: number;

  /** @param startMs Unix ms */
  constructor(startMs: number) {
    this.#aheadMs = startMs - performance.now();
  }

  /** Unix ms. */
  readonly nowMs = (): number => Math.round(this.#aheadMs + performance.now());

  leap(ms: number): void {
    this.#aheadMs += ms;
  }
}
