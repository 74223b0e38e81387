export { scryptPasswords } from './scrypt.ts';
export { type ServeOptions, type ShareServer, serveShare } from './server.ts';
export { openSqliteStore, ShareStoreError, SqliteShareStore } from './sqlite-store.ts';
