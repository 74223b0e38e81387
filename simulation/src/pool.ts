import { Worker } from 'node:worker_threads';
import type { Job, JobResult } from './job.ts';

interface Thread {
  readonly worker: Worker;
  settle: { resolve(result: JobResult): void; reject(error: unknown): void } | undefined;
}

/** Threads that run histories, one at a time each. */
export class Pool implements AsyncDisposable {
  readonly #idle: Thread[];
  readonly #waiting: ((thread: Thread) => void)[] = [];
  readonly #all: readonly Thread[];
  #jobs = 0;

  constructor(threads: number) {
    this.#all = Array.from({ length: threads }, startThread);
    this.#idle = [...this.#all];
  }

  /** Runs one history as soon as a thread is free. */
  async run(job: Omit<Job, 'number'>): Promise<JobResult> {
    const thread = this.#idle.pop() ?? (await new Promise((take) => this.#waiting.push(take)));
    try {
      return await new Promise<JobResult>((resolve, reject) => {
        thread.settle = { resolve, reject };
        thread.worker.postMessage({ ...job, number: this.#jobs++ });
      });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(thread);
      else next(thread);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(({ worker }) => worker.terminate()));
  }
}

/**
 * Room for what lives for a moment only, MB: nearly everything in a history does. A third of it is used at a
 * time, and with more the processor's caches hold less of it.
 */
const YOUNG_MB = 24;

function startThread(): Thread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const thread: Thread = { worker, settle: undefined };
  worker.on('message', (result: JobResult) => thread.settle?.resolve(result));
  worker.on('error', (error) => thread.settle?.reject(error));
  return thread;
}
