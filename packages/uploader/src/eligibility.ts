import { type ClockObservation, glucoseStatus, isUploadable } from '@egvkit/protocol';
import { type Candidate, candidateUtcMs } from './candidate.ts';
import type { DestinationLimits } from './uploaded-data.ts';

/** Clocks and limits that a candidate is judged by. */
export interface EligibilityContext {
  readonly clock: ClockObservation;
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** Age of the oldest reading that is uploaded, ms. */
  readonly windowMs: number;
  readonly limits: Pick<DestinationLimits, 'lowestValue' | 'highestValue' | 'timeStepMs'>;
}

/**
 * Reason of a refused record: `specialCode` an error code, not a glucose · `displayOnly` shown
 * after a calibration, not measured · `outOfRange` no value that a receiver means as glucose (39 to
 * 401), or none that the destination takes · `implausibleTime` see {@link TimeProblem}.
 */
export type RefusalReason = 'specialCode' | 'displayOnly' | 'outOfRange' | 'implausibleTime';

/**
 * Problem of a record's time: `timeLost` stored before the receiver's clock lost time, so its true
 * time is unknown · `clockNeverSet` a system time in 2009, while the clock is past that year · `future` · `tooOld`
 * before the window.
 */
export type TimeProblem = 'timeLost' | 'clockNeverSet' | 'future' | 'tooOld';

/** A record that is uploaded, with its true time in steps of the destination (Unix milliseconds). */
export interface AcceptedRecord {
  readonly accepted: true;
  readonly record: Candidate;
  readonly utcMs: number;
}

/** A record that is not uploaded, with the reason. */
export interface RefusedRecord {
  readonly accepted: false;
  readonly record: Candidate;
  readonly utcMs: number;
  readonly reason: RefusalReason;
  /** With `implausibleTime` only. */
  readonly timeProblem: TimeProblem | undefined;
}

/**
 * Receivers start at 2009-01-01; a reading from that year is from before the clock was set, unless
 * the clock still is in that year.
 */
const YEAR_2009_SECONDS = 365 * 24 * 60 * 60;
/** Longest time that a reading may be ahead of this computer's, as clocks differ. */
const FUTURE_TOLERANCE_MS = 2 * 60 * 1000;

/** Decides if a record is uploaded, and computes its true time. No value is ever clamped. */
export function judgeCandidate(
  record: Candidate,
  context: EligibilityContext,
): AcceptedRecord | RefusedRecord {
  const utcMs = candidateUtcMs(record, context.clock, context.limits.timeStepMs);
  const reason = glucoseProblem(record.glucose, context.limits);
  if (reason !== undefined) {
    return { accepted: false, record, utcMs, reason, timeProblem: undefined };
  }
  const timeProblem = timeProblemOf(record, utcMs, context);
  if (timeProblem !== undefined) {
    return { accepted: false, record, utcMs, reason: 'implausibleTime', timeProblem };
  }
  return { accepted: true, record, utcMs };
}

function glucoseProblem(
  { value, displayOnly }: Candidate['glucose'],
  { lowestValue, highestValue }: EligibilityContext['limits'],
): RefusalReason | undefined {
  if (glucoseStatus(value) === 'special') return 'specialCode';
  if (displayOnly) return 'displayOnly';
  // Whatever a destination takes: other values are no glucose.
  return isUploadable(value) && value >= lowestValue && value <= highestValue
    ? undefined
    : 'outOfRange';
}

/** Finds the problem of a record's time; undefined if there is none. */
export function timeProblemOf(
  record: Pick<Candidate, 'systemSeconds' | 'beforeTimeLoss'>,
  utcMs: number,
  { clock, nowMs, windowMs }: Omit<EligibilityContext, 'limits'>,
): TimeProblem | undefined {
  if (record.beforeTimeLoss === true) return 'timeLost';
  // A clock that is in 2009 itself has begun again, and counts on from there.
  const clockIsSet = clock.systemSeconds >= YEAR_2009_SECONDS;
  if (clockIsSet && record.systemSeconds < YEAR_2009_SECONDS) return 'clockNeverSet';
  if (utcMs > nowMs + FUTURE_TOLERANCE_MS) return 'future';
  return utcMs < nowMs - windowMs ? 'tooOld' : undefined;
}
