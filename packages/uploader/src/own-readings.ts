import { type EligibilityContext, judgeCandidate } from './eligibility.ts';
import { distinguish } from './identity.ts';
import type { Journal } from './journal.ts';
import { candidatesOfLostTime } from './noted-times.ts';
import type { Timed } from './service-readings.ts';
import type { SourceReadings } from './source.ts';

/** A reading of the source itself. */
export interface OwnReading extends Timed {
  readonly key: string;
}

/** Readings of a source, the journal that knows some of them, and what they are judged by. */
export interface OwnSource extends Omit<EligibilityContext, 'windowMs'> {
  readonly candidatesAt: SourceReadings;
  readonly journal: Journal;
}

/**
 * Gives the readings that a source has, of every measurement one, as they go out or were left open. Those beyond the
 * window are among them, and none of a time that is lost.
 */
export function ownReadings({
  candidatesAt,
  journal,
  ...context
}: OwnSource): readonly OwnReading[] {
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
