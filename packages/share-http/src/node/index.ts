export { FileSessionStore } from './file-store.ts';
export { codeOf, type FileLock, type LockHolder, tryLock } from './lock.ts';
