import { type DataOf, row, TableError } from './error.ts';
import { REPLUG } from './receiver.ts';

/** What can go wrong in an upload besides the receiver and the service. */
export const UPLOAD_ERRORS = {
  noSerialNumber: row<Record<never, never>>({
    message: () => 'The receiver does not tell its serial number, and Share needs it.',
    help: REPLUG,
    retryable: true,
  }),
  noReadings: row<{ hours: number; records: number }>({
    message: ({ hours, records }) =>
      records === 0
        ? `The receiver has no readings of the last ${hours} hours.`
        : `The receiver has no readings of the last ${hours} hours: none of its ${records} records is a glucose value that may be uploaded.`,
    help: 'Check that a sensor session is running, and that it is the receiver you use.',
    retryable: true,
  }),
  journalUnusable: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The journal ${path} cannot be used: ${reason}.`,
    help: 'Nothing more is uploaded without it. Make room, correct its permissions, or name another file.',
    retryable: false,
  }),
  journalForeign: row<{ path: string; what: string }>({
    message: ({ path, what }) => `The journal ${path} belongs to another ${what}.`,
    help: 'Use one journal for each receiver and account.',
    retryable: false,
  }),
  journalLocked: row<{ path: string; processId: number }>({
    message: ({ path, processId }) =>
      `The journal ${path} is in use by another upload (process ${processId}).`,
    help: 'Wait until that upload has ended.',
    retryable: true,
  }),
} as const;

export type UploadErrorCode = keyof typeof UPLOAD_ERRORS;

/** An upload cannot be done, or not be done safely. */
export class UploadError<Code extends UploadErrorCode = UploadErrorCode> extends TableError<
  typeof UPLOAD_ERRORS,
  Code
> {
  override readonly name = 'UploadError';

  constructor(code: Code, data: DataOf<typeof UPLOAD_ERRORS, Code>, options?: { cause?: unknown }) {
    super(UPLOAD_ERRORS, code, data, options);
  }
}
