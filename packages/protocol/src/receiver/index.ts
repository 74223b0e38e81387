export { type Float64, float64 } from '../fields.ts';
export { type ChargerCurrentReply, type Command, MAX_PAGES_PER_REQUEST } from './command.ts';
export {
  COMMANDS,
  type CommandName,
  type CommandReply,
  type CommandRequest,
  commandByCode,
  NO_PAGE,
  type ReadCommandName,
  type WriteCommandName,
} from './commands.ts';
export {
  ACK,
  ALARM_PROFILES,
  BATTERY_STATES,
  CHARGER_CURRENTS,
  CLOCK_MODES,
  EVENT_TYPES,
  EXERCISE_LEVELS,
  GLUCOSE_UNITS,
  HEALTH_EVENTS,
  LANGUAGES,
  LOG_CATEGORIES,
  type Named,
  NOISE_LEVELS,
  named,
  POWER_CODES,
  RAW_VALUE_KINDS,
  RECORD_TYPES,
  RESPONSE_CODES,
  type RecordTypeName,
  SCREEN_CODES,
  SESSION_CODES,
  SESSION_STATES,
  SPECIAL_GLUCOSE_CODES,
} from './enumerations.ts';
export {
  Exchange,
  type ExchangeOptions,
  type ExchangeOutcome,
  type ExchangeStep,
} from './exchange.ts';
export {
  type FirmwareHeader,
  type FirmwareSettings,
  type Partition,
  parseFirmwareHeader,
  parseFirmwareSettings,
  parsePartitionInfo,
} from './identity.ts';
export { NEVER_SENT, type NeverSentName } from './never-sent.ts';
export {
  encodePacket,
  MAX_PACKET_LENGTH,
  type Noise,
  PACKET_OVERHEAD,
  type Packet,
  PacketDecoder,
  START_OF_PACKET,
} from './packet.ts';
export {
  type DecodePageOptions,
  decodePage,
  describePageProblem,
  encodePage,
  encodePageHeader,
  type HeaderContent,
  PAGE_DATA_SIZE,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
  type Page,
  type PageContent,
  type PageHeader,
  type PageProblem,
  pageHeaderCrc,
  recordsPerPage,
} from './page.ts';
export type { AberrationRecord } from './records/aberration.ts';
export {
  CALIBRATION_POINT,
  type CalibrationPoint,
  type CalibrationPoints,
  type CalibrationRecord,
} from './records/calibration.ts';
export type { EgvRecord, TransmitterPart } from './records/egv.ts';
export {
  type EventAmount,
  type EventRecord,
  type EventSubTypeName,
  type EventTypeName,
  eventAmount,
} from './records/event.ts';
export {
  GLUCOSE_BITS,
  type Glucose,
  glucoseOf,
  PREDICTION_BITS,
  type Prediction,
  predictionOf,
  type SpecialGlucoseName,
  TREND_BITS,
  type TrendByte,
  trendByteOf,
} from './records/glucose.ts';
export { RECORD_FORMATS, type ReceiverRecord, recordFormat } from './records/index.ts';
export type { InsertionRecord, SessionStateName } from './records/insertion.ts';
export { type LogEntryName, type LogMeaning, type LogRecord, logMeaning } from './records/log.ts';
export type { MeterRecord } from './records/meter.ts';
export type { RawRecord } from './records/raw.ts';
export type { ReceiverErrorRecord } from './records/receiver-error.ts';
export type { RecordBase, RecordFormat, RecordOrigin } from './records/record.ts';
export type { SensorRecord } from './records/sensor.ts';
export {
  SETTING_FLAGS,
  type SettingFlags,
  type SettingsRecord,
  settingFlags,
} from './records/settings.ts';
export {
  asciiTransmitterId,
  FACTORY_TRANSMITTER_IDS,
  packedTransmitterId,
  packTransmitterId,
  type TransmitterId,
  unpackTransmitterId,
} from './records/transmitter-id.ts';
export {
  type ManufacturingParameters,
  manufacturingParametersOf,
  type PcParameters,
  pcParametersOf,
  serialNumberOf,
  XML_TEXT_SIZE,
  type XmlRecord,
  xmlRecordBytes,
} from './records/xml.ts';
export { type Permission, type PreparedRequest, prepareRequest } from './request.ts';
export type { CancelSignal, Transport } from './transport.ts';
export {
  CDC_ACM_SUBCLASS,
  CDC_CONTROL_INTERFACE_CLASS,
  CDC_DATA_INTERFACE_CLASS,
  CDC_DEVICE_CLASS,
  CDC_REQUEST,
  DEXCOM_VENDOR_ID,
  G7_RECEIVER_PRODUCT_ID,
  LINE_SETTINGS,
  RECEIVER_PRODUCT_ID,
  TRANSFER_IN_BYTES,
} from './usb.ts';
export { isBackfilled, type ReadingTime, readingTimes } from './views/backfill.ts';
export { type ClockChange, clockHistory } from './views/clock-history.ts';
export type { Confidence } from './views/confidence.ts';
export { type UserEvent, userEvent, userEvents } from './views/events.ts';
export { type JoinedEgv, joinEgvs } from './views/joined.ts';
export { mergeRecords, recordKey } from './views/order.ts';
export { type PagePlan, type PagePlanInput, planPages, type RememberedPage } from './views/plan.ts';
export { type SensorSession, sensorSessions } from './views/sessions.ts';
export { type SettingsPeriod, settingsTimeline } from './views/settings-timeline.ts';
export { type TimeLoss, type TimeLossInput, timeLosses } from './views/time-loss.ts';
export { type UtcTime, utcByAnchor, utcByDisplayTime, type ZoneOffset } from './views/utc.ts';
export { type RecordUtc, type UtcStrategy, utcOfRecords } from './views/utc-of-records.ts';
export { formatXml, parseXml, type XmlElement, type XmlStyle } from './xml.ts';
