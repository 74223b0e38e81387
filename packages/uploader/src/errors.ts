import type { LockHolder } from '@egvkit/node-files/holder';
import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

/** `150 s`, `35 min`, `3.0 h`, `400.2 days`. */
function spanOf(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 600) return `${Math.round(size)} s`;
  if (size < 7200) return `${Math.round(size / 60)} min`;
  return size < 172_800 ? `${(size / 3600).toFixed(1)} h` : `${(size / 86_400).toFixed(1)} days`;
}

/** Failures of an upload besides those of the receiver and of the service. */
export const UPLOAD_ERRORS = {
  noSerialNumber: mayPass<Record<never, never>>(
    () => 'The receiver does not tell its serial number, and Share needs it.',
    'Unplug the receiver, plug it in again and run the upload again.',
  ),
  hostClockWrong: mayPass<{
    /** This computer's clock minus the service's; undefined if the service tells no time. */
    aheadSeconds: number | undefined;
    /** Time of this computer's clock, ISO 8601 in UTC. */
    hostTime: string;
    limitSeconds: number;
  }>((data) => {
    const shows = `This computer's clock shows ${data.hostTime}`;
    if (data.aheadSeconds === undefined)
      return `${shows}, which cannot be, so nothing was uploaded.`;
    const side = data.aheadSeconds > 0 ? 'ahead of' : 'behind';
    return `${shows} and is ${spanOf(data.aheadSeconds)} ${side} the service's (${data.aheadSeconds} s; limit ${data.limitSeconds} s), so nothing was uploaded.`;
  }, "Set this computer's clock and let it set itself, then run the upload again. The receiver is " +
    'not at fault.'),
  serviceClockUncertain: mayPass<{
    /** The service's clock is known to within this, ms. */
    uncertaintyMs: number;
    limitMs: number;
    /** Times that the service was asked. */
    questions: number;
  }>(
    (data) =>
      `The network is so slow that the service's clock is known to ${Math.round(data.uncertaintyMs)} ms only (limit ${data.limitMs} ms, asked ${data.questions} times), so nothing was uploaded: the readings could get wrong times.`,
    'Run the upload again when the network is faster.',
  ),
  hostClockChanged: mayPass<{
    /** Step of the clock, seconds: negative if it was set back. */
    bySeconds: number;
  }>(
    (data) =>
      `This computer's clock was set ${data.bySeconds < 0 ? 'back' : 'forward'} by ${spanOf(data.bySeconds)} meanwhile (${data.bySeconds} s), or the computer was asleep, so nothing was uploaded.`,
    'Run the upload again: the readings are timed by the clock as it is now.',
  ),
  journalUnusable: stays<{ path: string; reason: string }>(
    (data) => `The journal ${data.path} cannot be used: ${data.reason}.`,
    'Nothing more is uploaded without it. Make room, correct its permissions, or name another file.',
  ),
  journalForeign: stays<{ path: string; what: string }>(
    (data) => `The journal ${data.path} belongs to another ${data.what}.`,
    'Use one journal for each receiver and account.',
  ),
  journalLocked: mayPass<
    Partial<LockHolder> & {
      path: string;
      holder: string;
      /** Undefined if the holder lives. */
      advice: string | undefined;
    }
  >(
    (data) => `The journal ${data.path} is in use by another upload (${data.holder}).`,
    ({ advice = 'Wait until that upload has ended.' }) => advice,
  ),
  journalLost: stays<{ path: string; reason: string }>(
    (data) => `The journal ${data.path} is no longer this upload's own: ${data.reason}.`,
    'Nothing more was uploaded. Let one upload at a time use the journal, and run it again.',
  ),
} as const;

export type UploadErrorCode = keyof typeof UPLOAD_ERRORS;

/** Upload that cannot be done, or not be done safely. */
export class UploadError<Code extends UploadErrorCode = UploadErrorCode> extends TableError<
  typeof UPLOAD_ERRORS,
  Code
> {
  override readonly name = 'UploadError';

  constructor(code: Code, data: DataOf<typeof UPLOAD_ERRORS, Code>, options?: { cause?: unknown }) {
    super(UPLOAD_ERRORS, code, data, options);
  }
}
