export {
  EgvkitError,
  InputError,
  ShareError,
  SharingError,
  StoreError,
} from '@egvkit/protocol';
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
export { ShareClient } from './client.ts';
export type { Followers } from './followers.ts';
export type { Following, LastGlucose } from './following.ts';
export type { Invitation, Invited } from './invitation.ts';
export type {
  ShareAccount,
  ShareBehaviour,
  ShareClientOptions,
  ShareReaderOptions,
  ShareService,
} from './options.ts';
export type { SignInOptions, SignInWay } from './other-sign-ins.ts';
export type { Fetch, Platform, Sleep } from './platform.ts';
export { ShareReader } from './reader.ts';
export type { CallOptions, EmptyReason, Readings, ReadOptions } from './readings.ts';
export type { SafePost, SafePostOptions } from './safe-post.ts';
export {
  MemorySessionStore,
  type RefusedSignIns,
  type SessionStore,
  type StoredAccount,
} from './store.ts';
export {
  type WatchedReading,
  type WatchOptions,
  type WatchPlatform,
  watchReadings,
} from './watch.ts';
export type { Watched, WatchGap } from './watch-looks.ts';
