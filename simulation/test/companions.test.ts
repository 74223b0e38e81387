import { expect, it, onTestFinished } from 'vitest';
import type { JobResult } from '../src/job.ts';
import { Pool } from '../src/pool.ts';
import { type HistoryEvent, historyOf } from '../src/world/history.ts';

const SEED = 3;
const DAYS = 0.25;
const HOUR_MS = 3_600_000;

/** Lives some hours of a family without any other trouble. */
async function live(events: readonly HistoryEvent[]): Promise<JobResult> {
  const pool = new Pool(1);
  onTestFinished(() => pool[Symbol.asyncDispose]());
  const destinations = ['share', 'nightscout'] as const;
  const spec = { ...historyOf(SEED, DAYS), destinations, events };
  return await pool.run({ seed: SEED, days: DAYS, spec, isTold: true });
}

function event(kind: HistoryEvent['kind'], fromHours: number, forHours: number): HistoryEvent {
  return { kind, atMs: fromHours * HOUR_MS, forMs: forHours * HOUR_MS, seed: 1 };
}

it('lets a second program on the same folder wait until the first has ended', async () => {
  const { outcome, lines } = await live([
    event('secondProgram', 1, 4),
    event('programKilled', 3, 0.5),
  ]);
  expect(outcome.violation).toBeUndefined();
  const died = lines.findIndex((line) => line.endsWith(' program dies'));
  const starts = lines.findIndex((line) => line.endsWith('the second program starts'));
  expect(died).toBeGreaterThan(starts);
  const posts = lines.flatMap((line, at) =>
    / post\w* .*by the second program$/i.test(line) ? at : [],
  );
  expect(posts.length).toBeGreaterThan(0);
  expect(posts.filter((at) => at < died)).toEqual([]);
  expect(lines.filter((line) => line.includes('uploadFailed share journalLocked'))).not.toEqual([]);
}, 300_000);

it('brings each reading once from two computers that take turns', async () => {
  const { outcome, lines } = await live([
    event('otherComputer', 1, 1),
    event('networkCut', 2.5, 0.5),
    event('otherComputer', 3, 1),
  ]);
  expect(outcome.violation).toBeUndefined();
  const posts = lines.filter((line) =>
    line.endsWith('PostReceiverEgvRecords by the other computer'),
  );
  expect(posts.length).toBeGreaterThan(10);
}, 300_000);
