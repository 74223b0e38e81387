import type { Outcome } from './world/family.ts';
import type { HistorySpec } from './world/history.ts';

/** A history to run, in a thread of its own. */
export interface Job {
  readonly number: number;
  readonly seed: number;
  readonly days: number;
  /** Instead of the history of the seed. */
  readonly spec?: HistorySpec | undefined;
  /** Name of a mistake to plant. */
  readonly mistake?: string | undefined;
  /** Gives every line of what happens as well. */
  readonly isTold?: boolean | undefined;
  /** Gives the memory of the program at the end as well. */
  readonly isMeasured?: boolean | undefined;
}

export interface JobResult {
  readonly number: number;
  readonly seed: number;
  readonly outcome: Outcome;
  /** Processor time that it took, ms. */
  readonly tookMs: number;
  readonly lines: readonly string[];
  /** Memory of the program at the end, if it was measured. */
  readonly programBytes: number | undefined;
}
