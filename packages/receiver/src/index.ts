export type { DisplayOffsetChange, HardwareClock, ReceiverClock } from './clock.ts';
export type { DamageReport, OnDamage } from './damage.ts';
export type { NewRecords, PagesOptions, ReadOptions, RecordsOptions } from './database-reader.ts';
export { type DeviceFacts, type DeviceMemory, temporaryMemory } from './device-memory.ts';
export { RECEIVER_ERRORS, ReceiverError, type ReceiverErrorCode } from './errors.ts';
export type {
  ReceiverBattery,
  ReceiverDisplay,
  ReceiverFirmwareSettings,
  ReceiverIdentity,
  ReceiverMode,
} from './facts.ts';
export type { LineOptions } from './line.ts';
export type { Order } from './page-run.ts';
export type { PageRange, ReadPage } from './pages.ts';
export type { OnProgress, ReadProgress } from './progress.ts';
export { type AskOptions, Receiver, type ReceiverOptions } from './receiver.ts';
export {
  RECORD_NAMES,
  type RecordName,
  type RecordOf,
  type RecordsByName,
  recordNameOf,
  recordTypeOf,
} from './records.ts';
export type { Bookmark } from './resumption.ts';
