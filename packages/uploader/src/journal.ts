import type { PlannedReading } from './reading.ts';

/** To whom and from what a journal's readings go. Holds no secret: the target is a fingerprint. */
export interface JournalOwner {
  readonly serialNumber: string;
  /** Stands for service and account. */
  readonly target: string;
}

/** Opens the journal of a receiver and an account; whoever asks for it closes it. */
export type OpenJournal = (owner: JournalOwner) => Promise<Journal>;

/**
 * Remembers what was uploaded. Readings are noted before they are posted and again when they are
 * known to be there, so that whatever happens in between, the next run knows what to ask about.
 */
export interface Journal extends AsyncDisposable {
  /** Noted before a post, and never confirmed: may or may not be on the service. */
  pending(): readonly PlannedReading[];
  /** Whether a record was noted at all, confirmed or not. */
  has(key: string): boolean;
  /** Notes readings before they are posted. Done when it would survive a crash. */
  plan(readings: readonly PlannedReading[]): Promise<void>;
  /** Notes that these readings are on the service, planned before or not. */
  confirm(readings: readonly PlannedReading[]): Promise<void>;
  /** Gives up planned readings that can no longer be asked about. They stay known. */
  abandon(readings: readonly PlannedReading[]): Promise<void>;
  close(): Promise<void>;
}

/** One line of a journal. */
export type JournalEntry =
  | { readonly kind: 'planned'; readonly readings: readonly PlannedReading[] }
  | { readonly kind: 'confirmed' | 'abandoned'; readonly readings: readonly JournalMark[] };

/** Of a reading that is settled, only this is kept. */
export interface JournalMark {
  readonly key: string;
  readonly utcMs: number;
}

/** What the entries of a journal add up to. */
export class JournalState {
  readonly #pending = new Map<string, PlannedReading>();
  readonly #settled = new Map<string, number>();

  apply(entry: JournalEntry): void {
    if (entry.kind === 'planned') {
      for (const reading of entry.readings) this.#pending.set(reading.key, reading);
      return;
    }
    for (const { key, utcMs } of entry.readings) {
      this.#pending.delete(key);
      this.#settled.set(key, utcMs);
    }
  }

  pending(): readonly PlannedReading[] {
    return [...this.#pending.values()].sort((a, b) => a.utcMs - b.utcMs);
  }

  has(key: string): boolean {
    return this.#settled.has(key) || this.#pending.has(key);
  }

  /** The shortest entries that add up to the same, without what was settled before `sinceMs`. */
  compacted(sinceMs: number): readonly JournalEntry[] {
    const readings = [...this.#settled]
      .filter(([, utcMs]) => utcMs >= sinceMs)
      .map(([key, utcMs]) => ({ key, utcMs }));
    const entries: JournalEntry[] = [];
    if (readings.length > 0) entries.push({ kind: 'confirmed', readings });
    const pending = this.pending();
    if (pending.length > 0) entries.push({ kind: 'planned', readings: pending });
    return entries;
  }
}

function marks(readings: readonly PlannedReading[]): readonly JournalMark[] {
  return readings.map(({ key, utcMs }) => ({ key, utcMs }));
}

/** Where a journal's entries go. */
export interface JournalStorage {
  /** Adds an entry; done when it would survive a crash. */
  append(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** A journal over any storage: the entries so far are in `state`. */
export function journalOver(storage: JournalStorage, state: JournalState): Journal {
  async function note(entry: JournalEntry): Promise<void> {
    if (entry.readings.length === 0) return;
    await storage.append(entry);
    state.apply(entry);
  }
  return {
    pending: () => state.pending(),
    has: (key) => state.has(key),
    plan: (readings) => note({ kind: 'planned', readings }),
    confirm: (readings) => note({ kind: 'confirmed', readings: marks(readings) }),
    abandon: (readings) => note({ kind: 'abandoned', readings: marks(readings) }),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
  };
}

/** Journals that last as long as the process: for a page, for tests. */
export function memoryJournal(): OpenJournal {
  const states = new Map<string, JournalState>();
  const nowhere: JournalStorage = { append: async () => {}, close: async () => {} };
  return async (owner) => {
    const key = JSON.stringify([owner.serialNumber, owner.target]);
    const state = states.get(key) ?? new JournalState();
    states.set(key, state);
    return journalOver(nowhere, state);
  };
}
