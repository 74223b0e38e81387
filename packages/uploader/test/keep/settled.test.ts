import { expect, it } from 'vitest';
import { oldestUnsettled } from '../../src/keep/settled.ts';
import { takeSnapshot } from '../../src/keep/snapshot.ts';
import { egv, STILL, sourceOf } from '../support/world.ts';

const DAY_MS = 86_400_000;
const HOUR_SECONDS = 3600;

it('lets records from before the window be: no upload ever settles them', async () => {
  // What is kept of a receiver goes back an hour further than the window.
  const records = [
    egv(24.5 * HOUR_SECONDS, 122, 1),
    egv(2 * HOUR_SECONDS, 121, 2),
    egv(60, 120, 3),
  ];
  const source = { ...sourceOf(records), [Symbol.asyncDispose]: async () => {} };
  const snapshot = await takeSnapshot(source, { number: 1, windowMs: 2 * DAY_MS, clock: STILL });
  const [newest, older] = snapshot.candidates;
  const settled = new Set([newest?.key ?? '']);
  expect(oldestUnsettled(snapshot, settled, DAY_MS)).toBe(older?.systemSeconds);
  settled.add(older?.key ?? '');
  expect(oldestUnsettled(snapshot, settled, DAY_MS)).toBeUndefined();
});
