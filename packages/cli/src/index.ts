export { type Command, egvkit, guarded, UPLOAD_HELP } from './cli.ts';
export { EXIT, type ExitCode, type FailedCommand } from './failure.ts';
export { UNITS, type Unit } from './glucose.ts';
export { type Io, processIo } from './io.ts';
export { runProcess } from './process.ts';
export { type ShowOptions, showPreview, showUpload, uploadCommand } from './uploadCommand.ts';
export { chooseUnit, listOf, parseFlags, UPLOAD_FLAGS } from './uploadOptions.ts';
export {
  type PreviewReport,
  type PreviewSettings,
  previewSession,
  type ReceiverInfo,
  type SessionView,
  type UploadReport,
  type UploadSettings,
  uploadSession,
} from './uploadSession.ts';
export { UsageError } from './usage.ts';
