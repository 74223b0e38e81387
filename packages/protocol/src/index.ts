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
export { COMMAND_ERRORS, CommandError, type CommandErrorCode } from './errors/command.ts';
export {
  type DataOf,
  EgvkitError,
  type ErrorRow,
  type ErrorRows,
  mayPass,
  stays,
  TableError,
} from './errors/error.ts';
export { INPUT_ERRORS, InputError, type InputErrorCode, outOfRange } from './errors/input.ts';
export { LAYOUT_ERRORS, LayoutError, type LayoutErrorCode } from './errors/layout.ts';
export { PAGE_ERRORS, PageError, type PageErrorCode } from './errors/page.ts';
export type { Evidence } from './evidence.ts';
export {
  type GlucoseStatus,
  glucoseStatus,
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  isUploadable,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  mmolPerL,
  SPECIAL_BELOW,
} from './glucose.ts';
export { toHex } from './hex.ts';
export { httpDateMs, retryAfterMsOf } from './http-header.ts';
export type { Codec, Field, FieldDescription, Layout } from './layout.ts';
export type { Named } from './named.ts';
export { measurementOf, type Reading, readingOf, type SourceClocks } from './reading.ts';
export {
  groupByMeasurement,
  isSameReading,
  type Measurement,
  SAME_READING_WITHIN_MS,
  type StoredMeasurement,
} from './same-reading.ts';
export { TREND_NAMES, type TrendName, type TrendNumber, trendNumber } from './trend.ts';
