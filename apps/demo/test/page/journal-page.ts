import { JOURNAL_CASES } from '@egvkit/contracts/journal';
import { indexedDbJournal } from '@egvkit/uploader/browser';

/** Properties that a test of the journal finds in its page. */
export interface JournalPage {
  readonly cases: readonly string[];
  /** Runs a case; gives what is wrong, or undefined. */
  run(number: number): Promise<string | undefined>;
  readonly indexedDbJournal: typeof indexedDbJournal;
}

declare global {
  interface Window {
    journals: JournalPage;
  }
}

const cases = JOURNAL_CASES.filter(({ isFor }) =>
  isFor({ isExclusive: true, isForAllOwners: true }),
);

window.journals = {
  cases: cases.map(({ says }) => says),
  async run(number) {
    try {
      await cases[number]?.run(indexedDbJournal({ name: `egvkit-case-${number}` }));
      return undefined;
    } catch (error) {
      return String(error);
    }
  },
  indexedDbJournal,
};
