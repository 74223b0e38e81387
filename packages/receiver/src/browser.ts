/** Code shared by the transports of web pages, `@egvkit/receiver-webusb` and `-webserial`. */
export {
  ACCESS_ERRORS,
  type Access,
  AccessError,
  type AccessErrorCode,
  OTHER_READERS,
  type PageApi,
  type PortAccess,
  RIGHTS,
  type Runtime,
} from './browser/access-error.ts';
export { accessBy, choiceFailure, claimFailure, openFailure } from './browser/failures.ts';
export {
  assertSupported,
  isReceiver,
  LISTED_IDS,
  pathOf,
  type UsbIds,
} from './browser/identity.ts';
export {
  askInTurn,
  type Opening,
  type OpenOptions,
  type OpenRetry,
  offered,
  openPatiently,
} from './browser/opening.ts';
export { PageTransport } from './browser/page-transport.ts';
export { type Platform, platformOf } from './browser/platform.ts';
export type { TabLocks } from './browser/tab-lock.ts';
export { ReceiverError } from './errors.ts';
