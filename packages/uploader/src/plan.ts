import type { ClockObservation } from '@egvkit/protocol';
import { type Candidate, plannedReading } from './candidate.ts';
import { type AcceptedRecord, judgeCandidate, type RefusedRecord } from './eligibility.ts';
import { distinguish } from './identity.ts';
import type { ServiceReadings } from './service-readings.ts';
import type { FindInSlots } from './slots.ts';
import type { DestinationLimits, PlannedReading } from './uploaded-data.ts';

export interface PlanInput {
  /** The receiver's readings, in any order. */
  readonly candidates: Iterable<Candidate>;
  readonly clock: ClockObservation;
  /** Unix ms. */
  readonly nowMs: number;
  /** Age of the oldest reading that is uploaded, ms. */
  readonly windowMs: number;
  /** Limits of the destination. */
  readonly limits: Omit<DestinationLimits, 'windowMs' | 'batchSize'>;
  /** True if the journal says that this record is on the service, or on its way there. */
  readonly isKnown: (key: string) => boolean;
  /** Readings on the service; undefined if it was not asked, or cannot be. */
  readonly onService?: ServiceReadings | undefined;
  /** Greatest number of readings that the service shows; no limit if left out. */
  readonly mostReadings?: number | undefined;
  /** See `ReadBack`. */
  readonly inSlots?: FindInSlots | undefined;
}

/** Readings to upload, and the reason for every other record. Every candidate is in exactly one list. */
export interface Plan {
  /** Oldest first. */
  readonly post: readonly PlannedReading[];
  /** Uploaded before, says the journal. */
  readonly known: readonly AcceptedRecord[];
  /** Not in the journal, but on the service: to be noted in the journal. */
  readonly found: readonly PlannedReading[];
  /**
   * The service shows as many readings as it ever does, all of them newer: whether it has this
   * one cannot be found out, so it is not uploaded.
   */
  readonly unverifiable: readonly AcceptedRecord[];
  readonly refused: readonly RefusedRecord[];
  /** Hold a measurement that another record holds too: counted and uploaded once. */
  readonly repeated: readonly AcceptedRecord[];
  /**
   * True if a reading of the receiver is on the service, whose second the others are sent with; or
   * nothing can be read back, so that there is nothing to go by.
   */
  readonly isAgreed: boolean;
  /** Time by which the readings are sent later than worked out, to agree with those that are there; ms. */
  readonly offsetMs: number;
}

/** Decides what to upload. Pure: the same input gives the same plan. */
export function planUpload(input: PlanInput): Plan {
  const { limits, onService, mostReadings = Number.POSITIVE_INFINITY } = input;
  const { accepted, refused } = judged(input);
  const { distinct, repeated, known: remembered } = distinguish(accepted, input.isKnown);
  // The second that is there already counts: all sessions are to send the same one.
  const agreedMs = onService?.offsetMs(
    distinct.map(({ utcMs, record }) => ({ utcMs, value: record.glucose.value })),
    limits.timeStepMs,
  );
  const offsetMs = agreedMs ?? 0;

  const post: PlannedReading[] = [];
  const known: AcceptedRecord[] = [];
  const found: PlannedReading[] = [];
  const unverifiable: AcceptedRecord[] = [];
  const timed = distinct.map((measured) => {
    const { accepted: isAccepted, record } = measured;
    const utcMs = measured.utcMs + offsetMs;
    const one: AcceptedRecord = { accepted: isAccepted, record, utcMs };
    return { measured, one, planned: plannedReading(record, utcMs) };
  });
  // One that is older than the window is nobody else's either.
  const older = refused
    .filter(({ timeProblem }) => timeProblem === 'tooOld')
    .map(({ record, utcMs }) => ({ utcMs: utcMs + offsetMs, value: record.glucose.value }));
  const all = [...timed.map(({ planned }) => planned), ...older];
  const foundInSlots = onService && input.inSlots?.(all, onService);
  for (const { measured, one, planned } of timed) {
    const isThere = onService?.find(planned) !== undefined || foundInSlots?.has(planned);
    if (remembered.has(measured)) known.push(one);
    else if (isThere) found.push(planned);
    else if (onService?.hides(one.utcMs, mostReadings)) unverifiable.push(one);
    else post.push(planned);
  }
  const isAgreed = agreedMs !== undefined || onService === undefined;
  return { post, known, found, unverifiable, refused, repeated, isAgreed, offsetMs };
}

/** Counts what would be uploaded if nothing were read back. */
export function countToPost(
  input: Omit<PlanInput, 'onService' | 'mostReadings' | 'inSlots'>,
): number {
  const { distinct, known } = distinguish(judged(input).accepted, input.isKnown);
  return distinct.length - known.size;
}

function judged(input: PlanInput): {
  readonly accepted: readonly AcceptedRecord[];
  readonly refused: readonly RefusedRecord[];
} {
  const accepted: AcceptedRecord[] = [];
  const refused: RefusedRecord[] = [];
  for (const candidate of input.candidates) {
    const verdict = judgeCandidate(candidate, input);
    if (verdict.accepted) accepted.push(verdict);
    else refused.push(verdict);
  }
  return { accepted, refused };
}

/** Readings in posts of at most `size`, in their order. */
export function batches<Sent = PlannedReading>(
  readings: readonly Sent[],
  size: number,
): readonly (readonly Sent[])[] {
  const result: Sent[][] = [];
  for (const reading of readings) {
    const last = result.at(-1);
    if (last === undefined || last.length >= size) result.push([reading]);
    else last.push(reading);
  }
  return result;
}
