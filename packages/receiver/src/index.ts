export type { LineOptions } from './line.ts';
export {
  type PageRange,
  type PagesOptions,
  type ReadPage,
  Receiver,
  type ReceiverClock,
  type ReceiverIdentity,
  type ReceiverOptions,
  type RecordsOptions,
} from './receiver.ts';
export type { DamageReport, RecordName, RecordsByName } from './records.ts';
