export { scryptPasswords } from './scrypt.ts';
export { type ServeOptions, type ShareServer, serveShare } from './server.ts';
export { ShareStoreError, type SqliteShareStore, sqliteShareStore } from './sqlite-store.ts';
