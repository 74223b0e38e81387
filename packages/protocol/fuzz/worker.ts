import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { glucoseOf, predictionOf } from '../src/receiver/records/glucose.ts';
import { caseOf, describeFailure, runCase, type TargetName } from './campaign.ts';

/** A part of a campaign: the cases `from` … `to` − 1. */
export interface WorkerInput {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly targets: readonly TargetName[];
  /** One number: how many cases are done. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

export interface WorkerReport {
  readonly done: number;
  readonly growthMb: number;
  readonly failure?: string;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

function run({ seed, from, to, targets, progress }: WorkerInput): WorkerReport {
  // What each word means is remembered once it was met; that is no growth.
  for (let word = 0; word < 0x10000; word++) {
    glucoseOf(word);
    predictionOf(word);
  }
  const settledAt = from + Math.floor((to - from) / 10);
  let settledMb = 0;
  for (let index = from; index < to; index++) {
    if (index === settledAt) settledMb = heapMb();
    const { target, seed: one } = caseOf(seed, index, targets);
    const failure = runCase(target, one);
    Atomics.store(progress, 0, index - from + 1);
    if (failure !== undefined) {
      return { done: index - from + 1, growthMb: 0, failure: describeFailure(failure) };
    }
  }
  return { done: Math.max(0, to - from), growthMb: from < to ? heapMb() - settledMb : 0 };
}

parentPort?.postMessage(run(workerData as WorkerInput));
