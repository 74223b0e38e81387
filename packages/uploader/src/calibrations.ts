import type { ClockObservation } from '@egvkit/protocol';
import { candidateUtcMs } from './candidate.ts';
import type { CalibrationData, DestinationLimits } from './destination.ts';
import { timeProblemOf } from './eligibility.ts';
import type { Journal } from './journal.ts';
import type { Plan } from './plan.ts';
import type { Received } from './received.ts';

export interface CalibrationsOptions {
  readonly limits: Pick<DestinationLimits, 'timeStepMs'>;
  readonly journal: Pick<Journal, 'has'>;
  readonly received: Received;
  readonly clock: ClockObservation;
  /** Of the readings: these go by the same second, and by the same losses of time. */
  readonly plan: Pick<Plan, 'offsetMs' | 'refused'>;
  readonly nowMs: () => number;
}

/** Gives the meter values and calibrations that the journal does not know and whose time can be, oldest first. */
export function freshCalibrations(options: CalibrationsOptions): readonly CalibrationData[] {
  const { limits, journal, received, clock, plan, nowMs } = options;
  const context = { clock, nowMs: nowMs(), windowMs: received.windowMs };
  const lost = plan.refused.filter(({ timeProblem }) => timeProblem === 'timeLost');
  const lostUntil = Math.max(...lost.map(({ record }) => record.systemSeconds));
  const candidates = received.candidatesAt.calibrationsAt?.(clock) ?? [];
  return candidates
    .filter(({ key, systemSeconds }) => !journal.has(key) && systemSeconds > lostUntil)
    .map((candidate) => ({
      candidate,
      utcMs: candidateUtcMs(candidate, clock, limits.timeStepMs) + plan.offsetMs,
    }))
    .filter(({ candidate, utcMs }) => timeProblemOf(candidate, utcMs, context) === undefined)
    .map(({ candidate: { systemSeconds: _, beforeTimeLoss: __, ...data }, utcMs }) => ({
      ...data,
      utcMs,
    }))
    .sort((a, b) => a.utcMs - b.utcMs);
}
