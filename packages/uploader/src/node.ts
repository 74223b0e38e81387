export { fileJournal, readJournal } from './fileJournal.ts';
