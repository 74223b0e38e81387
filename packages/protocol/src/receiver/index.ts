export type { Float64 } from '../fields.ts';
export { COMMANDS, type CommandName, type CommandReply, type CommandRequest } from './commands.ts';
export { RECORD_TYPES, type RecordTypeName } from './enumerations.ts';
export {
  type FirmwareHeader,
  type FirmwareSettings,
  type Partition,
  parseFirmwareHeader,
  parseFirmwareSettings,
  parsePartitionInfo,
} from './identity.ts';
export { NEVER_SENT } from './never-sent.ts';
export { type Noise, type Packet, PacketDecoder } from './packet.ts';
export {
  type DecodePageOptions,
  decodePage,
  describePageProblem,
  type Page,
  type PageProblem,
} from './page.ts';
export type { PageHeader } from './page-header.ts';
export type { AberrationRecord } from './records/aberration.ts';
export type {
  CalibrationPoint,
  CalibrationPoints,
  CalibrationRecord,
} from './records/calibration.ts';
export type { ClockSettings, SettingFlags } from './records/clock-settings.ts';
export type { EgvRecord, TransmitterPart } from './records/egv.ts';
export {
  isBackfilled,
  keepsBackfilled,
  measuredSystemSeconds,
  readingOfEgv,
} from './records/egv.ts';
export type { EventAmount, EventRecord } from './records/event.ts';
export type { Glucose, Prediction, TrendByte } from './records/glucose.ts';
export type { ReceiverRecord } from './records/index.ts';
export type { InsertionRecord } from './records/insertion.ts';
export type { LogMeaning, LogRecord } from './records/log.ts';
export type { MeterRecord } from './records/meter.ts';
export type { RawRecord } from './records/raw.ts';
export type { ReceiverErrorRecord } from './records/receiver-error.ts';
export type { RecordBase } from './records/record.ts';
export type { SensorRecord } from './records/sensor.ts';
export type { SettingsRecord } from './records/settings.ts';
export { FACTORY_TRANSMITTER_IDS, type TransmitterId } from './records/transmitter-id.ts';
export {
  type ManufacturingParameters,
  manufacturingParametersOf,
  type PcParameters,
  pcParametersOf,
  serialNumberOf,
  type XmlRecord,
} from './records/xml.ts';
export { type Permission, type PreparedRequest, prepareRequest } from './request.ts';
export type { CancelSignal, Transport } from './transport.ts';
export type { XmlElement } from './xml.ts';
