export {
  type DateSpelling,
  decodeDate,
  encodeDate,
  encodeUploadDate,
  floorToSecondMs,
  type ShareDate,
} from './date.ts';
export {
  ENDPOINTS,
  type Endpoint,
  type EndpointBody,
  type EndpointName,
  type EndpointQuery,
  type EndpointReply,
  endpointAt,
  endpointPath,
  SERVICE_PATH,
} from './endpoints.ts';
export {
  FAULTS,
  type FaultCode,
  type FaultPolicy,
  type FaultRow,
  type FaultVerdict,
  judgeFault,
  parseFault,
  type ShareFault,
} from './faults.ts';
export {
  type AcceptedRecord,
  buildEgvUpload,
  classifyForUpload,
  encodeEgv,
  normalizeSerialNumber,
  type RefusalReason,
  type RefusedRecord,
  recordUtcMs,
  type TimeProblem,
  timeAdjustmentSeconds,
  type UploadContext,
  type UploadEncoding,
  type UploadInput,
  type UploadPlan,
  type UploadRecord,
} from './payload.ts';
export {
  decodeReading,
  type GlucoseStatus,
  glucoseStatus,
  type ShareReading,
} from './reading.ts';
export { excerpt, REDACTED, redactText, redactUrl } from './redact.ts';
export { REGIONS, type Region, type RegionName } from './regions.ts';
export type { Decoded, Reply } from './replies.ts';
export { decodeRequest, type EncodedRequest, encodeRequest, type RequestData } from './request.ts';
export {
  decodeTrend,
  encodeTrend,
  isTrendNumber,
  NOT_COMPUTABLE,
  type ShareTrend,
  type TrendSpelling,
  uploadTrend,
} from './trend.ts';
export { type EgvUpload, type GlucoseRecord, isId, type UploadedEgv, ZERO_ID } from './wire.ts';
