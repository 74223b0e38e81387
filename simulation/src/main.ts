import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { iso } from './checks/ledger.ts';
import { RULES } from './checks/violation.ts';
import type { JobResult } from './job.ts';
import { measureDays, measureJournal, SETTLED_DAYS } from './long-life.ts';
import { findMistake } from './mistake-search.ts';
import { MISTAKE_NAMES } from './mistakes/index.ts';
import { Pool } from './pool.ts';
import { shrink } from './shrink.ts';
import { type HistorySpec, historyOf } from './world/history.ts';

/** Histories after which the counts so far are printed. */
const REPORT_EVERY = 50;

const USAGE = `npm run simulate -- [options]
  --seeds N        histories to run (200)
  --from N         first seed (1)
  --days N         days of each (7)
  --threads N      threads (2)
  --mistake NAME   plant a mistake: ${MISTAKE_NAMES.join(', ')}
  --mistakes       find each of them, and tell the seed
  --long           one family for that many days, whose program is never restarted: its files and memory
  --replay FILE    run the history in a file, as a failing one is printed, and tell every line`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    days: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    mistake: { type: 'string' },
    mistakes: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const { seeds, days, from } = { seeds: +values.seeds, days: +values.days, from: +values.from };
if (values.help) console.log(USAGE);
else if (![seeds, days, from, +values.threads].every((one) => one > 0)) {
  console.error(`A number is 1 or more.\n${USAGE}`);
  process.exitCode = 2;
} else if (values.mistakes) await findMistakes();
else if (values.long) await measure();
else await (values.replay === undefined ? runSeeds() : replay(values.replay));

async function runSeeds(): Promise<void> {
  await using pool = new Pool(+values.threads);
  const began = performance.now();
  const results: JobResult[] = [];
  let failed: JobResult | undefined;
  const all = Array.from({ length: seeds }, async (_, i) => {
    const result = await pool.run({ seed: from + i, days, mistake: values.mistake });
    results.push(result);
    const { violation } = result.outcome;
    if (violation !== undefined) {
      failed ??= result;
      console.log(`Seed ${result.seed} breaks a rule: ${RULES[violation.rule]}.`);
      console.log(`  ${iso(violation.atMs)}: ${violation.what}`);
    }
    if (results.length % REPORT_EVERY === 0) report(results, began);
  });
  await Promise.all(all);
  report(results, began);
  if (failed !== undefined) await explain(pool, failed);
}

async function findMistakes(): Promise<void> {
  await using pool = new Pool(+values.threads);
  await Promise.all(
    MISTAKE_NAMES.map(async (name) => {
      const found = await findMistake(pool, name, days);
      const { rule = 'nothing', what = '' } = found?.outcome.violation ?? {};
      console.log(`${name}: seed ${found?.seed}, ${rule}: ${what}`);
      if (found === undefined) process.exitCode = 1;
    }),
  );
}

/** Lives as long as is asked, and before that long enough for the program to have all that it keeps for a time. */
async function measure(): Promise<void> {
  const journalBytes = await measureJournal(days);
  console.log(
    `${days} days: a journal that is only written had ${kilobytes(journalBytes)} kB at most`,
  );
  await using pool = new Pool(1);
  for (const long of [Math.min(SETTLED_DAYS, days), days]) {
    const { outcome, programBytes = Number.NaN } = await measureDays(pool, from, long);
    const { violation, largestFileBytes, readings } = outcome;
    console.log(
      `${outcome.days.toFixed(0)} days, ${readings} readings sent: the largest file had ` +
        `${kilobytes(largestFileBytes)} kB, the program has ${kilobytes(programBytes)} kB at the end`,
    );
    if (violation === undefined) continue;
    process.exitCode = 1;
    console.log(`A rule is broken: ${RULES[violation.rule]}.\n  ${violation.what}`);
  }
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

/** Prints what was simulated. */
function report(results: readonly JobResult[], beganMs: number): void {
  const seconds = (performance.now() - beganMs) / 1000;
  const sum = (of: (result: JobResult) => number): number =>
    results.reduce((total, one) => total + of(one), 0);
  const simulated = sum(({ outcome }) => outcome.days);
  const faults = new Map<string, number>();
  for (const { outcome } of results) {
    for (const [kind, count] of Object.entries(outcome.faults)) {
      faults.set(kind, (faults.get(kind) ?? 0) + count);
    }
  }
  const violations = results.filter(({ outcome }) => outcome.violation !== undefined).length;
  console.log(
    `${results.length} seeds, ${simulated.toFixed(0)} days, ${violations} violations, ` +
      `${sum(({ outcome }) => outcome.readings)} readings sent, ` +
      `${sum(({ outcome }) => outcome.sessions)} readings of receivers ` +
      `(${sum(({ outcome }) => outcome.requests)} requests), ` +
      `${sum(({ outcome }) => outcome.logins)} logins; ${seconds.toFixed(0)} s, ` +
      `${(simulated / seconds).toFixed(1)} days per second`,
  );
  const sorted = [...faults].sort(([, a], [, b]) => b - a);
  const all = sorted.reduce((total, [, count]) => total + count, 0);
  console.log(`  ${all} faults: ${sorted.map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
}

async function explain(pool: Pool, { seed, outcome }: JobResult): Promise<void> {
  const { violation } = outcome;
  if (violation === undefined) return;
  const { rule } = violation;
  process.exitCode = 1;
  const spec = await shrink(pool, { spec: historyOf(seed, days), rule, mistake: values.mistake });
  console.log(
    `\nThe shortest history of seed ${seed} that still does, for --replay:\n${JSON.stringify(spec)}`,
  );
  for (const { kind, atMs, forMs } of spec.events) {
    console.log(
      `  ${(atMs / 3_600_000).toFixed(2)} h: ${kind} for ${(forMs / 60_000).toFixed(1)} min`,
    );
  }
}

async function replay(path: string): Promise<void> {
  const spec = JSON.parse(readFileSync(path, 'utf8')) as HistorySpec;
  await using pool = new Pool(1);
  const { seed, days } = spec;
  const mistake = values.mistake;
  const { lines, outcome } = await pool.run({ seed, days, spec, mistake, isTold: true });
  console.log(lines.join('\n'));
  console.log(outcome);
  if (outcome.violation !== undefined) process.exitCode = 1;
}
