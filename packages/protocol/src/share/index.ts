export { redactUrl } from './address.ts';
export {
  adviceFor,
  FAULT_ADVICE,
  LOCK_ADVICE,
  SESSION_ADVICE,
  UPLOADING_ADVICE,
  uploadingAdviceFor,
} from './advice.ts';
export {
  ALERT_SOUNDS,
  ALERTS,
  type AlertChoice,
  type AlertChoices,
  type AlertName,
  type AlertRow,
  type AlertSound,
  decodeAlertSettings,
  encodeAlertSettings,
  type FollowerAlert,
  type FollowerAlerts,
  type Range as AlertRange,
} from './alerts.ts';
export {
  type RuntimeInfo,
  readPublisherAccountEmail,
  readPublisherAccountImage,
  systemUtcTime,
  updatePublisherAccountRuntimeInfo,
} from './calls/account.ts';
export {
  createContact,
  createSubscriptionInvitation,
  deleteContact,
  doesContactExistByName,
  listPublisherAccountSubscriptions,
  pauseSubscription,
  readContact,
  readSubscriptionAlerts,
  resumeSubscription,
  updateContactName,
  updateSubscriptionPermissions,
} from './calls/followers.ts';
export {
  type GlucoseRecord,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  readPublisherLatestGlucoseValues,
} from './calls/glucose.ts';
export {
  authenticatePublisherAccount,
  loginPublisherAccountById,
  loginPublisherAccountByName,
} from './calls/login.ts';
export {
  checkMonitoredReceiverAssignmentStatus,
  isRemoteMonitoringSessionActive,
  replacePublisherAccountMonitoredReceiver,
  startRemoteMonitoringSession,
  stopRemoteMonitoringSession,
} from './calls/sharing.ts';
export {
  listSubscriberAccountSubscriptions,
  loginSubscriberAccount,
  readLastGlucoseFromSubscriptions,
  readSubscriptionLatestGlucoseValues,
} from './calls/subscriber.ts';
export { type EgvUpload, postReceiverEgvRecords, type UploadedEgv } from './calls/upload.ts';
export {
  type DateSpelling,
  decodeDate,
  encodeDate,
  encodeUploadDate,
  type ShareDate,
} from './date.ts';
export { decodeDuration, encodeDuration } from './duration.ts';
export {
  type About,
  type BodyOf,
  type Call,
  type Endpoint,
  type QueryOf,
  type ReplyOf,
  SERVICE_PATH,
} from './endpoint.ts';
export {
  ENDPOINTS,
  type EndpointBody,
  type EndpointName,
  type EndpointQuery,
  type EndpointReply,
  endpointAt,
  endpointPath,
} from './endpoints.ts';
export { FAULTS, type FaultRow } from './faults.ts';
export type { WireAlert, WireAlertSettings, WireSubscription } from './follower-wire.ts';
export {
  buildEgvUploads,
  normalizeSerialNumber,
  type UploadableReading,
  type UploadEncoding,
  type UploadInput,
} from './payload.ts';
export {
  decodeReading,
  type FoldedReading,
  foldDuplicates,
  readingOfShare,
  type ShareReading,
} from './reading.ts';
export { excerpt, REDACTED, redactText, type Secrets } from './redact.ts';
export {
  ABOUT_REGIONS,
  type AboutRegion,
  REGIONS,
  type Region,
  type RegionName,
} from './regions.ts';
export { type BytesReply, type Decoded, encodeReply, type Reply } from './replies.ts';
export {
  type CallData,
  decodeRequest,
  type EncodedRequest,
  encodeCall,
  encodeRequest,
  type RequestData,
} from './request.ts';
export { fieldsOf, type Infer, type ObjectSchema, problemOf, type Schema } from './schema.ts';
export { SECRET_FIELDS, type SecretField } from './secrets.ts';
export {
  decodeSubscription,
  INVITATION_LIFETIME_MS,
  type Meant,
  PERMISSIONS,
  type Permission,
  SUBSCRIPTION_STATES,
  type Subscription,
  type SubscriptionState,
  type SubscriptionStatus,
  subscriptionStatus,
} from './subscription.ts';
export {
  decodeTrend,
  encodeTrend,
  isTrendNumber,
  type ShareTrend,
  type TrendSpelling,
} from './trend.ts';
export { UNDOCUMENTED, type UndocumentedRow } from './undocumented.ts';
export {
  FAULT_POLICIES,
  type FaultCode,
  type FaultError,
  type FaultPolicy,
  type FaultVerdict,
  judgeFault,
  judgeReadingFault,
  judgeUploadingFault,
  parseFault,
  type ShareFault,
  type UploadingFaultCode,
} from './verdict.ts';
export { isId, ZERO_ID } from './wire.ts';
