import type { ClockObservation } from '@egvkit/protocol';
import type { Candidate } from './candidate.ts';
import { type EligibilityContext, judgeCandidate } from './eligibility.ts';
import { distinguish } from './identity.ts';
import type { Journal, JournalMark, JournalView } from './journal.ts';
import { candidatesOfLostTime } from './noted-times.ts';
import { type Plan, type PlanInput, planUpload } from './plan.ts';
import type { ServiceReadings } from './service-readings.ts';
import type { OwnReading } from './slots.ts';
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
  const seeming = candidatesOfLostTime(candidates, clock, journal);
  if (seeming.size === 0) return candidates;
  // What is held back is given up: nothing that could tell that it is not lost may be out of sight.
  const { atHand } = readings;
  const lost = atHand === undefined ? seeming : candidatesOfLostTime(atHand, clock, journal);
  return candidates.map((candidate) =>
    lost.has(candidate) ? { ...candidate, beforeTimeLoss: true } : candidate,
  );
}

/**
 * The readings that a source has, of every measurement one, as they go out or were left open. Those beyond the
 * window are among them, and none of a time that is lost.
 */
export function ownReadings(
  { candidatesAt, ...context }: EligibilityContext & { readonly candidatesAt: SourceReadings },
  journal: Journal,
): readonly OwnReading[] {
  const { clock } = context;
  const atHand = candidatesAt.atHand ?? candidatesAt(clock);
  const lost = candidatesOfLostTime(atHand, clock, journal);
  const accepted = atHand
    .filter((candidate) => !lost.has(candidate))
    .map((candidate) =>
      judgeCandidate(candidate, { ...context, windowMs: Number.POSITIVE_INFINITY }),
    )
    .filter((verdict) => verdict.accepted);
  const { distinct } = distinguish(accepted, (key) => journal.has(key));
  const pending = journal.pending();
  const isOpen = new Set(pending.map(({ key }) => key));
  const stored = distinct.map(({ record: { key, glucose }, utcMs }) => ({
    ...{ key, utcMs, value: glucose.value },
  }));
  return [...pending, ...stored.filter(({ key }) => !isOpen.has(key))];
}

/** Records held back for lost time and not noted yet: later runs go by the note. */
export function newlyLost({ refused }: Plan, journal: Journal): readonly JournalMark[] {
  return refused
    .filter(({ timeProblem, record }) => timeProblem === 'timeLost' && !journal.has(record.key))
    .map(({ record, utcMs }) => ({ key: record.key, utcMs }));
}

/** Age of the oldest reading that is uploaded: never more than the destination takes. */
export function windowOf(
  { windowMs }: { readonly windowMs?: number },
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
