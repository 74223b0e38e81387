export { type CallOptions, type ReadOptions, ShareClient } from './client.ts';
export type {
  ShareAccount,
  ShareBehaviour,
  ShareClientOptions,
  ShareService,
} from './options.ts';
export type { Fetch, Platform, Sleep } from './platform.ts';
export {
  MemorySessionStore,
  type RefusalFingerprint,
  type SessionStore,
  type StoredAccount,
} from './store.ts';
