import type { Journal } from '../journal.ts';
import type { UploadResult } from '../run.ts';
import { oldestLookedAt, type Snapshot } from './snapshot.ts';

/**
 * System time of the oldest record of a window that is not settled, seconds; undefined if all are. No upload
 * looks at what is older.
 */
export function oldestUnsettled(
  snapshot: Snapshot,
  settled: ReadonlySet<string>,
  windowMs: number,
): number | undefined {
  const fromSeconds = oldestLookedAt(snapshot, windowMs);
  let oldest = Number.POSITIVE_INFINITY;
  for (const { key, systemSeconds } of snapshot.candidates) {
    if (systemSeconds < fromSeconds || systemSeconds >= oldest || settled.has(key)) continue;
    oldest = systemSeconds;
  }
  return oldest === Number.POSITIVE_INFINITY ? undefined : oldest;
}

/** Keys of so many old records are kept for each that there is. */
const MOST_OLD = 4;

/**
 * Keys of the records about which nothing more is to be done: those of an upload, and of before, to which
 * they are added.
 */
export function settledKeys(
  { plan, open }: UploadResult,
  { candidates }: Snapshot,
  before: Set<string> | undefined,
): Set<string> {
  const settled = before ?? new Set<string>();
  for (const { key } of plan.post) settled.add(key);
  for (const { key } of plan.found) settled.add(key);
  for (const records of [plan.known, plan.unverifiable, plan.refused, plan.repeated]) {
    for (const { record } of records) settled.add(record.key);
  }
  for (const { key } of open) settled.delete(key);
  if (settled.size <= MOST_OLD * candidates.length) return settled;
  return new Set(candidates.map(({ key }) => key).filter((key) => settled.has(key)));
}

/** Keys of the records that a journal knows to be there, or to be given up. */
export function settledIn(journal: Journal, candidates: Snapshot['candidates']): Set<string> {
  const pending = new Set(journal.pending().map(({ key }) => key));
  const isSettled = (key: string): boolean => journal.has(key) && !pending.has(key);
  return new Set(candidates.map(({ key }) => key).filter(isSettled));
}
