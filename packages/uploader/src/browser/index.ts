export { type IndexedDbJournalOptions, indexedDbJournal } from './indexed-db-journal.ts';
