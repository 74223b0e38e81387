import type { Journal } from '../journal.ts';
import type { UploadResult } from '../run.ts';
import type { Snapshot } from './snapshot.ts';

/** System time of the oldest record that is not settled, seconds; undefined if all are. */
export function oldestUnsettled(
  { candidates }: Snapshot,
  settled: ReadonlySet<string>,
): number | undefined {
  let oldest = Number.POSITIVE_INFINITY;
  for (const { key, systemSeconds } of candidates) {
    if (systemSeconds < oldest && !settled.has(key)) oldest = systemSeconds;
  }
  return oldest === Number.POSITIVE_INFINITY ? undefined : oldest;
}

/** Keys of the records about which nothing more is to be done: those of an upload, and of before. */
export function settledKeys(
  { plan, open }: UploadResult,
  { candidates }: Snapshot,
  before: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  const settled = new Set<string>();
  if (before !== undefined) {
    for (const { key } of candidates) if (before.has(key)) settled.add(key);
  }
  for (const { key } of [...plan.post, ...plan.found]) settled.add(key);
  for (const { record } of [
    ...plan.known,
    ...plan.unverifiable,
    ...plan.refused,
    ...plan.repeated,
  ]) {
    settled.add(record.key);
  }
  for (const { key } of open) settled.delete(key);
  return settled;
}

/** Keys of the records that a journal knows to be there, or to be given up. */
export function settledIn(
  journal: Journal,
  candidates: Snapshot['candidates'],
): ReadonlySet<string> {
  const pending = new Set(journal.pending().map(({ key }) => key));
  const isSettled = (key: string): boolean => journal.has(key) && !pending.has(key);
  return new Set(candidates.map(({ key }) => key).filter(isSettled));
}
