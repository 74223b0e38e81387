import { schedule } from './world/events.ts';
import { Family, type FamilyOptions, type Outcome } from './world/family.ts';
import type { HistorySpec } from './world/history.ts';

/** Runs a history to its end, or to its first violation. */
export async function runHistory(spec: HistorySpec, options: FamilyOptions = {}): Promise<Outcome> {
  const family = new Family(spec, options);
  schedule(family);
  return await family.run();
}
