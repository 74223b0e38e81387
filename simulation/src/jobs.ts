import type { Job, JobResult } from './job.ts';
import { MISTAKES, type MistakeName } from './mistakes/index.ts';
import { runHistory } from './run.ts';
import { historyOf } from './world/history.ts';

/** Runs the history of a job in this thread. */
export async function runJob(job: Job): Promise<JobResult> {
  const { number, seed, days, mistake, isTold } = job;
  const spec = job.spec ?? historyOf(seed, days);
  const lines: string[] = [];
  const began = process.threadCpuUsage();
  const outcome = await runHistory(spec, {
    mistake: mistake === undefined ? undefined : MISTAKES[mistake as MistakeName](),
    onLine: isTold ? (line) => lines.push(line) : undefined,
  });
  const { user, system } = process.threadCpuUsage(began);
  return { number, seed, outcome, tookMs: (user + system) / 1000, lines };
}
