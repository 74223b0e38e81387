// `npm run fuzz`: ten million cases, or those that are asked for, on all cores.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  caseOf,
  describeFailure,
  errorOf,
  type Failure,
  runCase,
  TARGET_NAMES,
  type TargetName,
} from './campaign.ts';
import type { WorkerInput, WorkerReport } from './worker.ts';

const CASES = 10_000_000;
/** A worker that finishes no case for so long hangs. */
const HANG_MS = 20_000;
const PRINT_MS = 5000;
/** Limit for the memory that a worker gains after its first tenth. */
const MOST_GROWTH_MB = 8;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: String(CASES) },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    target: { type: 'string', multiple: true },
    case: { type: 'string' },
    input: { type: 'string' },
  },
});
const targets = (values.target ?? TARGET_NAMES) as TargetName[];
for (const name of targets) {
  if (!TARGET_NAMES.includes(name)) throw new Error(`The targets are: ${TARGET_NAMES.join(', ')}.`);
}

if (values.case === undefined) await campaign(Number(values.seed), Number(values.cases));
else replay(targets[0]!, Number(values.case), values.input);

/** One case again: the given input, or the one that is made from its seed. */
function replay(target: TargetName, seed: number, hex: string | undefined): void {
  const failure = hex === undefined ? runCase(target, seed) : failureOf(target, seed, unhex(hex));
  console.log(failure === undefined ? 'It holds.' : describeFailure(failure));
  process.exitCode = failure === undefined ? 0 : 1;
}

function failureOf(target: TargetName, seed: number, input: Uint8Array): Failure | undefined {
  const error = errorOf(target, input, seed);
  return error === undefined ? undefined : { target, seed, input, error };
}

function unhex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

async function campaign(seed: number, cases: number): Promise<void> {
  const workers = Math.max(1, availableParallelism());
  console.log(`${cases} cases of ${targets.join(', ')}; seed ${seed}; ${workers} workers.`);
  const begun = performance.now();
  const share = Math.ceil(cases / workers);
  const stop = new AbortController();
  const reports = await Promise.all(
    Array.from({ length: workers }, async (_, i) => {
      const part = { seed, from: i * share, to: Math.min(cases, (i + 1) * share), targets };
      const report = await runWorker(part, stop.signal);
      if (report.failure !== undefined) {
        console.error(report.failure);
        stop.abort();
      }
      return report;
    }),
  );
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const growth = Math.max(...reports.map(({ growthMb }) => growthMb));
  const done = reports.reduce((sum, report) => sum + report.done, 0);
  console.log(`${done} cases in ${seconds} s; memory grew by ${growth.toFixed(1)} MB at most.`);
  if (growth > MOST_GROWTH_MB) console.error(`It may grow by ${MOST_GROWTH_MB} MB.`);
  const failed = reports.some(({ failure }) => failure !== undefined);
  process.exitCode = failed || growth > MOST_GROWTH_MB ? 1 : 0;
}

/** Runs a part of a campaign, and ends it if a case hangs or another part has failed. */
async function runWorker(
  part: Omit<WorkerInput, 'progress'>,
  stop: AbortSignal,
): Promise<WorkerReport> {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerInput = { ...part, progress };
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData });
  const report = Promise.withResolvers<WorkerReport>();
  worker.on('message', report.resolve);
  worker.on('error', report.reject);
  stop.addEventListener('abort', () =>
    report.resolve({ done: Atomics.load(progress, 0), growthMb: 0 }),
  );

  let last = 0;
  let lastMs = performance.now();
  let printedMs = lastMs;
  const watch = setInterval(() => {
    const now = performance.now();
    const done = Atomics.load(progress, 0);
    if (done !== last) {
      last = done;
      lastMs = now;
    } else if (now - lastMs > HANG_MS) {
      const { target, seed } = caseOf(part.seed, part.from + done, targets);
      const failure = `${target} hangs.\nAgain: npm run fuzz -- --target ${target} --case ${seed}`;
      report.resolve({ done, growthMb: 0, failure });
    }
    if (now - printedMs > PRINT_MS && part.from === 0) {
      printedMs = now;
      console.log(`  ${Math.round((100 * done) / Math.max(1, part.to - part.from))} %`);
    }
  }, 500);
  try {
    return await report.promise;
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
