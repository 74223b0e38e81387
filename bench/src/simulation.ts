import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from './report.ts';

const MAIN = fileURLToPath(new URL('../../simulation/src/main.ts', import.meta.url));
const SEEDS = 8;
const DAYS = 4;
/** One history at a time in each. */
const THREADS = 2;

/** Days of families that are simulated in a second, with all that is checked meanwhile. */
export function benchSimulation(report: Report): void {
  report.heading(`Simulation: ${SEEDS} families for ${DAYS} days, ${THREADS} threads`);
  const options = ['--seeds', SEEDS, '--days', DAYS, '--threads', THREADS].map(String);
  const { stdout, status } = spawnSync(process.execPath, [MAIN, ...options], { encoding: 'utf8' });
  const [, rate] = / ([\d.]+) days per second/.exec(stdout) ?? [];
  if (status !== 0 || rate === undefined) throw new Error(`The simulation failed:\n${stdout}`);
  report.number('simulated days per second', Number(rate), 'd/s');
}
