import { RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { Receiver } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  memoryTransport,
  type ProfileName,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import { describe, expect, it } from 'vitest';
import {
  NOTHING_READ,
  type ReadingProgress,
  type ReadSoFar,
  readReceiver,
} from '../src/readings/read.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** An emulated receiver with readings of 31 days, and a host whose time can go on. */
function laboratory(name: ProfileName = 'g4', clockErrorSeconds = -98) {
  const time = { ms: Date.now() };
  const profile = RECEIVER_PROFILES[name];
  const database = generateDatabase({
    profile,
    seed: 1,
    days: 31,
    nowMs: time.ms,
    clockErrorSeconds,
    grows: true,
  });
  const nowMs = () => time.ms;
  const device = new EmulatedReceiver({ profile, database, nowMs, clockErrorSeconds });
  return {
    time,
    device,
    database,
    open: () => Receiver.open(memoryTransport(device), { nowMs }),
  };
}

/** Reads, and keeps what was told meanwhile; `stopAfter` so many pages gives up. */
async function readIt(receiver: Receiver, known: ReadSoFar, stopAfter = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  const progress: ReadingProgress[] = [];
  let soFar = known;
  const view = {
    progress(one: ReadingProgress) {
      progress.push(one);
      if (one.pagesDone >= stopAfter) stop.abort(new Error('cancelled'));
    },
    soFar(one: ReadSoFar) {
      soFar = one;
    },
  };
  const error = await readReceiver(receiver, known, view, stop.signal).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { soFar, progress, error };
}

describe('reading a receiver', () => {
  it.each(['g4', 'g5', 'g6'] as const)(
    'gives 30 days of a %s once, at their true times',
    async (name) => {
      const { open, database, time } = laboratory(name);
      await using receiver = await open();
      const { soFar, error, progress } = await readIt(receiver, NOTHING_READ);
      expect(error).toBeUndefined();
      const { readings, marks } = soFar.history;
      expect(soFar.isComplete).toBe(true);
      const times = readings.map(({ utcMs }) => utcMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Set(readings.map(({ key }) => key)).size).toBe(readings.length);
      expect(readings[0]?.utcMs).toBeGreaterThan(time.ms - 30 * DAY_MS - 5 * MINUTE_MS);
      // The receiver's clock is 98 s behind; its newest reading is up to four minutes old.
      const newest = readings.at(-1)?.utcMs ?? 0;
      expect(time.ms - newest).toBeGreaterThan(0);
      expect(time.ms - newest).toBeLessThan(6 * MINUTE_MS);
      const stored = database.records(4).at(-1) as EgvRecord;
      const trueMs = (stored.systemSeconds + RECEIVER_EPOCH_UNIX_SECONDS + 98) * 1000;
      expect(Math.abs(newest - trueMs)).toBeLessThan(5 * MINUTE_MS);
      expect(marks.length).toBeGreaterThan(20);
      const last = progress.at(-1);
      expect(last?.pagesDone).toBeLessThanOrEqual(last?.pagesTotal ?? 0);
    },
  );

  it('shows no state of the sensor and nothing that was only displayed, and counts them', async () => {
    const { open } = laboratory();
    await using receiver = await open();
    const { soFar } = await readIt(receiver, NOTHING_READ);
    const { readings, leftOut } = soFar.history;
    for (const { mgDl, status } of readings) {
      expect(mgDl).toBeGreaterThanOrEqual(39);
      expect(mgDl).toBeLessThanOrEqual(401);
      expect(status).toBe(mgDl === 39 ? 'low' : mgDl === 401 ? 'high' : 'inRange');
    }
    const reasons = new Set(Object.values(leftOut));
    expect(reasons).toContain('specialCode');
    expect(reasons).toContain('displayOnly');
  });

  it('keeps what was read when it is cancelled, the newest first, and reads the rest later', async () => {
    const { open, time } = laboratory();
    await using receiver = await open();
    const cancelled = await readIt(receiver, NOTHING_READ, 20);
    expect(cancelled.error).toMatchObject({ message: 'cancelled' });
    const { readings } = cancelled.soFar.history;
    expect(readings.length).toBeGreaterThan(300);
    expect(readings.length).toBeLessThan(2000);
    expect(time.ms - (readings.at(-1)?.utcMs ?? 0)).toBeLessThan(6 * MINUTE_MS);
    expect(cancelled.soFar.isComplete).toBe(false);

    const rest = await readIt(receiver, cancelled.soFar);
    const whole = await readIt(receiver, NOTHING_READ);
    expect(rest.soFar.history.readings).toEqual(whole.soFar.history.readings);
    expect(rest.soFar.history.leftOut).toEqual(whole.soFar.history.leftOut);
  });

  it('reads again only what is new', async () => {
    const { open, time } = laboratory();
    await using receiver = await open();
    const first = await readIt(receiver, NOTHING_READ);
    time.ms += 26 * MINUTE_MS;
    const second = await readIt(receiver, first.soFar);
    const [before, after] = [first, second].map(({ soFar }) => soFar.history.readings);
    expect(after?.length).toBe((before?.length ?? 0) + 5);
    expect(after?.slice(0, before?.length)).toEqual(before);
    expect(first.progress.at(-1)?.pagesDone).toBeGreaterThan(200);
    expect(second.progress.at(-1)?.pagesDone).toBeLessThanOrEqual(5);
  });

  it('goes back to what was complete when reading what is new is cancelled', async () => {
    const { open, time } = laboratory();
    await using receiver = await open();
    const first = await readIt(receiver, NOTHING_READ);
    time.ms += 2 * DAY_MS;
    const cancelled = await readIt(receiver, first.soFar, 1);
    expect(cancelled.soFar).toMatchObject({
      isComplete: true,
      newestIndex: first.soFar.newestIndex,
    });
    const rest = await readIt(receiver, cancelled.soFar);
    const whole = await readIt(receiver, NOTHING_READ);
    const known = new Set(rest.soFar.history.readings.map(({ key }) => key));
    expect(whole.soFar.history.readings.filter(({ key }) => !known.has(key))).toEqual([]);
  });
});
