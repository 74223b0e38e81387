import { describe, expect, it } from 'vitest';
import { identifierOf } from '../src/entries-v3.ts';
import { NOW_MS, SECRET_HEADER, sgv, siteWorld } from './support.ts';

const ENTRIES = '/api/v3/entries';

async function signedIn(options = {}, name = 'Ann') {
  const world = siteWorld(options);
  const headers = await world.bearer(name);
  const post = (body: unknown) => world.ask(ENTRIES, { headers, body });
  const get = (query = '') => world.ask(`${ENTRIES}${query}`, { headers });
  return { ...world, headers, post, get };
}

const entry = (date: number, value = 100, more: object = {}) => ({
  ...sgv(date, value),
  ...{ app: 'a test', utcOffset: 0, ...more },
});

describe('posting (nightscout §5.3)', () => {
  it('stores one entry with an identifier of device and time', async () => {
    const { post, site } = await signedIn();
    const { status, json, headers } = await post(entry(NOW_MS));
    expect(status).toBe(201);
    // As Python's uuid makes it of "dexcom_1777896000000" in the namespace "NightscoutRocks!".
    const identifier = '94cb17ea-8c80-57e0-ba81-6848c7de6786';
    expect(json).toEqual({ status: 201, identifier, lastModified: NOW_MS });
    expect(headers.get('location')).toBe(`/api/v3/entries/${identifier}`);
    expect(site.entries()).toMatchObject([
      {
        ...{ identifier, subject: 'Ann', srvCreated: NOW_MS, srvModified: NOW_MS },
        created_at: '2026-05-04T12:00:00.000Z',
      },
    ]);
  });

  it('replaces the whole of an entry with the same identifier, and says so', async () => {
    const { post, site, clock } = await signedIn();
    await post(entry(NOW_MS, 100, { noise: 1 }));
    clock.nowMs += 1000;
    const { status, json } = await post(entry(NOW_MS, 101));
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 200, isDeduplication: true, lastModified: NOW_MS + 1000 });
    expect(json).not.toHaveProperty('deduplicatedIdentifier');
    expect(site.entries()).toMatchObject([{ sgv: 101, srvCreated: NOW_MS }]);
    expect(site.entries()[0]).not.toHaveProperty('noise');
  });

  it('which needs the permission to update', async () => {
    const { post } = await signedIn({}, 'writer');
    expect((await post(entry(NOW_MS))).status).toBe(201);
    expect((await post(entry(NOW_MS))).json).toEqual({
      ...{ status: 403, message: 'Missing permission api:entries:update' },
    });
  });

  it('takes a meter value of the same device and millisecond for the same entry', async () => {
    const { post, site } = await signedIn();
    await post(entry(NOW_MS));
    const { sgv: _, ...meter } = entry(NOW_MS);
    expect((await post({ ...meter, type: 'mbg', mbg: 110 })).status).toBe(200);
    expect(site.entries()).toMatchObject([{ type: 'mbg' }]);
    expect((await post({ ...meter, type: 'cal', identifier: 'its-own' })).status).toBe(201);
  });

  it('knows an entry of version 1 again by time and type', async () => {
    const { post, ask, site } = await signedIn();
    const old = { ...sgv(NOW_MS), app: 'a test' };
    await ask('/api/v1/entries', { headers: SECRET_HEADER, body: [old] });
    const [{ _id: id } = {}] = site.entries();
    const { status, json } = await post(entry(NOW_MS));
    expect(status).toBe(200);
    expect(json).toMatchObject({ isDeduplication: true, deduplicatedIdentifier: id });
    expect(site.entries()).toHaveLength(1);
    // Another type, or a millisecond more, is another.
    expect((await post(entry(NOW_MS + 1))).status).toBe(201);
  });

  it('unless the owner has turned that off', async () => {
    const { post, site } = await signedIn({ dedupFallback: false });
    site.addEntries([sgv(NOW_MS)]);
    expect((await post(entry(NOW_MS))).status).toBe(201);
    expect(site.entries()).toHaveLength(2);
  });

  it.each([
    ['app', { app: 'another' }],
    ['device', { device: 'another', identifier: 'same' }],
    ['utcOffset', { utcOffset: 60 }],
    ['date', { date: NOW_MS + 1, identifier: 'same' }],
  ])('does not change %s', async (field, change) => {
    const { post } = await signedIn();
    await post(entry(NOW_MS, 100, 'identifier' in change ? { identifier: 'same' } : {}));
    expect((await post(entry(NOW_MS, 100, change))).json).toEqual({
      ...{ status: 400, message: `Field ${field} cannot be modified by the client` },
    });
  });

  it.each([
    [{}, 'request body'],
    [[entry(NOW_MS)], 'request body'],
    ['{"no', 'request body'],
    [{ ...entry(NOW_MS), date: undefined }, 'date field'],
    [entry(-5), 'date field'],
    [entry(NOW_MS, 100, { utcOffset: 1500 }), 'utcOffset field'],
    [entry(NOW_MS, 100, { utcOffset: '0' }), 'utcOffset field'],
    [entry(NOW_MS, 100, { app: ' ' }), 'app field'],
  ])('refuses %j', async (body, what) => {
    const { post, site } = await signedIn();
    expect((await post(body)).json).toEqual({ status: 400, message: `Bad or missing ${what}` });
    expect(site.entries()).toEqual([]);
  });

  it('reads a time in seconds or in words', async () => {
    const { post, site } = await signedIn();
    await post({ ...entry(0), date: NOW_MS / 1000 });
    await post({ ...entry(0), date: '2026-05-04T12:00:01.000Z', utcOffset: undefined });
    expect(site.entries()).toMatchObject([{ date: NOW_MS }, { date: NOW_MS + 1000, utcOffset: 0 }]);
  });

  it('answers 500 to too long a request (nightscout §4.3)', async () => {
    const { post } = await signedIn({ maxBodyBytes: 10 });
    expect((await post(entry(NOW_MS))).status).toBe(500);
  });

  it('is not seen by version 1, which takes the same moment for another entry', async () => {
    const { post, ask, site } = await signedIn();
    const { dateString: _, ...bare } = entry(NOW_MS);
    await post(bare);
    await ask('/api/v1/entries', { headers: SECRET_HEADER, body: [sgv(NOW_MS)] });
    expect(site.entries()).toHaveLength(2);
  });
});

describe('reading (nightscout §5.4)', () => {
  async function filled(options = {}) {
    const world = await signedIn(options);
    world.site.addEntries(Array.from({ length: 20 }, (_, i) => sgv(NOW_MS - i * 60_000, 100 + i)));
    const values = async (query: string) =>
      (await world.get(query)).json.result.map(({ sgv: value }: { sgv: number }) => value);
    return { ...world, values };
  }

  it.each([
    ['?sort$desc=date&limit=3', [100, 101, 102]],
    ['?sort=date&limit=2', [119, 118]],
    ['?limit=1', [119]],
    ['?sort$desc=date&limit=2&skip=5', [105, 106]],
    [`?date$gte=${NOW_MS - 60_000}`, [101, 100]],
    [`?date$gt=${NOW_MS - 60_000}`, [100]],
    [`?date$lt=${NOW_MS - 17 * 60_000}`, [119, 118]],
    [`?date$lte=${NOW_MS - 18 * 60_000}`, [119, 118]],
    [`?date$eq=${NOW_MS}`, [100]],
    [`?date=${NOW_MS}`, [100]],
    ['?date$gte=2026-05-04T11:59:00.000Z', [101, 100]],
    ['?sgv$in=100|103', [103, 100]],
    ['?sgv$gte=118', [119, 118]],
    ['?type$eq=mbg', []],
    ['?type$re=^s&sgv$ne=100&limit=1', [119]],
    ["?device$eq='dexcom'&limit=1", [119]],
    ['?device$nin=dexcom|share2', []],
  ])('of %s gives %j', async (query, expected) => {
    const { values } = await filled();
    expect(await values(query)).toEqual(expected);
  });

  it.each([
    ['?limit=11', 'Parameter limit out of tolerance'],
    ['?limit=0', 'Parameter limit out of tolerance'],
    ['?limit=x', 'Parameter limit out of tolerance'],
    ['?skip=-1', 'Parameter skip out of tolerance'],
    ['?date$about=1', 'Unsupported filter operator about'],
    ['?sort=date&sort$desc=date', 'Parameters sort and sort_desc cannot be combined'],
  ])('of %s is refused', async (query, message) => {
    const { get } = await filled({ maxLimit: 10 });
    expect((await get(query)).json).toEqual({ status: 400, message });
  });

  it('gives as many as the owner lets without a limit', async () => {
    const { values } = await filled({ maxLimit: 10 });
    expect(await values('')).toHaveLength(10);
  });

  it('gives an entry of version 1 its number as identifier, and leaves out deleted ones', async () => {
    const { site, get, post } = await filled();
    const [{ _id: id } = {}] = site.entries();
    expect((await get('?limit=1')).json.result).toMatchObject([{ identifier: id, sgv: 119 }]);
    await post(entry(NOW_MS + 1000, 99, { isValid: false }));
    expect((await get('?sgv$eq=99')).json.result).toEqual([]);
  });
});

describe('versions (nightscout §5.1, §5.2)', () => {
  it('tell themselves to everybody', async () => {
    const { ask } = siteWorld({ clockOffsetMs: -3000, defaultRoles: ['denied'] });
    expect((await ask('/api/v3/version')).json).toMatchObject({
      ...{
        status: 200,
        result: { version: '15.0.7', apiVersion: '3.0.5', srvDate: NOW_MS - 3000 },
      },
    });
  });

  it.each([
    ['Ann', 'crud'],
    ['writer', 'cr'],
    ['reader', 'r'],
  ])('tell %s its rights: %s', async (name, letters) => {
    const { ask, headers } = await signedIn({ defaultRoles: ['denied'] }, name);
    const { json } = await ask('/api/v3/status', { headers });
    expect(json.result.apiPermissions).toEqual({ entries: letters });
  });

  it('tell the last change', async () => {
    const { ask, headers, post, clock } = await signedIn();
    expect((await ask('/api/v3/lastModified', { headers })).json.result.collections).toEqual({});
    clock.nowMs += 5000;
    await post(entry(NOW_MS));
    const { json } = await ask('/api/v3/lastModified', { headers });
    expect(json.result).toEqual({
      srvDate: NOW_MS + 5000,
      collections: { entries: NOW_MS + 5000 },
    });
  });

  it('of 2020 answer bare', async () => {
    const { ask, headers, post, get } = await signedIn({ api3: 'bare' });
    expect((await ask('/api/v3/version')).json).toMatchObject({ apiVersion: '3.0.5' });
    expect((await ask('/api/v3/status', { headers })).json.apiPermissions).toBeDefined();
    expect(await post(entry(NOW_MS))).toMatchObject({ status: 201, text: '' });
    expect(await post(entry(NOW_MS))).toMatchObject({ status: 204, text: '' });
    expect((await get()).json).toHaveLength(1);
  });

  it('before that want the time with each request', async () => {
    const { get } = await signedIn({ api3: 'dated' });
    expect((await get()).json).toEqual({ status: 401, message: 'Missing Date header' });
    expect((await get(`?now=${NOW_MS}`)).status).toBe(200);
  });

  it('before those have no version 3', async () => {
    const { ask } = siteWorld({ api3: 'none' });
    const { status, text } = await ask('/api/v3/version');
    expect([status, text]).toEqual([404, expect.stringContaining('Cannot GET /api/v3/version')]);
    expect((await ask('/api/v1/status.json')).status).toBe(200);
  });
});

it('makes identifiers of the event as well, where there is one', () => {
  const identifier = identifierOf({ device: 'a', date: 1, eventType: 'Note' });
  expect(identifier).not.toBe(identifierOf({ device: 'a', date: 1 }));
});
