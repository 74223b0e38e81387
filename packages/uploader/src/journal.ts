/// <reference lib="esnext.disposable" preserve="true" />
import type { PlannedReading } from './uploaded-data.ts';

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
  /** True if a record was noted at all, confirmed or not. */
  has(key: string): boolean;
  /** Note about a record; undefined if there is none. */
  note(key: string): JournalNote | undefined;
  /** The noted records of the day that ends with the latest one up to this time, Unix ms; in any order. */
  newestDay(untilMs: number): readonly JournalMark[];
  /** Notes readings before they are posted. Done when it would survive a crash. */
  plan(readings: readonly PlannedReading[]): Promise<void>;
  /** Notes that these readings are on the service, planned before or not; calibrations too. */
  confirm(readings: readonly JournalMark[]): Promise<void>;
  /** Gives up readings that can no longer be asked about, or whose time is lost. They stay known. */
  abandon(readings: readonly JournalMark[]): Promise<void>;
  /**
   * Makes sure that the journal is still this upload's alone, and as it left it. Asked before every
   * post, since a post that is not noted can be made twice.
   *
   * @throws UploadError `journalLost`
   */
  assertHeld(): Promise<void>;
  close(): Promise<void>;
}

/** The part of a journal that a plan goes by. */
export type JournalView = Pick<Journal, 'has' | 'note' | 'newestDay'>;

/** One line of a journal. */
export type JournalEntry =
  | { readonly kind: 'planned'; readonly readings: readonly PlannedReading[] }
  | { readonly kind: 'confirmed' | 'abandoned'; readonly readings: readonly JournalMark[] };

/** Of a reading that is settled, only this is kept. */
export interface JournalMark {
  readonly key: string;
  readonly utcMs: number;
}

/** Note about one record. */
export interface JournalNote {
  /** Time of the reading, by the clocks of the upload that noted it; Unix ms. */
  readonly utcMs: number;
  /** Given up: it is not on the service, and is not sent again. */
  readonly isAbandoned: boolean;
}

const DAY_MS = 86_400_000;

/** State after all entries of a journal. */
export class JournalState {
  readonly #pending = new Map<string, PlannedReading>();
  readonly #settled = new Map<string, JournalNote>();

  apply(entry: JournalEntry): void {
    if (entry.kind === 'planned') {
      for (const reading of entry.readings) this.#pending.set(reading.key, reading);
      return;
    }
    const isAbandoned = entry.kind === 'abandoned';
    for (const { key, utcMs } of entry.readings) {
      this.#pending.delete(key);
      this.#settled.set(key, { utcMs, isAbandoned });
    }
  }

  pending(): readonly PlannedReading[] {
    return [...this.#pending.values()].sort((a, b) => a.utcMs - b.utcMs);
  }

  has(key: string): boolean {
    return this.note(key) !== undefined;
  }

  note(key: string): JournalNote | undefined {
    const pending = this.#pending.get(key);
    return pending === undefined
      ? this.#settled.get(key)
      : { utcMs: pending.utcMs, isAbandoned: false };
  }

  newestDay(untilMs: number): readonly JournalMark[] {
    const settled = Array.from(this.#settled, ([key, { utcMs }]) => ({ key, utcMs }));
    const noted = [...settled, ...marks(this.#pending.values())].filter(
      ({ utcMs }) => utcMs <= untilMs,
    );
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const { utcMs } of noted) newestMs = Math.max(newestMs, utcMs);
    return noted.filter(({ utcMs }) => utcMs >= newestMs - DAY_MS);
  }

  /**
   * The shortest entries that add up to the same, without what was settled `keepMs` before the
   * newest and before now: a clock that is wrong does not make anything old.
   */
  compacted(keepMs: number, nowMs: number): readonly JournalEntry[] {
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const { utcMs } of this.#settled.values()) newestMs = Math.max(newestMs, utcMs);
    const sinceMs = Math.min(newestMs, nowMs) - keepMs;
    const kept = [...this.#settled].filter(([, { utcMs }]) => utcMs >= sinceMs);
    const entries: JournalEntry[] = [];
    for (const kind of ['confirmed', 'abandoned'] as const) {
      const readings = kept
        .filter(([, { isAbandoned }]) => isAbandoned === (kind === 'abandoned'))
        .map(([key, { utcMs }]) => ({ key, utcMs }));
      if (readings.length > 0) entries.push({ kind, readings });
    }
    const pending = this.pending();
    if (pending.length > 0) entries.push({ kind: 'planned', readings: pending });
    return entries;
  }
}

function marks(readings: Iterable<JournalMark>): readonly JournalMark[] {
  return Array.from(readings, ({ key, utcMs }) => ({ key, utcMs }));
}

/** Storage of a journal's entries. */
export interface JournalStorage {
  /** Adds an entry; done when it would survive a crash. */
  append(entry: JournalEntry): Promise<void>;
  /** Rejects if anybody else may have the entries now. */
  assertHeld(): Promise<void>;
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
    note: (key) => state.note(key),
    newestDay: (untilMs) => state.newestDay(untilMs),
    plan: (readings) => note({ kind: 'planned', readings }),
    confirm: (readings) => note({ kind: 'confirmed', readings: marks(readings) }),
    abandon: (readings) => note({ kind: 'abandoned', readings: marks(readings) }),
    assertHeld: () => storage.assertHeld(),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
  };
}

/** Journals that last as long as the process: for a page, for tests. */
export function memoryJournal(): OpenJournal {
  const states = new Map<string, JournalState>();
  const nowhere: JournalStorage = {
    append: async () => {},
    assertHeld: async () => {},
    close: async () => {},
  };
  return async (owner) => {
    const key = JSON.stringify([owner.serialNumber, owner.target]);
    const state = states.get(key) ?? new JournalState();
    states.set(key, state);
    return journalOver(nowhere, state);
  };
}
