import type { ClockObservation } from '@egvkit/protocol';
import { type CalibrationCandidate, type Candidate, candidateUtcMs } from './candidate.ts';
import { timeProblemOf } from './eligibility.ts';
import type { JournalView } from './journal.ts';
import { candidatesOfLostTime } from './noted-times.ts';
import type { Plan } from './plan.ts';
import type { CalibrationData, DestinationLimits } from './uploaded-data.ts';

/** Meter values and calibrations of a source, and what their times are judged by. */
export interface StoredCalibrations {
  readonly candidates: readonly CalibrationCandidate[];
  readonly limits: Pick<DestinationLimits, 'timeStepMs'>;
  readonly journal: Pick<JournalView, 'has' | 'note' | 'newestDay'>;
  readonly clock: ClockObservation;
  /** Readings that the source has at hand: what the journal shows them to be is shown of these as well. */
  readonly readings: readonly Candidate[];
  /** Of the readings: these go by the same second. */
  readonly plan: Pick<Plan, 'offsetMs'>;
  /** Unix ms. */
  readonly nowMs: number;
  readonly windowMs: number;
}

/** Gives the meter values and calibrations that the journal does not know and whose time can be, oldest first. */
export function freshCalibrations(stored: StoredCalibrations): readonly CalibrationData[] {
  const { candidates, limits, journal, clock, plan } = stored;
  const unknown = candidates.filter(({ key }) => !journal.has(key));
  if (unknown.length === 0) return [];
  const lostUntil = lostUntilSeconds(stored);
  return unknown
    .filter(({ systemSeconds }) => systemSeconds > lostUntil)
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

/**
 * Time of the last reading from before a loss of time that the journal alone shows. A clock that ran back shows by
 * the order of records, of which times say nothing.
 */
function lostUntilSeconds({ readings, clock, journal }: StoredCalibrations): number {
  const lost = [...candidatesOfLostTime(readings, clock, journal)];
  const byJournal = lost.filter(({ beforeTimeLoss }) => beforeTimeLoss !== true);
  return Math.max(...byJournal.map(({ systemSeconds }) => systemSeconds));
}
