import type { HostClocks } from '../host-clock.ts';
import type { Journal, JournalOwner, OpenJournal } from '../journal.ts';

/** A journal is opened anew after this time: that is when a file that has grown is written anew. */
const LONGEST_HELD_MS = 86_400_000;

interface Held {
  readonly serialNumber: string;
  readonly journal: Journal;
  readonly sinceMs: number;
  /** True once anything about it has failed: what it knows may not be what is on the disk. */
  isBroken: boolean;
}

/**
 * Journals that stay open, and locked, from one upload to the next: nothing has to be read again every
 * five minutes, and no other upload comes in between. One of each destination.
 */
export class HeldJournals {
  readonly #open: OpenJournal;
  readonly #clock: Pick<HostClocks, 'monotonicMs'>;
  /** By target. */
  readonly #held = new Map<string, Held>();

  constructor(open: OpenJournal, clock: Pick<HostClocks, 'monotonicMs'>) {
    this.#open = open;
    this.#clock = clock;
  }

  /** Gives the journal of an owner; to close it gives it back. */
  readonly open: OpenJournal = async (owner) => {
    const before = this.#held.get(owner.target);
    if (before !== undefined && this.#isGood(before, owner)) return lent(before);
    if (before !== undefined) await this.#giveUp(owner.target, before);
    const journal = await this.#open(owner);
    const { serialNumber, target } = owner;
    const sinceMs = this.#clock.monotonicMs();
    const held: Held = { serialNumber, journal, sinceMs, isBroken: false };
    this.#held.set(target, held);
    return lent(held);
  };

  #isGood({ serialNumber, sinceMs, isBroken }: Held, owner: JournalOwner): boolean {
    const heldMs = this.#clock.monotonicMs() - sinceMs;
    return !isBroken && serialNumber === owner.serialNumber && heldMs < LONGEST_HELD_MS;
  }

  async #giveUp(target: string, { journal }: Held): Promise<void> {
    this.#held.delete(target);
    // Whatever is wrong with it, the next one finds out.
    await journal.close().catch(() => {});
  }

  async close(): Promise<void> {
    await Promise.all([...this.#held].map(([target, held]) => this.#giveUp(target, held)));
  }
}

/** A held journal, which stays open when it is closed. */
function lent(held: Held): Journal {
  const { journal } = held;
  const noting = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      held.isBroken = true;
      throw error;
    }
  };
  const close = async (): Promise<void> => {};
  return {
    pending: () => journal.pending(),
    has: (key) => journal.has(key),
    note: (key) => journal.note(key),
    newestDay: (untilMs) => journal.newestDay(untilMs),
    plan: (readings) => noting(journal.plan(readings)),
    confirm: (readings) => noting(journal.confirm(readings)),
    abandon: (readings) => noting(journal.abandon(readings)),
    assertHeld: () => noting(journal.assertHeld()),
    close,
    [Symbol.asyncDispose]: close,
  };
}
