import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { medianOf } from './measurement.ts';
import type { Report } from './report.ts';

const manifest = createRequire(import.meta.url).resolve('egvkit/package.json');
const EGVKIT = join(dirname(manifest), 'bin/egvkit.js');

/** Longest start of `egvkit`, as a multiple of the time of `node -e 0`. */
const MOST_TIMES = 4;
const ROUNDS = 11;

/** Runs Node.js to its end; gives how long it took, in ms. */
function timeNode(args: readonly string[], expected: RegExp): number {
  const start = performance.now();
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const elapsed = performance.now() - start;
  if (status !== 0 || !expected.test(stdout)) throw new Error(`node ${args.join(' ')} failed`);
  return elapsed;
}

/** Time that egvkit takes to start, beside Node.js itself. */
export function benchStartUp(report: Report): void {
  report.heading('Start of the command line, beside `node -e 0`');
  const bare: number[] = [];
  const help: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(timeNode(['-e', '0'], /^$/));
    help.push(timeNode([EGVKIT, '--help'], /Exit codes:/));
  }
  report.number('node -e 0', medianOf(bare), 'ms');
  report.number('egvkit --help', medianOf(help), 'ms');
  report.atMost('egvkit --help, times node -e 0', medianOf(help) / medianOf(bare), MOST_TIMES, 'x');
}
