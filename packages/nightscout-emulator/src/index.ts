export {
  CALLS,
  type CallName,
  ConnectionDropped,
  type Failure,
  type InjectedFailure,
  type When,
} from './failure.ts';
export {
  DEFAULT_BEHAVIOUR,
  type NightscoutSiteOptions,
  ROLES,
  type SiteBehaviour,
  type SubjectSeed,
} from './options.ts';
export {
  createNightscoutSite,
  type NightscoutSite,
  type RequestEvent,
  type RequestListener,
} from './site.ts';
export type { Fields } from './store.ts';
