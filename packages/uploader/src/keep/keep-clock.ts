import { sleep } from '@egvkit/platform';
import type { HostClocks } from '../host-clock.ts';

/** The clocks of this computer, and a way to wait. */
export interface KeepClock extends HostClocks {
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The clocks of the platform. */
export const PLATFORM_CLOCK: KeepClock = {
  nowMs: Date.now,
  monotonicMs: () => performance.now(),
  sleep,
};
