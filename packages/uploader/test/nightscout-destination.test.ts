import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  memoryJournal,
  type PlannedReading,
  runUpload,
  type UploadEvent,
  verifyUpload,
} from '../src/index.ts';
import { fileJournal } from '../src/node.ts';
import { entriesOf, nightscoutWorld, storedIn } from './support/nightscout-world.ts';
import { egv, NOW_MS, planned, readings, STILL, sourceOf } from './support/world.ts';

const call = { serialNumber: 'SM00000001' };
const base = () => ({ journal: memoryJournal(), ...STILL });
const AT = NOW_MS - 60_000;
const AT_ISO = '2026-05-04T11:59:00.000Z';

const details = { noise: 2, filtered: 141_000, unfiltered: 143_000, rssi: -60 };
const reading: PlannedReading = { ...planned(1, AT, 104), details };

const COMMON = {
  ...{ type: 'sgv', date: AT, dateString: AT_ISO, utcOffset: 0 },
  ...{ device: 'dexcom', app: 'egvkit' },
};

describe('what goes out', () => {
  it('is a list of entries by version 1', async () => {
    const { destination, sent } = nightscoutWorld();
    await destination.post([reading, planned(2, AT + 1000, 105)], call);
    const [post] = sent;
    expect([post?.method, post?.url]).toEqual(['POST', 'https://site.example/api/v1/entries.json']);
    expect(post?.headers.get('api-secret')).toBe('495c1864ae9a9b02f8276a10ec73d30db9dbdef7');
    expect(post?.body).toEqual([
      {
        ...{ ...COMMON, sgv: 104, direction: 'Flat' },
        ...{ noise: 2, filtered: 141_000, unfiltered: 143_000, rssi: -60 },
      },
      {
        ...{ ...COMMON, date: AT + 1000, dateString: '2026-05-04T11:59:01.000Z' },
        ...{ sgv: 105, direction: 'Flat' },
      },
    ]);
  });

  it('is one entry a request by version 3, with a JSON web token', async () => {
    const { destination, sent, token } = nightscoutWorld({ version: 3 });
    await destination.post([reading, planned(2, AT + 1000, 105)], call);
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET https://site.example/api/v2/authorization/request/${token}`,
      'POST https://site.example/api/v3/entries',
      'POST https://site.example/api/v3/entries',
    ]);
    expect(sent[0]?.headers.get('authorization')).toBeNull();
    expect(sent[1]?.headers.get('authorization')).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    expect(sent[1]?.body).toEqual({ ...COMMON, sgv: 104, direction: 'Flat', ...details });
  });

  it.each([
    [39, 39],
    [40, 40],
    [400, 400],
    [401, 401],
  ])('is %i for %i, LOW and HIGH included', async (value, sgv) => {
    const { destination, site } = nightscoutWorld();
    await destination.post([planned(1, AT, value)], call);
    expect(entriesOf(site)).toMatchObject([{ sgv }]);
  });

  it.each([0, 5, 10, 38, 402, 500, 100.5])(
    'is never %d, which is no glucose, whatever is asked for',
    async (value) => {
      for (const version of [1, 3] as const) {
        const { destination, sent } = nightscoutWorld({ version });
        const posting = (async () => destination.post([planned(1, AT, value)], call))();
        await expect(posting).rejects.toThrow('39 (LOW) to 401 (HIGH)');
        expect(sent).toEqual([]);
      }
    },
  );

  it.each([
    [0, 'NONE'],
    [1, 'DoubleUp'],
    [2, 'SingleUp'],
    [3, 'FortyFiveUp'],
    [4, 'Flat'],
    [5, 'FortyFiveDown'],
    [6, 'SingleDown'],
    [7, 'DoubleDown'],
    [8, 'NOT COMPUTABLE'],
    [9, 'RATE OUT OF RANGE'],
  ])('is for arrow %i the direction %s', async (arrow, direction) => {
    const { destination, site } = nightscoutWorld();
    const source = sourceOf([egv(60, 100, 1, arrow)]);
    await runUpload({ ...base(), source, destination });
    expect(entriesOf(site)).toMatchObject([{ sgv: 100, direction, noise: 1 }]);
  });

  it.each([
    [0, undefined],
    [1, 1],
    [4, 4],
    [5, undefined],
    [6, undefined],
  ])('is for noise %i the noise %s', async (noise, sentAs) => {
    const { destination, site } = nightscoutWorld();
    await destination.post([{ ...planned(1, AT, 100), details: { noise } }], call);
    expect(entriesOf(site)[0]?.noise).toBe(sentAs);
  });

  it('names another device if told to', async () => {
    const { destination, site } = nightscoutWorld({ device: 'egvkit://receiver' });
    await destination.post([reading], call);
    expect(entriesOf(site)).toMatchObject([{ device: 'egvkit://receiver' }]);
  });
});

describe.each([1, 3] as const)('a site by version %i', (version) => {
  it('gets five days, read back page by page, and nothing twice without a journal', async () => {
    const { destination, site, sent } = nightscoutWorld({ version });
    const records = Array.from({ length: 1500 }, (_, i) =>
      egv((1500 - i) * 300, 80 + (i % 300), i),
    );
    const source = sourceOf(records);
    const result = await runUpload({ ...base(), source, destination });
    expect(result.posted).toHaveLength(1500);
    expect(storedIn(site)).toHaveLength(1500);
    expect(await verifyUpload(result, destination)).toMatchObject({ same: 1500, missing: [] });
    sent.length = 0;
    const again = await runUpload({ ...base(), source: sourceOf(records, 900), destination });
    expect(again.posted).toEqual([]);
    expect(again.plan.found).toHaveLength(1500);
    expect(sent.filter(({ url }) => url.includes('entries'))).toHaveLength(2);
  });

  it('is asked for no more than the window that is wanted, and for what is still open', async () => {
    const { destination, site, sent } = nightscoutWorld({ version });
    const journal = memoryJournal();
    const source = sourceOf(readings(300));
    site.failNext({ kind: 'body', status: 400, body: '{}', call: `v${version} create` });
    await runUpload({ ...base(), journal, source, destination, windowMs: 86_400_000 }).catch(
      () => {},
    );
    const oldestAsked = () =>
      Math.min(
        ...sent.flatMap(({ url }) => {
          const query = new URL(url).searchParams;
          return [query.get('find[date][$gte]') ?? query.get('date$gte') ?? []].flat().map(Number);
        }),
      );
    expect(oldestAsked()).toBeGreaterThan(NOW_MS - 86_400_000 - 3_600_000);
    sent.length = 0;
    await runUpload({ ...base(), journal, source, destination, windowMs: 3_600_000 });
    // The oldest reading of the day before was left open.
    expect(oldestAsked()).toBeLessThan(NOW_MS - 86_000_000);
    expect(storedIn(site).length).toBeGreaterThan(10);
  });

  it('keeps a time once it was sent, though the clock is read a second differently', async () => {
    const { destination, site } = nightscoutWorld({ version });
    const journal = memoryJournal();
    const [first] = readings(1);
    site.failNext({ kind: 'drop', when: 'before', call: `v${version} create`, times: 9 });
    const upload = (jitterMs: number) =>
      runUpload({ ...base(), journal, source: sourceOf([first!], jitterMs), destination });
    await upload(0).catch(() => {});
    expect(storedIn(site)).toEqual([]);
    site.clearFailures();
    await upload(1000);
    await upload(-1000);
    expect(storedIn(site)).toEqual([{ utcMs: AT, value: 80 }]);
  });

  it('gets again as it was, noise included, what a crash left open in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const journal = fileJournal(join(folder, 'uploads.ndjson'));
    const { destination, site, sent } = nightscoutWorld({ version });
    const upload = (jitterMs: number) =>
      runUpload({ ...base(), journal, source: sourceOf(readings(1), jitterMs), destination });
    site.failNext({ kind: 'body', status: 400, body: '{}', call: `v${version} create` });
    await upload(0).catch(() => {});
    await upload(1000);
    const [first, second] = sent.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(second).toEqual(first);
    expect([first].flat()).toMatchObject([{ noise: 1 }]);
  });

  it('shows what another uploader put there in the same five minutes, so that it is not sent', async () => {
    const { destination, site } = nightscoutWorld({ version });
    const others = readings(5).map((_, i) => ({
      ...{ type: 'sgv', device: 'share2', sgv: 83 + i, direction: 'Flat' },
      date: NOW_MS - 60_000 - (4 - i) * 300_000 + 41_234,
    }));
    site.addEntries(others.slice(1));
    const journal = memoryJournal();
    const source = sourceOf(readings(5));
    const result = await runUpload({ ...base(), journal, source, destination });
    expect(result.posted.map(({ value }) => value)).toEqual([80]);
    expect(result.plan.found.map(({ value }) => value)).toEqual([81, 82, 83, 84]);
    expect(await verifyUpload(result, destination)).toMatchObject({
      ...{ same: 1, byOthers: 4, missing: [], different: [] },
    });
    // And the one that was sent is not sent again after the other uploader has sent it too.
    site.addEntries(others);
    const again = await runUpload({ ...base(), source, destination });
    expect(again.posted).toEqual([]);
    expect(entriesOf(site)).toHaveLength(6);
    expect(again.others.fresh.length).toBeGreaterThan(0);
  });

  it('does not get what a crash left open if another uploader has sent it since', async () => {
    const { destination, site } = nightscoutWorld({ version });
    const journal = memoryJournal();
    const upload = (records: readonly EgvRecord[]) =>
      runUpload({ ...base(), journal, source: sourceOf(records), destination });
    site.failNext({ kind: 'drop', when: 'before', call: `v${version} create`, times: 9 });
    await upload(readings(1)).catch(() => {});
    site.clearFailures();
    site.addEntries([{ type: 'sgv', device: 'share2', sgv: 83, date: AT + 41_234 }]);
    // Its record is no longer among those that are read: another receiver was there meanwhile.
    const { arrivedBefore, posted } = await upload([]);
    expect(arrivedBefore.map(({ value }) => value)).toEqual([80]);
    expect(posted).toEqual([]);
    expect(storedIn(site).map(({ value }) => value)).toEqual([83]);
  });

  it('gets what a crash left open if the other reading near it is one of the same source', async () => {
    const { destination, site } = nightscoutWorld({ version });
    const journal = memoryJournal();
    const [first, second] = [egv(180, 100, 1), egv(60, 200, 2)];
    const upload = (records: readonly EgvRecord[]) =>
      runUpload({ ...base(), journal, source: sourceOf(records), destination });
    await upload([first]);
    site.failNext({ kind: 'drop', when: 'before', call: `v${version} create`, times: 9 });
    await upload([first, second]).catch(() => {});
    site.clearFailures();
    await upload([first, second]);
    expect(storedIn(site).map(({ value }) => value)).toEqual([100, 200]);
  });

  it('does not get what another uploader brings between plan and post', async () => {
    const { destination, site } = nightscoutWorld({ version });
    let nowMs = NOW_MS;
    const onEvent = ({ kind }: UploadEvent) => {
      if (kind !== 'planned') return;
      nowMs += 5000;
      site.addEntries([{ type: 'sgv', device: 'share2', sgv: 70, date: AT + 41_234 }]);
    };
    const options = { ...base(), nowMs: () => nowMs, monotonicMs: () => nowMs, onEvent };
    // One is there, so that the seconds are agreed.
    const [before, last] = readings(2);
    await runUpload({ ...base(), source: sourceOf([before!]), destination });
    const source = sourceOf([before!, last!]);
    const { foundMeanwhile, posted } = await runUpload({ ...options, source, destination });
    expect(foundMeanwhile.map(({ value }) => value)).toEqual([81]);
    expect(posted).toEqual([]);
    expect(storedIn(site).map(({ value }) => value)).toEqual([80, 70]);
  });

  it('gets both readings of a new sensor within five minutes, though another uploader has one', async () => {
    const { destination, site } = nightscoutWorld({ version });
    site.addEntries([{ type: 'sgv', device: 'share2', sgv: 99, date: NOW_MS - 170_000 }]);
    const source = sourceOf([egv(180, 100, 1), egv(60, 200, 2)]);
    const { posted } = await runUpload({ ...base(), source, destination });
    expect(posted.map(({ value }) => value)).toEqual([200]);
  });

  it('gets the second of two readings within five minutes, though the first is there', async () => {
    const { destination, site } = nightscoutWorld({ version });
    const [first, second] = [egv(180, 100, 1), egv(60, 200, 2)];
    await runUpload({ ...base(), source: sourceOf([first]), destination });
    await runUpload({ ...base(), source: sourceOf([first, second]), destination });
    expect(storedIn(site).map(({ value }) => value)).toEqual([100, 200]);
  });

  it('gets both where two sensors are worn', async () => {
    const { destination, site } = nightscoutWorld({ version, slotMs: 0 });
    site.addEntries([{ type: 'sgv', device: 'share2', sgv: 150, date: NOW_MS - 61_000 }]);
    await runUpload({ ...base(), source: sourceOf(readings(1)), destination });
    expect(storedIn(site).map(({ value }) => value)).toEqual([150, 80]);
  });

  it('takes no longer slot than the time between two measurements', () => {
    expect(() => nightscoutWorld({ version, slotMs: 300_001 })).toThrow(
      /slotMs.*300001.*0 to 300000/,
    );
    expect(() => nightscoutWorld({ version, slotMs: 300_000 })).not.toThrow();
  });

  it('gets a reading though the other uploader sent an error code at its time', async () => {
    const { destination, site } = nightscoutWorld({ version });
    site.addEntries([{ type: 'sgv', device: 'dexcom', sgv: 5, date: NOW_MS - 65_000 }]);
    await runUpload({ ...base(), source: sourceOf(readings(1)), destination });
    expect(storedIn(site).map(({ value }) => value)).toEqual([5, 80]);
  });

  it('may hold what any program has sent', async () => {
    const { destination, site } = nightscoutWorld({ version });
    site.addEntries([
      { type: 'sgv', sgv: '101', direction: 'Odd', date: NOW_MS - 900_000 },
      { type: 'sgv', sgv: 450.5, date: NOW_MS - 800_000 },
      { type: 'sgv', date: NOW_MS - 700_000 },
      { type: 'sgv', sgv: null, date: NOW_MS - 650_000, nested: { deep: [1] } },
      { type: 'sgv', sgv: '', date: NOW_MS - 600_000 },
      { type: 'mbg', mbg: 120, date: NOW_MS - 500_000 },
      { type: 'sgv', sgv: 102, date: NOW_MS + 500_000 },
    ]);
    const back = await destination.readBack!.read({});
    expect(back.map(({ value, status, trend }) => [value, status, trend.name])).toEqual([
      [102, 'inRange', 'unknown'],
      [450.5, 'high', 'unknown'],
      [101, 'inRange', 'unknown'],
    ]);
  });

  it('gets nothing from before a loss of time', async () => {
    const { destination, site } = nightscoutWorld({ version });
    const records = readings(3);
    const untilSystemSeconds = records[1]!.systemSeconds;
    const loss = { untilSystemSeconds, jumpSeconds: null, sign: 'observations' } as const;
    const source = sourceOf(records, 0, NOW_MS, [{ ...loss, note: '' } as never]);
    await runUpload({ ...base(), source, destination });
    expect(storedIn(site).map(({ value }) => value)).toEqual([82]);
  });

  it('is as one by whichever version it is reached', async () => {
    const world = nightscoutWorld({ version });
    const other = nightscoutWorld({ version: version === 1 ? 3 : 1 });
    const name = await world.destination.fingerprint();
    expect(await other.destination.fingerprint()).toBe(name);
    const elsewhere = nightscoutWorld({ version, url: 'https://other.example' } as never);
    expect(await elsewhere.destination.fingerprint()).not.toBe(name);
  });
});

it('an entry of version 1 is the same one by version 3', async () => {
  const { site, token } = nightscoutWorld();
  const first = nightscoutWorld();
  const { destination } = first;
  await destination.post([reading], call);
  expect(token).toBe(first.token);
  site.addEntries(first.site.entries());
  const third = nightscoutWorld({ version: 3, site: {} });
  third.site.addEntries(first.site.entries());
  expect(await third.destination.post([reading], call)).toBe('duplicate');
  expect(entriesOf(third.site)).toHaveLength(1);
});

it("another program's entry of the same moment is left as it is by version 3", async () => {
  const { destination, site } = nightscoutWorld({ version: 3 });
  site.addEntries([{ type: 'sgv', device: 'share2', sgv: 99, date: AT }]);
  expect(await destination.post([reading], call)).toBe('duplicate');
  expect(entriesOf(site)).toMatchObject([{ device: 'share2', sgv: 99 }]);
});

it('a site with a lower limit by version 3 is read whole', async () => {
  const world = nightscoutWorld({ version: 3, site: { options: { maxLimit: 70 } } });
  const token = world.site.addSubject({ name: 'uploader', roles: ['admin'] });
  expect(token).toBe(world.token);
  world.site.addEntries(
    Array.from({ length: 300 }, (_, i) => ({
      ...{ type: 'sgv', sgv: 40 + i, date: NOW_MS - Math.ceil(i / 2) * 300_000, device: `d${i}` },
      identifier: `id-${i}`,
    })).map((entry, i) => ({ ...entry, date: entry.date - (i % 2) })),
  );
  const back = await world.destination.readBack!.read({});
  expect(new Set(back.map(({ value }) => value)).size).toBe(300);
});

it('a site with a thousand entries of one millisecond is given up', async () => {
  const { destination, site } = nightscoutWorld({ version: 3 });
  const authorization = `Bearer ${await jwt(site)}`;
  for (let i = 0; i < 1001; i++) {
    await site.fetch(
      new Request('https://site.example/api/v3/entries', {
        ...{ method: 'POST', headers: { authorization } },
        body: JSON.stringify({ ...COMMON, sgv: 100, device: `d${i}` }),
      }),
    );
  }
  await expect(destination.readBack!.read({})).rejects.toMatchObject({
    ...{ code: 'badAnswer', retryable: true },
    message: expect.stringContaining('1000 entries or more of one millisecond'),
  });
});

async function jwt(site: ReturnType<typeof nightscoutWorld>['site']): Promise<string> {
  const token = site.accessToken('uploader');
  const url = `https://site.example/api/v2/authorization/request/${token}`;
  const answer = await site.fetch(new Request(url));
  return ((await answer.json()) as { token: string }).token;
}

it('the clock of the site is compared', async () => {
  for (const version of [1, 3] as const) {
    const { destination } = nightscoutWorld({
      version,
      site: {
        ...{ apiSecret: 'a secret of the owner', nowMs: () => NOW_MS },
        options: { clockOffsetMs: 42_000 },
        subjects: [{ name: 'uploader', roles: ['admin'] }],
      },
    });
    expect(await destination.clockOffset({})).toEqual({ offsetMs: 42_000, uncertaintyMs: 0 });
  }
});

it('the times of a fast receiver are true ones', async () => {
  const { destination, site } = nightscoutWorld();
  const [record] = readings(1);
  const fast = (seconds: number) => systemSeconds(seconds + 14_365);
  const source = {
    ...sourceOf([{ ...record!, systemSeconds: fast(record!.systemSeconds) }]),
    clock: async () => ({ systemSeconds: fast(record!.systemSeconds + 60), hostUnixMs: NOW_MS }),
  };
  await runUpload({ ...base(), source, destination });
  expect(entriesOf(site)).toMatchObject([{ date: AT, dateString: AT_ISO, sysTime: AT_ISO }]);
});
