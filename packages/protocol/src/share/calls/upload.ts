import type { About, Call } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';
import { session } from './parts.ts';

// share §4.1
/** One uploaded reading. */
const uploadedEgv = is.open({
  Trend: is.integer(0, 9),
  ST: wire.date,
  DT: wire.date,
  Value: is.integer(),
});

/**
 * Body of a post: the receiver's serial number, readings, and true UTC minus the receiver's system
 * clock in seconds, which some uploaders leave out.
 */
const egvUpload = is.open({
  SN: is.filled,
  Egvs: is.some(uploadedEgv),
  TA: is.optional(is.integer()),
});

/** One reading as it is uploaded. */
export interface UploadedEgv {
  /** 0 … 9, see `TREND_NAMES`. */
  readonly Trend: number;
  /** System time as the receiver's clock had it, `/Date(ms)/` in whole seconds. */
  readonly ST: string;
  /** Display time, in the same form: its digits are those on the receiver's screen. */
  readonly DT: string;
  /** mg/dL; 39 for LOW, 401 for HIGH. */
  readonly Value: number;
}

/** The whole body of an upload; `buildEgvUploads` makes it. */
export interface EgvUpload {
  /** The receiver's serial number. */
  readonly SN: string;
  /** At least one. */
  readonly Egvs: readonly UploadedEgv[];
  /** Seconds to add to the receiver's system times for true UTC. */
  readonly TA: number;
}

export const postReceiverEgvRecords = {
  area: 'Publisher',
  method: 'PostReceiverEgvRecords',
  http: 'POST',
  effect: 'write',
  query: session,
  body: egvUpload,
  reply: replies.empty,
} as const satisfies Call;

/** Facts about these calls. */
export const about = {
  PostReceiverEgvRecords: {
    secrets: ['sessionId'],
    doc: 'Uploads readings of the assigned receiver; 50 at once are presumably fine.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §4.1, §4.6',
  },
} as const satisfies Record<string, About>;
