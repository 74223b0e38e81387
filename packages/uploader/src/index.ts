export { receiverSource, shareTarget } from './adapters.ts';
export {
  type Journal,
  type JournalEntry,
  type JournalMark,
  type JournalOwner,
  JournalState,
  type JournalStorage,
  journalOver,
  memoryJournal,
  type OpenJournal,
} from './journal.ts';
export { batches, type Plan, type PlanInput, planUpload } from './plan.ts';
export type { PostOutcome, ReadingSource, UploadTarget } from './ports.ts';
export {
  type Candidate,
  candidateOf,
  type PlannedReading,
  type ServiceReading,
  ServiceReadings,
} from './reading.ts';
export {
  type PreviewOptions,
  previewUpload,
  runUpload,
  type UploadEvent,
  type UploadOptions,
  type UploadPreview,
  type UploadResult,
} from './run.ts';
export {
  type Difference,
  type ExpectedReading,
  expectedReadings,
  type Verification,
  type VerifyOptions,
  verifyReadings,
} from './verify.ts';
