import { parentPort } from 'node:worker_threads';
import type { Job, JobResult } from './job.ts';
import { installGlobals } from './platform/globals.ts';
import { installHooks } from './platform/hooks.ts';

// Before anything of the product is loaded: it takes its clocks from here.
installHooks();
installGlobals();
const { runJob } = await import('./jobs.ts');

parentPort?.on('message', async (job: Job) => {
  const result: JobResult = await runJob(job);
  parentPort?.postMessage(result);
});
