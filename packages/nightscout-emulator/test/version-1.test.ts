import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { API_SECRET, NOW_MS, SECRET_HEADER, sgv, siteWorld } from './support.ts';

const ENTRIES = '/api/v1/entries.json';
const headers = SECRET_HEADER;

describe('posting (nightscout §4.1)', () => {
  it('stores a list, with time and zone worked out', async () => {
    const { ask, site } = siteWorld();
    const dateString = '2026-05-04T13:30:00.500+02:00';
    const entry = { ...sgv(NOW_MS - 1_799_500), dateString };
    const { status, json } = await ask(ENTRIES, { headers, body: [entry] });
    const stored = {
      ...{ ...entry, dateString: '2026-05-04T11:30:00.500Z' },
      ...{ sysTime: '2026-05-04T11:30:00.500Z', utcOffset: 120 },
    };
    expect(status).toBe(200);
    expect(json).toEqual([{ ...stored, _id: expect.stringMatching(/^[0-9a-f]{24}$/) }]);
    expect(site.entries()).toMatchObject([stored]);
  });

  it('stores a single entry, and one without dateString by its date', async () => {
    const { ask, site } = siteWorld();
    const { dateString: _, ...entry } = sgv(NOW_MS);
    await ask(ENTRIES, { headers, body: entry });
    expect(site.entries()).toMatchObject([{ sysTime: '2026-05-04T12:00:00.000Z', utcOffset: 0 }]);
    expect(site.entries()[0]).not.toHaveProperty('dateString');
  });

  it('knows the same millisecond and type again, whoever sends it, and overwrites its fields', async () => {
    const { ask, site } = siteWorld();
    await ask(ENTRIES, { headers, body: [sgv(NOW_MS, 100, { noise: 1, device: 'xDrip' })] });
    const { json } = await ask(ENTRIES, { headers, body: [sgv(NOW_MS, 101, { _id: 'a-b-c' })] });
    expect(site.entries()).toMatchObject([
      { sgv: 101, device: 'dexcom', noise: 1, identifier: 'a-b-c' },
    ]);
    // The answer does not tell.
    expect(json).toMatchObject([{ sgv: 101 }]);
  });

  it('takes a millisecond more, or another type, for another entry', async () => {
    const { ask, site } = siteWorld();
    const body = [sgv(NOW_MS), sgv(NOW_MS + 1), { type: 'mbg', mbg: 110, date: NOW_MS }];
    await ask(ENTRIES, { headers, body });
    await ask(ENTRIES, { headers, body });
    expect(site.entries()).toHaveLength(3);
  });

  it('goes by dateString where it differs from date', async () => {
    const { ask, site } = siteWorld();
    await ask(ENTRIES, { headers, body: [sgv(NOW_MS), { ...sgv(NOW_MS), date: NOW_MS + 7 }] });
    expect(site.entries()).toMatchObject([{ date: NOW_MS + 7 }]);
  });

  it.each([
    ['{"no json', 400],
    ['7', 400],
    [[{ ...sgv(NOW_MS), type: { $ne: null } }], 500],
    [[], 200],
    [{ sgv: 100 }, 200],
  ])('of %j gives HTTP %i and stores nothing', async (body, status) => {
    const { ask, site } = siteWorld();
    expect((await ask(ENTRIES, { headers, body })).status).toBe(status);
    expect(site.entries()).toEqual([]);
  });

  it('has every moment and type once, whatever comes in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat(5), fc.constantFrom('sgv', 'mbg'), fc.integer({ min: 39, max: 401 })),
        ),
        async (given) => {
          const { ask, site } = siteWorld();
          const last = new Map<string, number>();
          for (const [i, type, value] of given) {
            await ask(ENTRIES, { headers, body: [{ ...sgv(NOW_MS - i * 1000, value), type }] });
            last.set(`${NOW_MS - i * 1000} ${type}`, value);
          }
          const stored = site.entries().map((entry) => [`${entry.date} ${entry.type}`, entry.sgv]);
          expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(last));
          expect(stored).toHaveLength(last.size);
          const dates = site.entries().map(({ date }) => Number(date));
          expect(dates).toEqual(dates.toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe('reading (nightscout §4.2)', () => {
  const HOUR_MS = 3_600_000;

  async function filled() {
    const world = siteWorld();
    world.site.addEntries(Array.from({ length: 200 }, (_, i) => sgv(NOW_MS - i * HOUR_MS, 50 + i)));
    world.site.addEntries([{ type: 'mbg', mbg: 111, date: NOW_MS - 1 }]);
    const find = async (query: string) => {
      const { json } = await world.ask(`${ENTRIES}?${query}`);
      return json.map(({ sgv: value, mbg }: { sgv?: number; mbg?: number }) => value ?? mbg);
    };
    return { ...world, find };
  }

  it('gives ten, newest first', async () => {
    const { find } = await filled();
    expect(await find('')).toEqual([50, 111, 51, 52, 53, 54, 55, 56, 57, 58]);
  });

  it('gives four days if no time is asked for', async () => {
    const { find } = await filled();
    expect(await find('count=1000&find[type]=sgv')).toHaveLength(4 * 24 + 1);
    expect(await find('count=1000&find[type]=sgv&find[date][$gte]=0')).toHaveLength(200);
  });

  it.each([
    [`find[date][$gte]=${NOW_MS - 2 * HOUR_MS}`, [50, 111, 51, 52]],
    [`find[date][$gt]=${NOW_MS - 2 * HOUR_MS}`, [50, 111, 51]],
    [`find[date][$lt]=${NOW_MS - HOUR_MS}&find[date][$gte]=${NOW_MS - 3 * HOUR_MS}`, [52, 53]],
    [`find[date]=${NOW_MS}`, [50]],
    ['find[sgv][$lte]=51', [50, 51]],
    ['find[type]=mbg', [111]],
    ['find[device]=dexcom&count=2', [50, 51]],
    [`find[dateString][$gte]=2026-05-04T11`, [50, 51]],
    ['count=3', [50, 111, 51]],
  ])('of %s gives %j', async (query, values) => {
    const { find } = await filled();
    expect(await find(query)).toEqual(values);
  });

  it.each(['0', '-1', 'abc', '1.5'])('with the count %s has no limit', async (count) => {
    const { find } = await filled();
    expect(await find(`count=${count}&find[date][$gte]=0`)).toHaveLength(201);
  });

  it.each([
    ['/api/v1/entries', 10],
    ['/api/v1/entries/sgv.json', 10],
    ['/api/v1/entries/mbg', 1],
    ['/api/v1/entries/cal.json', 0],
    ['/api/v1/entries/current.json', 1],
  ])('at %s gives %i', async (path, count) => {
    const { ask } = await filled();
    expect((await ask(path)).json).toHaveLength(count);
  });
});

it('gives status and time (nightscout §4.4)', async () => {
  const { ask } = siteWorld({ clockOffsetMs: 5000 });
  const { json, headers: told } = await ask('/api/v1/status.json');
  expect(json).toMatchObject({
    ...{ status: 'ok', name: 'nightscout', version: '15.0.7' },
    ...{ serverTime: '2026-05-04T12:00:05.000Z', serverTimeEpoch: NOW_MS + 5000 },
  });
  expect(told.get('date')).toBe('Mon, 04 May 2026 12:00:05 GMT');
});

it('takes 50 MiB at the most (nightscout §4.3)', async () => {
  const { ask } = siteWorld({ maxBodyBytes: 100 });
  expect((await ask(ENTRIES, { headers, body: [sgv(NOW_MS)] })).status).toBe(413);
});

it('answers nothing else', async () => {
  const { ask } = siteWorld();
  for (const path of ['/', '/api/v1/treatments', '/api/v1/entries/x', '/API/v1/status']) {
    const { status, text } = await ask(path);
    expect([status, text]).toEqual([404, expect.stringContaining(`Cannot GET ${path}`)]);
  }
  expect((await ask(ENTRIES, { method: 'DELETE', headers })).status).toBe(404);
});

it('has no secret in what it answers', async () => {
  const { ask, bearer, site } = siteWorld();
  const seen = await Promise.all([
    ask('/api/v1/status.json', { headers }),
    ask(ENTRIES, { headers, body: [sgv(NOW_MS)] }),
    ask('/api/v3/status', { headers: await bearer('Ann') }),
  ]);
  for (const { text } of seen) {
    expect(text).not.toContain(API_SECRET);
    expect(text).not.toContain(site.accessToken('Ann'));
  }
});
