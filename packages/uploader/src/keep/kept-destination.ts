import type { Destination } from '../destination.ts';
import { countToPost } from '../plan.ts';
import { windowOf } from '../plan-inputs.ts';
import type { UploadResult } from '../run.ts';
import { KnownServiceClock } from '../service-clock.ts';
import type { HeldJournals } from './held-journals.ts';
import type { KeepClock } from './keep-clock.ts';
import { oldestUnsettled, settledIn, settledKeys } from './settled.ts';
import type { Snapshot } from './snapshot.ts';

/** A destination of unattended uploading. */
export interface KeptDestination {
  /** Stands for it in events and status: `share`, `nightscout`. */
  readonly name: string;
  readonly destination: Destination;
  /** Age of the oldest reading that is uploaded, ms; 24 hours if left out, less if it takes less. */
  readonly windowMs?: number | undefined;
}

const DAY_MS = 86_400_000;
/** An upload looks at its whole window so often; else at what is not settled, and a little before it. */
const LOOK_AT_ALL_MS = 6 * 3_600_000;
const BEFORE_UNSETTLED_MS = 3_600_000;
/** Two records of one measurement are stored so near to each other. */
const SAME_WITHIN_SECONDS = 60;

/** A destination, and what is known of its uploads. */
export class KnownDestination {
  readonly name: string;
  readonly destination: Destination;
  /** Age of the oldest reading that is uploaded, ms. */
  readonly windowMs: number;
  readonly serviceClock: KnownServiceClock;
  readonly #clock: KeepClock;
  /** Keys of the records that it has, or never gets; undefined as long as the journal was not asked. */
  #settled: Set<string> | undefined;
  #pending: number | undefined;
  #hasOtherPublisher = false;
  /** Time when the whole window was last looked at, ms of the steady clock. */
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor({ name, destination, windowMs = DAY_MS }: KeptDestination, clock: KeepClock) {
    this.name = name;
    this.destination = destination;
    this.windowMs = windowOf({ windowMs }, destination.limits);
    this.serviceClock = new KnownServiceClock(clock);
    this.#clock = clock;
  }

  /** Readings that it lacks and is to have; undefined if it cannot be told. */
  get pending(): number | undefined {
    return this.#pending;
  }

  /** True if another device publishes to the account as well. */
  get hasOtherPublisher(): boolean {
    return this.#hasOtherPublisher;
  }

  /** Another receiver is read: what was known of the one before says nothing about it. */
  forget(): void {
    this.#settled = undefined;
    this.#pending = undefined;
    this.#lookedMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Age of the oldest reading that an upload has to look at, ms: what is not settled, and enough before it
   * to know what is there. Now and then, and after a failure, all that is in the window.
   */
  windowToLookAt(snapshot: Snapshot, hasFailed: boolean): number {
    const { windowMs } = this;
    if (this.#settled === undefined || hasFailed) return windowMs;
    if (this.#clock.monotonicMs() - this.#lookedMs > LOOK_AT_ALL_MS) return windowMs;
    const oldest = oldestUnsettled(snapshot, this.#settled, windowMs);
    if (oldest === undefined) return Math.min(windowMs, BEFORE_UNSETTLED_MS);
    const ageMs = (snapshot.clock.systemSeconds - oldest) * 1000;
    return Math.min(windowMs, ageMs + BEFORE_UNSETTLED_MS);
  }

  /** Notes an upload that looked so far back. */
  uploaded(result: UploadResult, snapshot: Snapshot, lookedAtMs: number): void {
    const isWhole = lookedAtMs >= this.windowMs;
    const { copies, fresh } = result.others;
    this.#settled = settledKeys(result, snapshot, isWhole ? undefined : this.#settled);
    this.#pending = result.open.length;
    this.#hasOtherPublisher = copies.length + fresh.length > 0;
    if (isWhole) this.#lookedMs = this.#clock.monotonicMs();
  }

  /** Finds out from the journal what it has, where no upload could. */
  async askJournal(snapshot: Snapshot, journals: HeldJournals): Promise<void> {
    const { serialNumber, candidates } = snapshot;
    try {
      const target = await this.destination.fingerprint();
      await using journal = await journals.open({ serialNumber, target });
      this.#settled = settledIn(journal, candidates);
    } catch {
      // The journal is what failed, or somebody else holds it: how much is left is not known.
      this.#settled = undefined;
      this.#pending = undefined;
    }
  }

  /** Counts what it is to have and lacks, by the newest snapshot. */
  countPending(snapshot: Snapshot): void {
    const settled = this.#settled;
    if (settled === undefined) return;
    const { candidates, clock, clockBaseMs } = snapshot;
    const { windowMs } = this;
    const oldest = oldestUnsettled(snapshot, settled, windowMs);
    if (oldest === undefined) {
      this.#pending = 0;
      return;
    }
    // With those that may hold the same measurement.
    const recent = candidates.filter((one) => one.systemSeconds >= oldest - SAME_WITHIN_SECONDS);
    this.#pending = countToPost({
      ...{ candidates: recent, clock, limits: this.destination.limits, windowMs },
      // By the clock as it was when the source was read: one that is set has not made anything too old.
      nowMs: clockBaseMs + this.#clock.monotonicMs(),
      isKnown: (key) => settled.has(key),
    });
  }
}
