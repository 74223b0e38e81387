import type { ClockObservation } from '@egvkit/protocol';
import type { Candidate } from './candidate.ts';
import type { Journal, JournalMark, JournalView } from './journal.ts';
import { candidatesOfLostTime } from './noted-times.ts';
import { type Plan, type PlanInput, planUpload } from './plan.ts';
import type { ServiceReadings } from './service-readings.ts';
import type { SourceReadings } from './source.ts';
import type { DestinationLimits } from './uploaded-data.ts';

/** Makes candidates of what was read: what the journal shows to be from before a loss of time is marked as well. */
export function withLostTime(
  readings: SourceReadings,
  clock: ClockObservation,
  journal: JournalView | undefined,
): readonly Candidate[] {
  const candidates = readings(clock);
  if (journal === undefined) return candidates;
  if (candidatesOfLostTime(candidates, clock, journal).size === 0) return candidates;
  // What is held back is given up: nothing that could tell that it is not lost may be out of sight.
  const lost = candidatesOfLostTime(readings.atHand ?? candidates, clock, journal);
  return candidates.map((candidate) =>
    lost.has(candidate) ? { ...candidate, beforeTimeLoss: true } : candidate,
  );
}

/** Records held back for lost time and not noted yet: later runs go by the note. */
export function newlyLost({ refused }: Plan, journal: Journal): readonly JournalMark[] {
  return refused
    .filter(({ timeProblem, record }) => timeProblem === 'timeLost' && !journal.has(record.key))
    .map(({ record, utcMs }) => ({ key: record.key, utcMs }));
}

/** Age of the oldest reading that is uploaded: never more than the destination takes. */
export function windowOf(
  { windowMs }: { readonly windowMs?: number | undefined },
  limits: DestinationLimits,
): number {
  return Math.min(windowMs ?? limits.windowMs, limits.windowMs);
}

/** Plans by what a journal knows and what the service has. */
export function makePlan(
  input: Omit<PlanInput, 'isKnown' | 'onService'>,
  journal: JournalView | undefined,
  onService: ServiceReadings | undefined,
): Plan {
  const isKnown = (key: string): boolean => journal?.has(key) ?? false;
  return planUpload({ ...input, isKnown, onService });
}
