export { fileJournal, readJournal } from './file-journal.ts';
