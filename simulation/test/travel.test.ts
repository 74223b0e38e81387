import { expect, it, onTestFinished } from 'vitest';
import { Pool } from '../src/pool.ts';
import { type HistoryEvent, historyOf } from '../src/world/history.ts';

const SEED = 3;
const DAYS = 0.8;

const TRAVELS: readonly HistoryEvent[] = [2, 5, 8, 11, 14].map((hours) => ({
  kind: 'travel',
  atMs: hours * 3_600_000,
  forMs: 0,
  seed: hours,
}));

it('sends the same readings, at the same times, of a family that travels', async () => {
  const pool = new Pool(1);
  onTestFinished(() => pool[Symbol.asyncDispose]());
  const sent = async (events: readonly HistoryEvent[]): Promise<readonly string[]> => {
    const spec = { ...historyOf(SEED, DAYS), events };
    const { outcome, lines } = await pool.run({ seed: SEED, days: DAYS, spec, isTold: true });
    expect(outcome.violation).toBeUndefined();
    return lines.flatMap((line) => / (\w+ stored .*)/.exec(line)?.[1] ?? []).sort();
  };
  const atHome = await sent([]);
  expect(atHome.length).toBeGreaterThan(300);
  expect(await sent(TRAVELS)).toEqual(atHome);
}, 300_000);
