import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { JobResult } from './job.ts';
import type { Pool } from './pool.ts';
import { type EventKind, type HistorySpec, historyOf } from './world/history.ts';

/** After so many days the program has everything that it keeps for a time. */
export const SETTLED_DAYS = 60;

/** Kinds that start the program anew, and its memory with it. */
const RESTARTS: ReadonlySet<EventKind> = new Set([
  'programKilled',
  'powerCut',
  'programRestarted',
  'passwordChanged',
]);

/** The history of a seed, in which the program is started once. */
function withoutRestarts(seed: number, days: number): HistorySpec {
  const spec = historyOf(seed, days);
  const events = spec.events.filter(({ kind }) => !RESTARTS.has(kind));
  return { ...spec, destinations: ['share'], events };
}

/** Lives one history without restarts to the end, and measures what the program needs. */
export async function measureDays(pool: Pool, seed: number, days: number): Promise<JobResult> {
  return await pool.run({ seed, days, spec: withoutRestarts(seed, days), isMeasured: true });
}

/** Keeps a journal for so many days as a program does that nothing disturbs; gives its greatest size, bytes. */
export async function measureJournal(days: number): Promise<number> {
  const worker = new Worker(new URL('./journal-worker.ts', import.meta.url), { workerData: days });
  try {
    const [bytes] = (await once(worker, 'message')) as [number];
    return bytes;
  } finally {
    await worker.terminate();
  }
}
