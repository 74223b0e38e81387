export { fileJournal } from './fileJournal.ts';
