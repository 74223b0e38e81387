import type { ClockObservation } from '@egvkit/protocol';
import { type CalibrationCandidate, candidateUtcMs } from './candidate.ts';
import { timeProblemOf } from './eligibility.ts';
import type { Journal } from './journal.ts';
import type { Plan } from './plan.ts';
import type { CalibrationData, DestinationLimits } from './uploaded-data.ts';

/** Meter values and calibrations of a source, and what their times are judged by. */
export interface StoredCalibrations {
  readonly candidates: readonly CalibrationCandidate[];
  readonly limits: Pick<DestinationLimits, 'timeStepMs'>;
  readonly journal: Pick<Journal, 'has'>;
  readonly clock: ClockObservation;
  /** Of the readings: these go by the same second, and by the same losses of time. */
  readonly plan: Pick<Plan, 'offsetMs' | 'refused'>;
  /** Unix ms. */
  readonly nowMs: number;
  readonly windowMs: number;
}

/** Gives the meter values and calibrations that the journal does not know and whose time can be, oldest first. */
export function freshCalibrations(stored: StoredCalibrations): readonly CalibrationData[] {
  const { candidates, limits, journal, clock, plan } = stored;
  const lost = plan.refused.filter(({ timeProblem }) => timeProblem === 'timeLost');
  const lostUntil = Math.max(...lost.map(({ record }) => record.systemSeconds));
  return candidates
    .filter(({ key, systemSeconds }) => !journal.has(key) && systemSeconds > lostUntil)
    .map((candidate) => ({
      candidate,
      utcMs: candidateUtcMs(candidate, clock, limits.timeStepMs) + plan.offsetMs,
    }))
    .filter(({ candidate, utcMs }) => timeProblemOf(candidate, utcMs, stored) === undefined)
    .map(({ candidate: { systemSeconds: _, beforeTimeLoss: __, ...data }, utcMs }) => ({
      ...data,
      utcMs,
    }))
    .sort((a, b) => a.utcMs - b.utcMs);
}
