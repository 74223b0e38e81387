import type { PlannedReading } from '@egvkit/uploader';
import type { Mistake } from './mistake.ts';
import { withDestinations, withJournal } from './wrapped.ts';

/** Index of the record behind a key. */
function indexOf(key: string): number {
  return Number(/:(\d+)@/.exec(key)?.[1]);
}

export const JOURNAL_MISTAKES = {
  notedAfterThePost: (): Mistake => ({
    what: 'readings are noted in the journal after they were posted, and nothing asks what is there',
    breaks: ['twice'],
    keep: (options) =>
      withJournal(blind(options), () => ({ plan: async () => {}, pending: () => [] })),
  }),
  watermark: (): Mistake => {
    let newest = Number.NEGATIVE_INFINITY;
    return {
      what: 'the newest reading that was sent stands for all before it',
      breaks: ['missing', 'falseStatus'],
      keep: (options) =>
        withJournal(options, (journal) => ({
          has: (key) => journal.has(key) || indexOf(key) <= newest,
          async confirm(readings) {
            await journal.confirm(readings);
            newest = Math.max(newest, ...readings.map(({ key }) => indexOf(key)));
          },
          async plan(readings: readonly PlannedReading[]) {
            // The newest first, as people want to see them.
            newest = Math.max(newest, ...readings.map(({ key }) => indexOf(key)));
            await journal.plan(readings);
          },
        })),
    };
  },
  forgottenPending: (): Mistake => ({
    what: 'readings that were noted and not confirmed count as sent',
    breaks: ['missing', 'falseStatus'],
    keep: (options) => withJournal(options, () => ({ pending: () => [] })),
  }),
  confirmedUnseen: (): Mistake => ({
    what: 'a post without an answer counts as one that arrived',
    breaks: ['missing', 'falseStatus'],
    keep: (options) =>
      withDestinations(options, (destination) => ({
        post: async (readings, given) =>
          await destination.post(readings, given).catch((error: unknown) => {
            if (given.signal?.aborted || !destination.mayHaveArrived(error)) throw error;
            return 'posted' as const;
          }),
      })),
  }),
  everythingNoted: (): Mistake => ({
    what: 'every upload notes all readings of the day again',
    breaks: ['memory'],
    keep: (options) => {
      const all: PlannedReading[] = [];
      return withJournal(options, (journal) => ({
        async confirm(readings) {
          await journal.confirm(readings);
          await journal.confirm(all);
        },
        async plan(readings) {
          all.push(...readings);
          await journal.plan(readings);
        },
      }));
    },
  }),
} as const;

/** Nothing is read back: as if the service showed nothing. */
function blind(options: Parameters<typeof withDestinations>[0]) {
  return withDestinations(options, ({ readBack }) => ({
    readBack: readBack && { ...readBack, read: async () => [] },
  }));
}
