import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ShareReader, watchReadings } from '../src/index.ts';
import { answering, fault, NAME, NOW_MS, PASSWORD, start, upload } from './harness.ts';

async function reader() {
  const started = await start();
  const options = { accountName: NAME, password: PASSWORD, now: () => started.time.ms };
  const small = new ShareReader({ origin: started.server.origin, ...options });
  return { ...started, small };
}

describe('a reader', () => {
  it('gives readings, the latest and the current one', async () => {
    const { small, client, time } = await reader();
    await client().postEgvs(upload(900, 300));
    const [newest] = await small.readings({ minutes: 60 });
    expect(newest).toMatchObject({
      utcMs: NOW_MS - 300_000,
      mgDl: 100,
      mmolL: 5.6,
      status: 'inRange',
    });
    expect(await small.latest()).toEqual(newest);
    expect(await small.current()).toEqual(newest);
    time.ms += 6 * 60_000;
    expect(await small.current()).toBeUndefined();
    expect(await small.latest()).toEqual(newest);
  });

  it('can be watched', async () => {
    const { small, client, time } = await reader();
    await client().postEgvs(upload(300));
    const readings = watchReadings(small, {}, { now: () => time.ms });
    expect((await readings.next()).value).toMatchObject({ mgDl: 100, late: false });
    await readings.return();
  });

  it('shows no secret', async () => {
    const { small } = await reader();
    await small.readings();
    const shown = `${inspect(small, { depth: 9, showHidden: true })}${JSON.stringify(small)}`;
    expect(shown).toContain('127.0.0.1');
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(NAME);
  });

  it('says where advice is to be had', async () => {
    const small = new ShareReader({
      region: 'us',
      accountName: NAME,
      password: PASSWORD,
      fetch: async () => fault('InvalidArgument'),
    });
    await expect(small.readings()).rejects.toMatchObject({
      code: 'refused',
      help: expect.stringContaining('FAULTS'),
    });
  });
});

describe('an answer without readings', () => {
  it('says what the likely reasons are', async () => {
    const { client } = await start();
    const { emptyBecause, length } = await client().readings();
    expect(length).toBe(0);
    expect(emptyBecause).toEqual([
      'noReadingsInWindow',
      'sharingIsOff',
      'noFollower',
      'notTheWearer',
    ]);
  });

  it.each([{ minutes: 0 }, { maxCount: 0 }])(
    'says that nothing was asked for: %j',
    async (nothing) => {
      const { client } = await start();
      expect((await client().readings(nothing)).emptyBecause).toEqual(['nothingAskedFor']);
    },
  );

  it('has no reasons when there are readings', async () => {
    const client = answering(() => Response.json([{ WT: 'Date(1000)', Value: 39 }]));
    const readings = await client.readings();
    expect(readings.emptyBecause).toEqual([]);
    expect(readings).toMatchObject([{ status: 'low', mgDl: 39 }]);
  });
});

describe('readings of two devices', () => {
  it('are folded, the copy kept', async () => {
    const first = { WT: 'Date(1000)', DT: 'Date(1000+0200)', Value: 401, Trend: 'Flat' };
    const copy = { WT: 'Date(10000)', Value: 401, Trend: 1 };
    const client = answering(() => Response.json([copy, first]));
    expect(await client.readings()).toMatchObject([
      { utcMs: 1000, offsetMinutes: 120, status: 'high', raw: first, duplicates: [{ raw: copy }] },
    ]);
  });
});
