export { EgvkitError, InputError } from '@egvkit/protocol';
export type {
  AlertChoices,
  EgvUpload,
  FoldedReading,
  FollowerAlerts,
  GlucoseRecord,
  Permission,
  RegionName,
  RuntimeInfo,
  Subscription,
  UploadedEgv,
} from '@egvkit/protocol/share';
export type { Account } from './account/account.ts';
export type { ClockOffset, ServiceTime } from './account/service-clock.ts';
export type { CallOptions } from './call-options.ts';
export { ShareClient } from './client.ts';
export {
  FOLLOWER_ERRORS,
  FollowerError,
  type FollowerErrorCode,
} from './errors/follower-error.ts';
export {
  PUBLISH_ERRORS,
  PublishError,
  type PublishErrorCode,
} from './errors/publish-error.ts';
export { SHARE_ERRORS, ShareError, type ShareErrorCode } from './errors/share-error.ts';
export type { Contact } from './followers/contact.ts';
export type { Followers } from './followers/followers.ts';
export type { Following, LastGlucose } from './followers/following.ts';
export type { Invitation, Invited } from './followers/invitation.ts';
export type { Fetch } from './http/platform.ts';
export type { ShareService } from './http/target.ts';
export type { ShareBehaviour, ShareClientOptions, ShareReaderOptions } from './options.ts';
export type { BarePost } from './publish/bare-post.ts';
export type { SafePost } from './publish/safe-post.ts';
export type { ReadyOptions, Sharing } from './publish/sharing.ts';
export { SharePublisher } from './publisher.ts';
export { ShareReader } from './reader.ts';
export { type EmptyReason, emptyReasons, type ReadOptions } from './readings/readings.ts';
export type { Password, ShareAccount, ShareCredentials } from './session/credentials.ts';
export type { LoginMethod, LoginOptions } from './session/login-methods.ts';
export {
  memorySessionStore,
  type RefusedLogins,
  type SessionStore,
  type StoredAccount,
  type UnansweredLogin,
} from './session/store.ts';
export type { ReadingSource, WatchedReading, WatchGap } from './watch/poller.ts';
export { type WatchOptions, watchReadings } from './watch/watch.ts';
