export {
  type ClockObservation,
  type DisplaySeconds,
  displaySeconds,
  RECEIVER_EPOCH_UNIX_SECONDS,
  receiverClockUnixMs,
  type SystemSeconds,
  systemClockErrorSeconds,
  systemSeconds,
  systemTimeToUtcMs,
  wallClock,
} from './clock.ts';
export { crc16 } from './crc16.ts';
export { type DataOf, EgvkitError, type ErrorRow, type ErrorRows } from './errors/error.ts';
export { INPUT_ERRORS, InputError, type InputErrorCode } from './errors/input.ts';
export { LAYOUT_ERRORS, LayoutError, type LayoutErrorCode } from './errors/layout.ts';
export { RECEIVER_ERRORS, ReceiverError, type ReceiverErrorCode } from './errors/receiver.ts';
export { SHARE_ERRORS, ShareError, type ShareErrorCode } from './errors/share.ts';
export { SHARING_ERRORS, SharingError, type SharingErrorCode } from './errors/sharing.ts';
export { STORE_ERRORS, StoreError, type StoreErrorCode } from './errors/store.ts';
export { UPLOAD_ERRORS, UploadError, type UploadErrorCode } from './errors/upload.ts';
export type { Evidence } from './evidence.ts';
export {
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  mmolPerL,
  SPECIAL_BELOW,
} from './glucose.ts';
export type { Codec, Field, FieldDescription, Layout } from './layout.ts';
export { TREND_NAMES, type TrendName, type TrendNumber } from './trend.ts';
