import type { GlucoseRecord } from '@egvkit/protocol/share';

/** An answer to a read, and how long it stays right. */
export interface CachedReadings {
  /** The version of the account's readings it was made from. */
  readonly version: string;
  /** The start of the window it was made for. */
  readonly fromMs: number;
  /** When the oldest reading in it was; later than any window if there is none. */
  readonly oldestMs: number;
  readonly records: GlucoseRecord[];
}

/** Accounts times kinds of reads: some tens of megabytes at the most. */
const MOST = 256;

/**
 * Answers to reads that would be the same if they were made again: nothing was added to the
 * account, and the window has not moved past the oldest reading. Followers ask far more often than
 * readings arrive.
 */
export class ReadingCache {
  readonly #entries = new Map<string, CachedReadings>();

  get(key: string, version: string, fromMs: number): GlucoseRecord[] | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A window that starts earlier, after a clock was set back, may hold more.
    const same = entry.version === version && fromMs >= entry.fromMs && fromMs <= entry.oldestMs;
    this.#entries.delete(key);
    if (!same) return undefined;
    this.#entries.set(key, entry); // the last to be forgotten
    return entry.records;
  }

  set(key: string, entry: CachedReadings): void {
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST && oldest !== undefined) this.#entries.delete(oldest);
  }
}
