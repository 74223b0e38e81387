export { float64 } from '../fields.ts';
export { u32At } from '../layout.ts';
export { named } from '../named.ts';
export {
  type AboutCommand,
  type ChargerCurrentReply,
  type Command,
  MAX_PAGES_PER_REQUEST,
} from './command.ts';
export {
  readDisplayTimeOffset,
  readRtc,
  readSystemTimeOffset,
  writeDisplayTimeOffset,
} from './commands/clocks.ts';
export {
  NO_PAGE,
  readDatabasePageHeader,
  readDatabasePageRange,
  readDatabasePages,
  readDatabasePartitionInfo,
} from './commands/database.ts';
export {
  ping,
  readFirmwareHeader,
  readSystemTime,
  readTransmitterId,
} from './commands/identity.ts';
export {
  readBatteryLevel,
  readBatteryState,
  readBlindedMode,
  readChargerCurrentSetting,
  readClockMode,
  readDeviceMode,
  readFirmwareSettings,
  readGlucoseUnit,
  readLanguage,
} from './commands/state.ts';
export { commandByCode, type ReadCommandName, type WriteCommandName } from './commands.ts';
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
  NOISE_LEVELS,
  POWER_CODES,
  RAW_VALUE_KINDS,
  RESPONSE_CODES,
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
  type ReplyDamage,
} from './exchange.ts';
export type { NeverSentName } from './never-sent.ts';
export { encodePacket, PACKET_OVERHEAD, PacketFinder } from './packet.ts';
export {
  ALL_LAYOUTS,
  decodePageBy,
  encodePage,
  encodePageHeader,
  type HeaderContent,
  type KnownLayouts,
  type PageContent,
  recordsPerPage,
} from './page.ts';
export {
  PAGE_DATA_SIZE,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
  pageHeaderCrc,
} from './page-header.ts';
export {
  CALIBRATION_FORMATS,
  CALIBRATION_POINT,
  calibrationFinality,
} from './records/calibration.ts';
export { CLOCK_SETTINGS_FORMATS, SETTING_FLAGS, settingFlags } from './records/clock-settings.ts';
export { EGV_FORMATS } from './records/egv.ts';
export { type EventSubTypeName, type EventTypeName, eventAmount } from './records/event.ts';
export {
  GLUCOSE_BITS,
  glucoseOf,
  PREDICTION_BITS,
  predictionOf,
  type SpecialGlucoseName,
  TREND_BITS,
  trendByteOf,
} from './records/glucose.ts';
export { RECORD_FORMATS, recordFormat } from './records/index.ts';
export { INSERTION_FORMATS, type SessionStateName } from './records/insertion.ts';
export { type LogEntryName, logMeaning } from './records/log.ts';
export { METER_FORMATS } from './records/meter.ts';
export {
  type FindFormat,
  formatFinder,
  type RecordFormat,
  type RecordOrigin,
} from './records/record.ts';
export { SENSOR_FORMATS } from './records/sensor.ts';
export { SETTINGS_FORMATS } from './records/settings.ts';
export {
  asciiTransmitterId,
  packedTransmitterId,
  packTransmitterId,
} from './records/transmitter-id.ts';
export { XML_FORMATS, xmlRecordBytes } from './records/xml.ts';
export { prepare, sendable } from './request.ts';
export {
  BAUD_RATE,
  CDC_ACM_SUBCLASS,
  CDC_CONTROL_INTERFACE_CLASS,
  CDC_DATA_INTERFACE_CLASS,
  CDC_DEVICE_CLASS,
  CDC_REQUEST,
  DATA_BITS,
  DEXCOM_VENDOR_ID,
  G7_RECEIVER_PRODUCT_ID,
  LINE_SETTINGS,
  RECEIVER_PRODUCT_ID,
  SET_CONTROL_LINE_STATE,
  SET_LINE_CODING,
  TRANSFER_IN_BYTES,
} from './usb.ts';
export { formatXml, parseXml, type XmlStyle } from './xml.ts';
