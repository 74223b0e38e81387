import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import { type EgvRecord, isBackfilled, measuredSystemSeconds } from '@egvkit/protocol/receiver';
import type { Candidate } from '../../candidate.ts';
import { type LossContext, recordsBeforeTimeLoss } from './lost-time.ts';

/**
 * Makes a candidate of an EGV record. A backfilled record was stored when the transmitter delivered
 * it; the reading is as old as its measurement (spec/receiver §7.4).
 */
export function candidateOf(record: EgvRecord): Candidate {
  const known = KNOWN.get(record);
  if (known !== undefined) return known;
  const candidate = newCandidate(record);
  KNOWN.set(record, candidate);
  return candidate;
}

/** Unattended, the records of a day are looked at again every five minutes. */
const KNOWN = new WeakMap<EgvRecord, Candidate>();

function newCandidate(record: EgvRecord): Candidate {
  const { recordType, index, glucose, trend } = record;
  const lateSeconds = record.systemSeconds - measuredSystemSeconds(record);
  return {
    key: `${recordType}:${index}@${record.systemSeconds}`,
    recordType,
    index,
    backfilled: isBackfilled(record),
    systemSeconds: systemSeconds(record.systemSeconds - lateSeconds),
    displaySeconds: displaySeconds(record.displaySeconds - lateSeconds),
    glucose: { value: glucose.value, displayOnly: glucose.displayOnly },
    trend: trend.arrow,
    source: 'receiver',
    details: { noise: trend.noise.raw },
  };
}

/**
 * Makes candidates of EGV records, those from before a loss of time marked.
 *
 * @param complete adds to a candidate what goes with its reading
 */
export function candidatesOf(
  records: readonly EgvRecord[],
  context: LossContext,
  complete: (candidate: Candidate) => Candidate = (candidate) => candidate,
): readonly Candidate[] {
  const candidates = records.map((record) => complete(candidateOf(record)));
  const before = recordsBeforeTimeLoss(records, context);
  if (before.size === 0) return candidates;
  return candidates.map((candidate, i) => {
    const beforeTimeLoss = before.has(records[i] as EgvRecord);
    return beforeTimeLoss ? { ...candidate, beforeTimeLoss } : candidate;
  });
}
