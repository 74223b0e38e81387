export { type FileSessionStoreOptions, fileSessionStore } from './file-store.ts';
export { STORE_ERRORS, StoreError, type StoreErrorCode } from './store-error.ts';
