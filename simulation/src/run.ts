import { heapBytes } from './platform/memory.ts';
import { schedule } from './world/events.ts';
import { Family, type FamilyOptions, type Outcome } from './world/family.ts';
import type { HistorySpec } from './world/history.ts';

/** Runs a history to its end, or to its first violation. */
export async function runHistory(spec: HistorySpec, options: FamilyOptions = {}): Promise<Outcome> {
  const family = new Family(spec, options);
  schedule(family);
  return await family.run();
}

/** Runs a history, and gives the memory of the program at its end as well: bytes. */
export async function measureHistory(
  spec: HistorySpec,
  options: FamilyOptions = {},
): Promise<{ readonly outcome: Outcome; readonly programBytes: number }> {
  const family = new Family(spec, options);
  schedule(family);
  const outcome = await family.run();
  const withProgram = heapBytes();
  family.forgetProgram();
  return { outcome, programBytes: withProgram - heapBytes() };
}
