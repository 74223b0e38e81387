export {
  COMMANDS,
  type Command,
  type CommandName,
  type CommandReply,
  type CommandRequest,
  commandByCode,
  MAX_PAGES_PER_REQUEST,
  NO_PAGE,
  type PreparedRequest,
  prepareRequest,
} from './commands.ts';
export {
  ACK,
  BATTERY_STATES,
  CHARGER_CURRENTS,
  CLOCK_MODES,
  GLUCOSE_UNITS,
  LANGUAGES,
  type Named,
  NOISE_LEVELS,
  named,
  RECORD_TYPES,
  RESPONSE_CODES,
  type RecordTypeName,
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
  type Partition,
  parseFirmwareHeader,
  parsePartitionInfo,
} from './identity.ts';
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
export type { EgvRecord, TransmitterPart } from './records/egv.ts';
export {
  type Glucose,
  glucoseOf,
  type Prediction,
  predictionOf,
  type SpecialGlucoseName,
  type TrendByte,
  trendByteOf,
} from './records/glucose.ts';
export { RECORD_FORMATS, type ReceiverRecord, recordFormat } from './records/index.ts';
export type { RecordBase, RecordFormat, RecordOrigin } from './records/record.ts';
export { serialNumberOf, XML_TEXT_SIZE, type XmlRecord, xmlRecordBytes } from './records/xml.ts';
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
export { formatXml, parseXml, type XmlElement, type XmlStyle } from './xml.ts';
