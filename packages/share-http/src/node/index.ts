export { FileSessionStore } from './file-store.ts';
