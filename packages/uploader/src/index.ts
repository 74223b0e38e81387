export { type CalibrationStoreOptions, calibrationStore } from './calibration-store.ts';
export type { StoredCalibrations } from './calibrations.ts';
export type { CallOptions } from './call-options.ts';
export { type CalibrationCandidate, type Candidate, plannedReading } from './candidate.ts';
export type {
  CalibrationNotes,
  CalibrationPlace,
  CalibrationStore,
  Destination,
  PostOutcome,
  ReadBack,
  ReadBackOptions,
  ServiceClock,
} from './destination.ts';
export {
  SHARE_LIMITS,
  type ShareDestinationOptions,
  type ShareUploader,
  shareDestination,
} from './destinations/share/share-destination.ts';
export {
  type AcceptedRecord,
  type EligibilityContext,
  judgeCandidate,
  type RefusalReason,
  type RefusedRecord,
  type TimeProblem,
} from './eligibility.ts';
export { UPLOAD_ERRORS, UploadError, type UploadErrorCode } from './errors.ts';
export { correctionMs, EARLIEST_HOST_MS, type HostClocks } from './host-clock.ts';
export {
  type Journal,
  type JournalEntry,
  type JournalMark,
  type JournalNote,
  type JournalOwner,
  JournalState,
  type JournalStorage,
  type JournalView,
  journalOver,
  memoryJournal,
  type OpenJournal,
} from './journal.ts';
export type { Failure } from './keep/failure.ts';
export type { KeepClock } from './keep/keep-clock.ts';
export type { DestinationStatus, KeepStatus, SourceStatus } from './keep/keep-status.ts';
export {
  type KeepEvent,
  type KeepOptions,
  keepUploading,
} from './keep/keep-uploading.ts';
export type { KeptDestination } from './keep/kept-destination.ts';
export type { OpenedSource } from './keep/snapshot.ts';
export type { OtherPublishers } from './others.ts';
export { batches, type Plan, type PlanInput, planUpload } from './plan.ts';
export { type PreviewOptions, previewUpload, type UploadPreview } from './preview.ts';
export {
  runUpload,
  type UploadEvent,
  type UploadOptions,
  type UploadResult,
} from './run.ts';
export { isClockKnown, KnownServiceClock } from './service-clock.ts';
export { ServiceReadings } from './service-readings.ts';
export { type FindInSlots, type FindThere, inSlots, type SlotSearch } from './slots.ts';
export type {
  ReadingSource,
  SourceDamage,
  SourceReadings,
  SourceReadOptions,
  SourceTime,
} from './source.ts';
export { candidateOf } from './sources/receiver/candidates.ts';
export { KeptRecords } from './sources/receiver/kept-records.ts';
export { type LossContext, recordsBeforeTimeLoss } from './sources/receiver/lost-time.ts';
export { type ReceiverSourceOptions, readingsSource } from './sources/receiver/readings-source.ts';
export { receiverSource } from './sources/receiver/receiver-source.ts';
export { receiverTimeLosses, type TimeLossOptions } from './sources/receiver/time-losses.ts';
export type {
  Calibration,
  CalibrationData,
  DestinationLimits,
  MeterValue,
  PlannedReading,
  ReadingDetails,
} from './uploaded-data.ts';
export {
  type Difference,
  type ExpectedReading,
  expectedReadings,
  type Verification,
  type VerifyOptions,
  verifyReadings,
  verifyUpload,
} from './verify.ts';
