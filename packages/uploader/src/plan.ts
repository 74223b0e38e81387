import type { ClockObservation } from '@egvkit/protocol';
import {
  type AcceptedRecord,
  classifyForUpload,
  encodeEgv,
  type RefusedRecord,
  timeAdjustmentSeconds,
  type UploadEncoding,
} from '@egvkit/protocol/share';
import type { Candidate, PlannedReading, ServiceReadings } from './reading.ts';

export interface PlanInput {
  /** The receiver's readings, in any order. */
  readonly candidates: Iterable<Candidate>;
  readonly clock: ClockObservation;
  /** Unix ms. */
  readonly nowMs: number;
  /** How far back readings are uploaded. */
  readonly windowMs: number;
  readonly encoding: UploadEncoding;
  /** Whether the journal says that this record is on the service, or on its way there. */
  readonly isKnown: (key: string) => boolean;
  /** What the service has; undefined if it was not asked. */
  readonly onService?: ServiceReadings | undefined;
  /** How many readings the service shows at the most. */
  readonly serviceShows: number;
}

/** What to upload, and what becomes of everything else. Every candidate is in exactly one list. */
export interface Plan {
  /** Oldest first. */
  readonly post: readonly PlannedReading[];
  /** Uploaded before, says the journal. */
  readonly known: readonly AcceptedRecord<Candidate>[];
  /** Not in the journal, but on the service: to be noted in the journal. */
  readonly found: readonly PlannedReading[];
  /**
   * The service shows as many readings as it ever does, all of them newer: whether it has this
   * one cannot be found out, so it is not uploaded.
   */
  readonly unverifiable: readonly AcceptedRecord<Candidate>[];
  readonly refused: readonly RefusedRecord<Candidate>[];
}

/** Decides what to upload. Pure: the same input gives the same plan. */
export function planUpload(input: PlanInput): Plan {
  const { clock, nowMs, windowMs, encoding, onService } = input;
  const ta = encoding === 'utc' ? 0 : timeAdjustmentSeconds(clock);
  const accepted: AcceptedRecord<Candidate>[] = [];
  const refused: RefusedRecord<Candidate>[] = [];
  const context = { clock, nowMs, oldestUtcMs: nowMs - windowMs };
  for (const candidate of input.candidates) {
    const verdict = classifyForUpload(candidate, context);
    if (verdict.accepted) accepted.push(verdict);
    else refused.push(verdict);
  }
  accepted.sort((a, b) => a.utcMs - b.utcMs);

  const post: PlannedReading[] = [];
  const known: AcceptedRecord<Candidate>[] = [];
  const found: PlannedReading[] = [];
  const unverifiable: AcceptedRecord<Candidate>[] = [];
  const showsFrom =
    onService !== undefined && onService.count >= input.serviceShows
      ? onService.oldestUtcMs
      : undefined;
  for (const one of accepted) {
    const { record, utcMs } = one;
    const planned = { key: record.key, utcMs, egv: encodeEgv(one, encoding), ta };
    // Taken from the service's list in any case, so that it cannot stand for another reading.
    const there = onService?.take(utcMs, record.glucose.value);
    if (input.isKnown(record.key)) known.push(one);
    else if (there !== undefined) found.push(planned);
    else if (showsFrom !== undefined && utcMs < showsFrom) unverifiable.push(one);
    else post.push(planned);
  }
  return { post, known, found, unverifiable, refused };
}

/** Readings in posts of at most `size`, in their order; a post has one `TA`. */
export function batches(
  readings: readonly PlannedReading[],
  size: number,
): readonly (readonly PlannedReading[])[] {
  const result: PlannedReading[][] = [];
  for (const reading of readings) {
    const last = result.at(-1);
    if (last === undefined || last.length >= size || last[0]?.ta !== reading.ta) {
      result.push([reading]);
    } else {
      last.push(reading);
    }
  }
  return result;
}
