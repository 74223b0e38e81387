export type { DisplayOffsetChange, HardwareClock, ReceiverClock } from './clock.ts';
export type { DamageReport, OnDamage } from './damage.ts';
export type { ReadOptions, WindowOptions } from './database-reader.ts';
export { type DeviceFacts, type DeviceMemory, temporaryMemory } from './device-memory.ts';
export { RECEIVER_ERRORS, ReceiverError, type ReceiverErrorCode } from './errors.ts';
export type {
  ReceiverBattery,
  ReceiverDisplay,
  ReceiverFirmwareSettings,
  ReceiverMode,
} from './facts.ts';
export type { ReceiverIdentity } from './identity.ts';
export type { LineOptions } from './line.ts';
export type { NewRecords } from './new-records.ts';
export type { Order } from './page-run.ts';
export type { PageRange } from './pages.ts';
export type { OnProgress, ReadProgress } from './progress.ts';
export {
  type AskOptions,
  type ReadingRecordName,
  type ReadingRecordsByName,
  ReceiverReader,
  type ReceiverReaderOptions,
} from './reader.ts';
export { Receiver, type ReceiverOptions, type RecordsOptions } from './receiver.ts';
export {
  RECORD_NAMES,
  type RecordName,
  type RecordOf,
  type RecordsByName,
  recordNameOf,
  recordTypeOf,
} from './records.ts';
export type { Bookmark } from './resumption.ts';
export type { PagesOptions, ReadPage } from './whole-pages.ts';
