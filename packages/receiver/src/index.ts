export type { DisplayOffsetChange, HardwareClock, ReceiverClock } from './clock.ts';
export type { DamageReport, OnDamage } from './damage.ts';
export { type DeviceFacts, type DeviceMemory, memoryOfDevices } from './device-memory.ts';
export type {
  FirmwareSettings,
  ReceiverBattery,
  ReceiverDisplay,
  ReceiverIdentity,
  ReceiverMode,
} from './facts.ts';
export type { NewRecords, PagesOptions, ReadOptions, RecordsOptions } from './history.ts';
export type { LineOptions } from './line.ts';
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
export type { Bookmark } from './resume.ts';
export type { Order } from './run.ts';
