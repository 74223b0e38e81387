export { NIGHTSCOUT_ERRORS, NightscoutError, type NightscoutErrorCode } from './errors.ts';
export {
  NIGHTSCOUT_LIMITS,
  nightscoutClock,
  nightscoutDestination,
} from './nightscout-destination.ts';
export type {
  Fetch,
  NightscoutBehaviour,
  NightscoutCredentials,
  NightscoutOptions,
} from './options.ts';
