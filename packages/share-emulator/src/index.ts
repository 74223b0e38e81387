export { type FollowerCredentials, InvitationError } from './accounts.ts';
export type { Answer } from './answer.ts';
export {
  ConnectionDropped,
  type Failure,
  type InjectedFailure,
  type RandomFailure,
  type When,
} from './failure.ts';
export { type GeneratedReadingsOptions, generatedReadings } from './generated-readings.ts';
export { memoryShareStore } from './memory-store.ts';
export {
  type AccountSeed,
  DEFAULT_BEHAVIOUR,
  GENERATIONS,
  type ServiceBehaviour,
  type ServiceGeneration,
  type ShareServiceOptions,
} from './options.ts';
export { type PasswordHasher, webCryptoPasswords } from './passwords.ts';
export {
  type ArrivedRequest,
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
