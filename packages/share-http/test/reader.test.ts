import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { emptyReasons, memorySessionStore, ShareReader } from '../src/index.ts';
import { watchWith } from '../src/watch/watch.ts';
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
    await client().postReceiverEgvRecords(upload(900, 300));
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
    await client().postReceiverEgvRecords(upload(300));
    const readings = watchWith(small, {}, { now: () => time.ms });
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

  const refusing = (code: string) =>
    new ShareReader({
      region: 'us',
      accountName: NAME,
      password: PASSWORD,
      store: memorySessionStore(),
      fetch: async () => fault(code),
    });

  it('says where advice is to be had', async () => {
    await expect(refusing('InvalidArgument').readings()).rejects.toMatchObject({
      code: 'refused',
      help: expect.stringContaining('FAULTS'),
    });
  });

  it('says what to do about a refused password, each time', async () => {
    const small = refusing('AccountPasswordInvalid');
    const help = expect.stringMatching(/check .*password.* lock the account/i);
    await expect(small.readings()).rejects.toMatchObject({ code: 'credentialsRefused', help });
    await expect(small.readings()).rejects.toMatchObject({
      code: 'credentialsRefusedBefore',
      help,
    });
  });
});

describe('an answer without readings', () => {
  it('says what the likely reasons are', async () => {
    const { client } = await start();
    expect(await client().readings()).toEqual([]);
    expect(emptyReasons()).toEqual([
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
      expect(await client().readings(nothing)).toEqual([]);
      expect(emptyReasons(nothing)).toEqual(['nothingAskedFor']);
    },
  );

  it('is not what a LOW reading is', async () => {
    const client = answering(() => Response.json([{ WT: 'Date(1000)', Value: 39 }]));
    const readings = await client.readings();
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
