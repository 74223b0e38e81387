export { MemoryShareStore } from './memory-store.ts';
export {
  type AccountSeed,
  DEFAULT_BEHAVIOUR,
  type ServiceBehaviour,
  type ShareServiceOptions,
} from './options.ts';
export { type PasswordHasher, webCryptoPasswords } from './passwords.ts';
export {
  type Connection,
  createShareService,
  type RequestEvent,
  type RequestListener,
  type ShareService,
} from './service.ts';
export type {
  ShareStore,
  Side,
  StoredAccount,
  StoredContact,
  StoredReading,
  StoredSession,
  StoredSubscription,
} from './store.ts';
export { ConnectionDropped, type InjectedTrouble, type Trouble, type When } from './trouble.ts';
