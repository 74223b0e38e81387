/**
 * The cases that every journal of uploads passes, as functions that throw: they run in Node's tests
 * and in a page alike, and bring no test framework with them.
 */
import { type Reading, readingOf } from '@egvkit/protocol';

/** A reading on its way, as `@egvkit/uploader` has it. */
interface PostedReading extends Reading {
  readonly key: string;
}

/** The part of a journal of `@egvkit/uploader` that the cases need. */
export interface JournalUnderTest {
  pending(): readonly PostedReading[];
  has(key: string): boolean;
  note(key: string): { readonly utcMs: number; readonly isAbandoned: boolean } | undefined;
  newestDay(untilMs: number): readonly { readonly key: string; readonly utcMs: number }[];
  plan(readings: readonly PostedReading[]): Promise<void>;
  confirm(readings: readonly PostedReading[]): Promise<void>;
  abandon(readings: readonly { readonly key: string; readonly utcMs: number }[]): Promise<void>;
  assertHeld(): Promise<void>;
  close(): Promise<void>;
}

type Open = (owner: {
  readonly serialNumber: string;
  readonly target: string;
}) => Promise<JournalUnderTest>;

/** Promises that not every journal makes. */
export interface JournalPromises {
  /** A second opening is refused while one is held; `memoryJournal` lets it. */
  readonly isExclusive: boolean;
  /** Receivers and accounts may share one place; `fileJournal` has one file each. */
  readonly isForAllOwners: boolean;
}

export interface JournalCase {
  /** The promise. */
  readonly says: string;
  /** True if the case holds for a journal that makes these promises. */
  readonly isFor: (promises: JournalPromises) => boolean;
  /** Throws what is wrong. `open` begins with nothing noted. */
  readonly run: (open: Open) => Promise<void>;
}

const OWNER = { serialNumber: 'SM00000001', target: 'a-service' };
const START_MS = 1_764_417_600_000;

function reading(n: number): PostedReading {
  const utcMs = START_MS + n * 300_000;
  const trend = { raw: 4, name: 'Flat' } as const;
  return { ...readingOf(100 + n, { utcMs, trend, source: 'receiver' }), key: `4:${n}@${n}` };
}

const keyOf = (n: number): string => reading(n).key;

function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [is, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== wanted) throw new Error(`${what}: expected ${wanted}, got ${is}.`);
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? String(error);
  }
}

const always = (): boolean => true;

export const JOURNAL_CASES: readonly JournalCase[] = [
  {
    says: 'is empty at first',
    isFor: always,
    async run(open) {
      const journal = await open(OWNER);
      expectSame(journal.pending(), [], 'pending');
      expectSame(journal.has(keyOf(1)), false, 'has');
      expectSame(journal.note(keyOf(1)), undefined, 'note');
      await journal.close();
    },
  },
  {
    says: 'gives back what was planned, to the letter, oldest first, after it was closed',
    isFor: always,
    async run(open) {
      const first = await open(OWNER);
      await first.plan([reading(3), reading(1)]);
      await first.plan([reading(2)]);
      expectSame(first.pending(), [1, 2, 3].map(reading), 'pending while open');
      await first.close();
      const second = await open(OWNER);
      expectSame(second.pending(), [1, 2, 3].map(reading), 'pending afterwards');
      expectSame(second.has(keyOf(2)), true, 'has');
      await second.close();
    },
  },
  {
    says: 'knows over a restart what was confirmed and what was given up',
    isFor: always,
    async run(open) {
      const first = await open(OWNER);
      await first.plan([1, 2, 3, 4].map(reading));
      await first.confirm([reading(1), reading(9)]);
      await first.abandon([reading(3)]);
      await first.close();
      const second = await open(OWNER);
      expectSame(second.pending(), [2, 4].map(reading), 'pending');
      for (const n of [1, 2, 3, 4, 9]) expectSame(second.has(keyOf(n)), true, `has ${n}`);
      expectSame(
        [1, 2, 3, 9].map((n) => second.note(keyOf(n))?.isAbandoned),
        [false, false, true, false],
        'isAbandoned',
      );
      expectSame(second.note(keyOf(1))?.utcMs, reading(1).utcMs, 'utcMs');
      await second.close();
    },
  },
  {
    says: 'knows its notes of the newest day up to a time, be they pending, confirmed or given up',
    isFor: always,
    async run(open) {
      const journal = await open(OWNER);
      const daysUntil = (n: number) =>
        [...journal.newestDay(reading(n).utcMs)].sort((a, b) => a.utcMs - b.utcMs);
      expectSame(daysUntil(9), [], 'notes of an empty journal');
      await journal.plan([2, 5, 293].map(reading));
      await journal.confirm([reading(3)]);
      await journal.abandon([reading(4)]);
      const marksOf = (...ns: readonly number[]) =>
        ns.map((n) => ({ key: keyOf(n), utcMs: reading(n).utcMs }));
      expectSame(
        [1, 2, 3, 4, 9, 999].map(daysUntil),
        [[], marksOf(2), marksOf(2, 3), marksOf(2, 3, 4), marksOf(2, 3, 4, 5), marksOf(5, 293)],
        'notes of the newest day',
      );
      await journal.close();
    },
  },
  {
    says: 'goes on after any number of openings, and forgets nothing that may come again',
    isFor: always,
    async run(open) {
      const count = 230;
      for (let n = 0; n < count; n++) {
        const journal = await open(OWNER);
        await journal.plan([reading(n)]);
        if (n % 2 === 0) await journal.confirm([reading(n)]);
        await journal.close();
      }
      const journal = await open(OWNER);
      const all = Array.from({ length: count }, (_, n) => n);
      expectSame(journal.pending(), all.filter((n) => n % 2 === 1).map(reading), 'pending');
      const forgotten = all.filter((n) => !journal.has(keyOf(n)));
      expectSame(forgotten, [], 'forgotten');
      await journal.close();
    },
  },
  {
    says: 'notes nothing for nothing',
    isFor: always,
    async run(open) {
      const journal = await open(OWNER);
      await journal.plan([]);
      await journal.confirm([]);
      await journal.abandon([]);
      await journal.assertHeld();
      expectSame(journal.pending(), [], 'pending');
      await journal.close();
    },
  },
  {
    says: 'keeps receivers and accounts apart',
    isFor: ({ isForAllOwners }) => isForAllOwners,
    async run(open) {
      const first = await open(OWNER);
      await first.plan([reading(1)]);
      await first.close();
      for (const other of [
        { ...OWNER, serialNumber: 'SM00000002' },
        { ...OWNER, target: 'another-service' },
      ]) {
        const journal = await open(other);
        expectSame(journal.has(keyOf(1)), false, `has of ${JSON.stringify(other)}`);
        await journal.plan([reading(2)]);
        await journal.close();
      }
      const again = await open(OWNER);
      expectSame(again.pending(), [reading(1)], 'pending');
      await again.close();
    },
  },
  {
    says: 'is held by one upload at a time',
    isFor: ({ isExclusive }) => isExclusive,
    async run(open) {
      const first = await open(OWNER);
      expectSame(await codeOf(open(OWNER)), 'journalLocked', 'a second opening');
      await first.assertHeld();
      await first.close();
      const second = await open(OWNER);
      await second.close();
    },
  },
];
