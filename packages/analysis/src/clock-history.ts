import type { SystemSeconds } from '@egvkit/protocol';
import type { RecordBase, SettingsRecord } from '@egvkit/protocol/receiver';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';
import { bySystemTime, displayOffsetOf, isBeforeClockSet } from './record-order.ts';

/** The user set the clock on the screen. */
export interface ClockChange {
  /** The change lies after this moment … */
  readonly afterSystemSeconds: SystemSeconds;
  /** … and no later than this one; both are the same where the moment itself was stored. */
  readonly bySystemSeconds: SystemSeconds;
  /** Display time minus system time before it, seconds. */
  readonly fromOffsetSeconds: number;
  readonly toOffsetSeconds: number;
  /** Evidence of the change: a settings record, the times of other records, or both. */
  readonly seenIn: 'settings' | 'records' | 'both';
  readonly confidence: Confidence;
}

/** Offsets of one clock jitter by a second around the true one, so two of them by two. */
const JITTER_SECONDS = 1; // receiver §7.2
const SPREAD_SECONDS = 2 * JITTER_SECONDS;

/**
 * Every change of the user's clock, oldest first. Settings records
 * tell the moment; steps between the times of any records confirm it, or tell of changes whose
 * settings record is gone. Records stored before the clock was first set (2009) are left out.
 *
 * @param records of any types together, in any order
 */
export function clockHistory(
  // receiver §5.11, §7.2
  records: readonly RecordBase[],
  settings: readonly SettingsRecord[],
): ClockChange[] {
  const steps = stepsOf(records);
  const changes = changesOf(settings);
  const matched = new Set<ClockChange>();
  const merged = changes.map((change) => {
    const step = steps.find((candidate) => !matched.has(candidate) && isSame(candidate, change));
    if (step === undefined) return change;
    matched.add(step);
    const confidence = certain('a settings record tells it and the records around it confirm it');
    return { ...change, seenIn: 'both' as const, confidence };
  });
  const rest = steps.filter((step) => !matched.has(step));
  return [...merged, ...rest].sort((a, b) => a.bySystemSeconds - b.bySystemSeconds);
}

function isSame(step: ClockChange, change: ClockChange): boolean {
  return (
    change.bySystemSeconds >= step.afterSystemSeconds &&
    change.bySystemSeconds <= step.bySystemSeconds &&
    Math.abs(step.toOffsetSeconds - change.toOffsetSeconds) <= SPREAD_SECONDS
  );
}

function changesOf(settings: readonly SettingsRecord[]): ClockChange[] {
  const ordered = bySystemTime(settings.filter((record) => !isBeforeClockSet(record)));
  const changes: ClockChange[] = [];
  let before: SettingsRecord | undefined;
  for (const record of ordered) {
    const from = before?.displayOffsetSeconds;
    const to = record.displayOffsetSeconds;
    before = record;
    if (from === undefined || Math.abs(to - from) <= JITTER_SECONDS) continue;
    changes.push({
      afterSystemSeconds: record.systemSeconds,
      bySystemSeconds: record.systemSeconds,
      fromOffsetSeconds: from,
      toOffsetSeconds: to,
      seenIn: 'settings',
      confidence: likely('a settings record tells it; one source reads them so'),
    });
  }
  return changes;
}

/** Runs of offsets that lie within the jitter; where one ends and another begins is a step. */
function stepsOf(records: readonly RecordBase[]): ClockChange[] {
  const ordered = bySystemTime(records.filter((record) => !isBeforeClockSet(record)));
  const steps: ClockChange[] = [];
  let run: { low: number; high: number; last: SystemSeconds; offset: number } | undefined;
  for (const record of ordered) {
    const offset = displayOffsetOf(record);
    const last = record.systemSeconds;
    if (run !== undefined) {
      const low = Math.min(run.low, offset);
      const high = Math.max(run.high, offset);
      if (high - low <= SPREAD_SECONDS) {
        run = { low, high, last, offset };
        continue;
      }
      steps.push({
        afterSystemSeconds: run.last,
        bySystemSeconds: last,
        fromOffsetSeconds: run.offset,
        toOffsetSeconds: offset,
        seenIn: 'records',
        confidence: stepConfidence(run.last, last),
      });
    }
    run = { low: offset, high: offset, last, offset };
  }
  return steps;
}

function stepConfidence(after: SystemSeconds, by: SystemSeconds): Confidence {
  return after === by
    ? doubtful('two records of the same second disagree about the offset')
    : likely('the times of records step; the moment lies between two of them');
}
