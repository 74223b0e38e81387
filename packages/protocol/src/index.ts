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
export {
  EgvkitError,
  type ErrorRow,
  INPUT_ERRORS,
  InputError,
  type InputErrorCode,
  RECEIVER_ERRORS,
  ReceiverError,
  type ReceiverErrorCode,
  SHARE_ERRORS,
  ShareError,
  type ShareErrorCode,
  UPLOAD_ERRORS,
  UploadError,
  type UploadErrorCode,
} from './errors.ts';
export type { Codec, Field, FieldDescription, Layout } from './layout.ts';
export { TREND_NAMES, type TrendName, type TrendNumber } from './trend.ts';
