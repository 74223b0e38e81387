import type { Job, JobResult } from './job.ts';
import { MISTAKES, type MistakeName } from './mistakes/index.ts';
import { measureHistory, runHistory } from './run.ts';
import type { FamilyOptions } from './world/family.ts';
import { historyOf } from './world/history.ts';

/** Runs the history of a job in this thread. */
export async function runJob(job: Job): Promise<JobResult> {
  const { number, seed, days, mistake, isTold } = job;
  const spec = job.spec ?? historyOf(seed, days);
  const lines: string[] = [];
  const began = process.threadCpuUsage();
  const options: FamilyOptions = {
    mistake: mistake === undefined ? undefined : MISTAKES[mistake as MistakeName](),
    onLine: isTold ? (line) => lines.push(line) : undefined,
  };
  const { outcome, programBytes } = job.isMeasured
    ? await measureHistory(spec, options)
    : { outcome: await runHistory(spec, options), programBytes: undefined };
  const { user, system } = process.threadCpuUsage(began);
  return { number, seed, outcome, tookMs: (user + system) / 1000, lines, programBytes };
}
