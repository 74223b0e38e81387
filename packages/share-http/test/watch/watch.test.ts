import { decodeReading, type FoldedReading, foldDuplicates } from '@egvkit/protocol/share';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchOptions } from '../../src/index.ts';
import { ShareError } from '../../src/index.ts';
import { nextPollMs, retryWaitMs } from '../../src/watch/pace.ts';
import { watchWith } from '../../src/watch/watch.ts';
import { NOW_MS, start, upload } from '../harness.ts';

const MINUTE_MS = 60_000;

const reading = (utcMs: number, mgDl: number) =>
  decodeReading({ WT: `Date(${utcMs})`, Value: mgDl })!;

/** Watches what the looks give in turn; the clock moves by waiting. */
function watching(looks: (FoldedReading[] | Error)[], options: WatchOptions = {}) {
  const time = { ms: NOW_MS };
  const asked: { minutes?: number | undefined; maxCount?: number | undefined; atMs: number }[] = [];
  const watched = {
    readings: async (window: { minutes?: number | undefined; maxCount?: number | undefined }) => {
      asked.push({ ...window, atMs: time.ms - NOW_MS });
      const look = looks[asked.length - 1] ?? new Error('the end');
      if (look instanceof Error) throw look;
      return look;
    },
  };
  const platform = {
    now: () => time.ms,
    random: () => 0,
    sleep: async (ms: number) => {
      time.ms += ms;
    },
  };
  return { readings: watchWith(watched, options, platform), watched, asked, time };
}

/** Everything until the looks are over. */
async function all(readings: AsyncGenerator<{ utcMs: number; mgDl: number; late: boolean }>) {
  const got: [minutes: number, mgDl: number, late: boolean][] = [];
  try {
    for await (const { utcMs, mgDl, late } of readings) {
      got.push([(utcMs - NOW_MS) / MINUTE_MS, mgDl, late]);
    }
  } catch (error) {
    expect(error).toMatchObject({ message: 'the end' });
  }
  return got;
}

const at = (...minutes: number[]) =>
  foldDuplicates(minutes.map((one) => reading(NOW_MS + one * MINUTE_MS, 100 + one)));
const outage = () =>
  new ShareError('unavailable', {
    host: 'h',
    endpoint: 'e',
    status: 503,
    excerpt: '',
    outcomeUnknown: false,
  });

describe('watching', () => {
  it('begins with the newest there is, and goes on with what is newer', async () => {
    const { readings } = watching([at(-11, -6, -1), at(-11, -6, -1, 4), at(-1, 4), at(4, 9, 14)]);
    expect(await all(readings)).toEqual([
      [-1, 99, false],
      [4, 104, false],
      [9, 109, false],
      [14, 114, false],
    ]);
  });

  it('begins where it is told to', async () => {
    const { readings } = watching([at(-11, -6, -1)], { sinceMs: NOW_MS - 7 * MINUTE_MS });
    expect(await all(readings)).toEqual([
      [-6, 94, false],
      [-1, 99, false],
    ]);
  });

  it('reads all there is where it is told when to begin: whose clock said so is unknown', async () => {
    const { readings, asked } = watching([at(-1)], { sinceMs: NOW_MS - 180 * MINUTE_MS });
    await all(readings);
    expect(asked[0]).toMatchObject({ minutes: 1440 });
  });

  it('reads all there is when an answer does not go back to what it knows', async () => {
    const { readings, asked } = watching([
      at(-1),
      at(34, 39),
      at(-1, 4, 9, 14, 19, 24, 29, 34, 39),
    ]);
    expect((await all(readings)).map(([minutes]) => minutes)).toEqual([
      -1, 4, 9, 14, 19, 24, 29, 34, 39,
    ]);
    expect(asked.map(({ minutes }) => minutes)).toEqual([1440, 66, 1440, 66]);
    expect(asked[2]?.atMs).toBe(asked[1]?.atMs);
  });

  it('trusts no timer for longer than a minute, and asks at once after the machine slept', async () => {
    const { asked, time, watched } = watching([at(-1), at(-1, 4)]);
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      time.ms += slept.length === 2 ? 7 * 60 * MINUTE_MS : ms;
    };
    await all(watchWith(watched, {}, { now: () => time.ms, random: () => 0, sleep }));
    expect(Math.max(...slept)).toBe(MINUTE_MS);
    // The second slice of the first wait lasted seven hours.
    expect(asked[1]?.atMs).toBe(7 * 60 * MINUTE_MS + MINUTE_MS);
    expect(asked[1]?.minutes).toBe(7 * 60 + 1 + 1 + 60);
  });

  it('begins with nothing where there is nothing, and misses nothing', async () => {
    const { readings } = watching([[], at(-1), at(-1, 4)]);
    expect(await all(readings)).toEqual([
      [-1, 99, false],
      [4, 104, false],
    ]);
  });

  it('marks what fills a gap, and looks for it as long as it is open', async () => {
    const { readings, asked } = watching([at(-1), at(-1, 121), at(-1, 121), at(-1, 4, 9, 121)]);
    expect(await all(readings)).toEqual([
      [-1, 99, false],
      [121, 221, false],
      [4, 104, true],
      [9, 109, true],
    ]);
    const { minutes = 0, atMs = 0 } = asked[3] ?? {};
    expect(atMs / MINUTE_MS - minutes).toBeLessThanOrEqual(-1);
  });

  it('takes copies for one, whichever comes first', async () => {
    const copy = reading(NOW_MS + 9000, 100);
    const first = reading(NOW_MS, 100);
    const { readings } = watching([
      foldDuplicates([copy]),
      foldDuplicates([first, copy]),
      foldDuplicates([first]),
    ]);
    expect(await all(readings)).toHaveLength(1);
  });

  it('asks when the next one is due', async () => {
    const { readings, asked } = watching([at(-1), at(-1, 4), at(-1, 4)]);
    await all(readings);
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 255_000, 555_000, 615_000]);
    // What the service has when watching begins is not new later.
    expect(asked[0]).toMatchObject({ minutes: 1440 });
  });

  it('goes on after an outage and tells of it, ever more slowly', async () => {
    const failures: string[] = [];
    const onFailure = ({ code }: ShareError) => void failures.push(code);
    const looks = [at(-1), outage(), outage(), outage(), outage(), at(-1, 4)];
    const { readings, asked } = watching(looks, { onFailure });
    expect(await all(readings)).toHaveLength(2);
    expect(failures).toEqual(Array(4).fill('unavailable'));
    const waits = asked.map(({ atMs }, index) => atMs - (asked[index - 1]?.atMs ?? 0));
    expect(waits.slice(2, 6)).toEqual([60_000, 120_000, 240_000, 300_000]);
  });

  it.each([403, 404])(
    'waits out HTTP %i for three hours, and then ends with it',
    async (status) => {
      const said = { host: 'h', endpoint: 'e', status, excerpt: '' };
      const no = new ShareError('badRequest', said);
      const passing = watching([at(-1), no, no, at(-1, 4)]);
      expect(await all(passing.readings)).toHaveLength(2);
      const { readings, time } = watching(Array(100).fill(no));
      await expect(readings.next()).rejects.toBe(no);
      expect((time.ms - NOW_MS) / MINUTE_MS).toBeGreaterThan(180);
      expect((time.ms - NOW_MS) / MINUTE_MS).toBeLessThan(200);
    },
  );

  it('waits as long as the service asks', () => {
    const busy = new ShareError('tooManyRequests', {
      host: 'h',
      endpoint: 'e',
      status: 429,
      retryAfterMs: 900_000,
    });
    expect(retryWaitMs(busy, 1, () => 0)).toBe(900_000);
  });

  it.each([
    ['a login that is answered without sense', 'LoginPublisherAccountById', 3_600_000],
    ['a read that is', 'ReadPublisherLatestGlucoseValues', 300_000],
  ])('comes back to %s, ever more slowly, by %s', (_, endpoint, mostMs) => {
    const said = { endpoint, faultCode: 'Unknown', faultMessage: '', advice: '' };
    const fault = new ShareError('serviceFault', said);
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((failures) =>
      retryWaitMs(fault, failures, () => 0),
    );
    expect(waits).toEqual(
      [1, 2, 4, 8, 16, 32, 64, 128, 256].map((minutes) => Math.min(minutes * 60_000, mostMs)),
    );
  });

  it.each([
    ['LoginPublisherAccountById', 3_600_000],
    // The guard against logins that follow too soon has made none.
    ['a call', 300_000],
  ])('takes a session fault of %s for an answer to a login or not: %s', (endpoint, mostMs) => {
    const fault = new ShareError('sessionRejected', { host: 'h', endpoint, faultCode: 'c' });
    expect(retryWaitMs(fault, 9, () => 0)).toBe(mostMs);
  });

  it.each([
    new ShareError('credentialsRefused', { host: 'h', faultCode: 'c', advice: '' }),
    new Error('a bug'),
  ])('ends with what waiting does not cure: %s', async (error) => {
    const { readings, asked } = watching([error]);
    await expect(readings.next()).rejects.toBe(error);
    expect(asked).toHaveLength(1);
  });

  it('ends at once when it is told to, while it waits too', async () => {
    const { client } = await start();
    const share = client({ now: Date.now });
    await share.postReceiverEgvRecords(upload(300));
    const stop = new AbortController();
    const readings = share.watch({ signal: stop.signal });
    expect(await readings.next()).toMatchObject({ value: { mgDl: 100 } });
    const pending = readings.next();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(pending).rejects.toThrow('enough');
  });
});

describe('when to ask again', () => {
  it('is never sooner than a minute and never later than a reading takes', () => {
    const clock = fc.integer({ min: -1e13, max: 1e13 });
    fc.assert(
      fc.property(clock, clock, fc.double({ min: 0, max: 0.99, noNaN: true }), (newest, now, r) => {
        const ms = nextPollMs(newest, now, () => r);
        return ms >= 60_000 && ms <= 330_000;
      }),
    );
  });

  it.each([
    [-1, 255_000],
    [-4.9, 60_000],
    [-6, 60_000],
    [-58, 135_000],
    [-60, 60_000],
  ])('a reading of %d minutes ago: %d ms', (minutes, ms) => {
    const wait = nextPollMs(NOW_MS + minutes * MINUTE_MS, NOW_MS, () => 0);
    expect(wait).toBe(ms);
  });

  it('is in five minutes when there has never been one', () => {
    expect(nextPollMs(Number.NEGATIVE_INFINITY, NOW_MS, () => 0)).toBe(315_000);
  });
});
