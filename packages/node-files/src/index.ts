export { codeOf, FileError, reasonOf } from './file-error.ts';
export type { LockHolder } from './holder.ts';
export { type FileLock, tryLock } from './lock.ts';
export { LockTimeoutError, type WaitOptions, waitForLock } from './lock-wait.ts';
export {
  makePrivateFolder,
  openRegularFile,
  type ReadOptions,
  readHandle,
  readRegularFile,
  resolveLinks,
} from './regular-file.ts';
export { replaceFile } from './replacement.ts';
