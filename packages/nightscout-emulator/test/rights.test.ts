import { describe, expect, it } from 'vitest';
import { createNightscoutSite } from '../src/index.ts';
import { sha1 } from '../src/sha1.ts';
import { API_SECRET, NOW_MS, SECRET_HEADER, sgv, siteWorld } from './support.ts';

const ENTRIES = '/api/v1/entries.json';
const REFUSED = { status: 401, message: 'Unauthorized', description: 'Invalid/Missing' };
const body = [sgv(NOW_MS)];

describe('the API secret (nightscout §3.1)', () => {
  it('has twelve characters or more', () => {
    expect(() => createNightscoutSite({ apiSecret: 'eleven char' })).toThrow('fewer than 12');
  });

  it.each([
    ['its SHA-1', SECRET_HEADER],
    ['its SHA-1 in capitals', { 'api-secret': SECRET_HEADER['api-secret'].toUpperCase() }],
  ])('lets in by %s', async (_, headers) => {
    const { ask } = siteWorld({ defaultRoles: ['denied'] });
    expect((await ask(ENTRIES, { headers, body })).status).toBe(200);
  });

  it('lets in by the query, as some programs send it', async () => {
    const { ask } = siteWorld();
    const path = `${ENTRIES}?secret=${sha1(API_SECRET)}`;
    expect((await ask(path, { body })).status).toBe(200);
  });

  it.each([API_SECRET, sha1('another secret of somebody'), 'x'])(
    'does not let in by %s, nor to what everybody may see',
    async (secret) => {
      const { ask } = siteWorld();
      const headers = { 'api-secret': secret };
      expect((await ask(ENTRIES, { headers, body })).json).toEqual(REFUSED);
      expect((await ask(ENTRIES, { headers })).status).toBe(401);
      expect((await ask(ENTRIES)).status).toBe(200);
    },
  );

  it('that is the word null is none', async () => {
    const { ask, site } = siteWorld();
    expect((await ask(ENTRIES, { headers: { 'api-secret': 'null' } })).status).toBe(200);
    expect(site.refusals()).toBe(0);
  });

  it('that has changed is refused from then on', async () => {
    const { ask, site } = siteWorld();
    site.setApiSecret('another secret of it');
    expect((await ask(ENTRIES, { headers: SECRET_HEADER })).status).toBe(401);
  });

  it('counts for nothing in version 3', async () => {
    const { ask } = siteWorld();
    expect(await ask('/api/v3/entries', { headers: SECRET_HEADER })).toMatchObject({
      json: { status: 401, message: 'Missing or bad access token or JWT' },
    });
  });
});

describe('tokens (nightscout §3.2)', () => {
  it('have the form that sites give them', () => {
    const { site } = siteWorld();
    expect(site.accessToken('Ann')).toMatch(/^ann-[0-9a-f]{16}$/);
    expect(site.addSubject({ name: 'My Old Uploader!' })).toMatch(/^myolduploa-[0-9a-f]{16}$/);
    expect(site.accessToken('nobody')).toBeUndefined();
  });

  it('are exchanged for a JSON web token of eight hours', async () => {
    const { ask, site } = siteWorld();
    const { status, json } = await ask(`/api/v2/authorization/request/${site.accessToken('Ann')}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      ...{ token: expect.stringMatching(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/), sub: 'Ann' },
      ...{ iat: NOW_MS / 1000, exp: NOW_MS / 1000 + 8 * 3600 },
      permissionGroups: [['*'], ['*:*:read']],
    });
  });

  it('that nobody has are refused', async () => {
    const { ask } = siteWorld();
    const { status, json } = await ask('/api/v2/authorization/request/ann-0000000000000000');
    expect([status, json]).toEqual([401, REFUSED]);
  });

  it.each(['v1', 'v3'])(
    'let in by version %s until they end, the site starts anew or the subject goes',
    async (v) => {
      const { ask, bearer, site, clock } = siteWorld({
        defaultRoles: ['denied'],
        refusalDelayMs: 0,
      });
      const path = v === 'v1' ? ENTRIES : '/api/v3/entries';
      const headers = await bearer('Ann');
      const statusNow = async () => (await ask(path, { headers })).status;
      clock.nowMs += 8 * 3_600_000 - 1;
      expect(await statusNow()).toBe(200);
      clock.nowMs += 1;
      expect(await statusNow()).toBe(401);
      const next = await bearer('Ann');
      expect((await ask(path, { headers: next })).status).toBe(200);
      site.restart();
      expect((await ask(path, { headers: next })).status).toBe(401);
      const renewed = await bearer('Ann');
      expect((await ask(path, { headers: renewed })).status).toBe(200);
      site.removeSubject('Ann');
      expect((await ask(path, { headers: renewed })).status).toBe(401);
    },
  );

  it('let in as they are: in the query, or in the place of the secret, also by their SHA-1', async () => {
    const { ask, site } = siteWorld({ defaultRoles: ['denied'] });
    const token = site.accessToken('Ann') ?? '';
    expect((await ask(`${ENTRIES}?token=${token}`)).status).toBe(200);
    for (const secret of [token, sha1(token)]) {
      expect((await ask(ENTRIES, { headers: { 'api-secret': secret } })).status).toBe(200);
    }
    expect((await ask(`${ENTRIES}?token=nobody-0`)).status).toBe(401);
  });

  it('that were changed are refused', async () => {
    const { ask, bearer } = siteWorld({ refusalDelayMs: 0 });
    const { authorization = '' } = await bearer('reader');
    const [head, , tail] = authorization.split('.');
    const claims = { accessToken: 'ann-0', iat: 0, exp: 9e9 };
    const payload = btoa(JSON.stringify(claims)).replace(/=+$/, '');
    for (const forged of [
      `${head}.${payload}.${tail}`,
      'Bearer x',
      'Bearer a.b.c',
      `${authorization}x`,
    ]) {
      expect((await ask('/api/v3/entries', { headers: { authorization: forged } })).json).toEqual({
        ...{ status: 401, message: 'Bad access token or JWT' },
      });
    }
  });
});

describe('permissions (nightscout §3.3, §3.5)', () => {
  it.each([
    ['Ann', 200, 201],
    ['writer', 200, 201],
    ['reader', 401, 403],
  ])('of %s give a post HTTP %i by version 1 and %i by version 3', async (name, v1, v3) => {
    const { ask, bearer } = siteWorld({ refusalDelayMs: 0 });
    const headers = await bearer(name);
    expect((await ask(ENTRIES, { headers, body })).status).toBe(v1);
    const later = { ...sgv(NOW_MS + 1), app: 'x', utcOffset: 0 };
    expect((await ask('/api/v3/entries', { headers, body: later })).status).toBe(v3);
  });

  it('to post by version 1 are two: the one to read is asked for as well', async () => {
    const { ask, bearer, site } = siteWorld({ defaultRoles: ['denied'] });
    site.addSubject({ name: 'blind', permissions: ['api:entries:create'] });
    const headers = await bearer('blind');
    expect((await ask(ENTRIES, { headers, body })).status).toBe(401);
    const later = { ...sgv(NOW_MS + 1), app: 'x', utcOffset: 0 };
    expect((await ask('/api/v3/entries', { headers, body: later })).status).toBe(201);
  });

  it('of everybody are to read, unless the owner says otherwise', async () => {
    for (const [role, status] of [
      ['readable', 200],
      ['denied', 401],
      ['status-only', 401],
    ] as const) {
      const { ask } = siteWorld({ defaultRoles: [role] });
      expect((await ask(ENTRIES)).status).toBe(status);
      expect((await ask(ENTRIES, { body })).status).toBe(401);
      expect((await ask('/api/v1/status')).status).toBe(role === 'denied' ? 401 : 200);
    }
  });

  it('that are missing are named by version 3', async () => {
    const { ask, bearer } = siteWorld();
    const headers = await bearer('reader');
    const entry = { ...sgv(NOW_MS), app: 'x', utcOffset: 0 };
    expect((await ask('/api/v3/entries', { headers, body: entry })).json).toEqual({
      ...{ status: 403, message: 'Missing permission api:entries:create' },
    });
  });
});

describe('after a refusal (nightscout §3.4)', () => {
  const wrong = { 'api-secret': sha1('a wrong secret of it') };

  it('all wait five seconds more, until one succeeds', async () => {
    const { ask, slept, site } = siteWorld();
    await ask(ENTRIES, { headers: wrong });
    expect(slept).toEqual([]);
    await ask(ENTRIES, { headers: wrong });
    await ask(ENTRIES);
    await ask(ENTRIES, { headers: SECRET_HEADER });
    await ask(ENTRIES, { headers: SECRET_HEADER });
    expect(slept).toEqual([5000, 5000]);
    expect(site.refusals()).toBe(2);
  });

  it('other addresses do not', async () => {
    const { ask, slept } = siteWorld();
    await ask(ENTRIES, { headers: { ...wrong, 'x-forwarded-for': '192.0.2.1' } });
    await ask(ENTRIES, { headers: { ...SECRET_HEADER, 'x-forwarded-for': '192.0.2.2' } });
    expect(slept).toEqual([]);
    await ask(ENTRIES, { headers: { ...SECRET_HEADER, 'x-forwarded-for': '192.0.2.1' } });
    expect(slept).toEqual([5000]);
  });

  it('a JSON web token that has ended counts as one', async () => {
    const { ask, bearer, site, slept } = siteWorld();
    const headers = await bearer('Ann');
    site.restart();
    await ask('/api/v3/entries', { headers });
    await ask('/api/v3/entries', { headers: await bearer('Ann') });
    expect([site.refusals(), slept]).toEqual([1, [5000]]);
  });
});

describe('pages and https (nightscout §6)', () => {
  const origin = 'https://glucose.example';

  it('pages may ask only where the owner lets them, and never with the secret', async () => {
    const closed = siteWorld();
    const open = siteWorld({ allowOrigin: '*' });
    const preflight = { method: 'OPTIONS', headers: { origin } };
    expect(
      (await closed.ask(ENTRIES, preflight)).headers.get('access-control-allow-origin'),
    ).toBeNull();
    const { status, headers } = await open.ask(ENTRIES, preflight);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const allowed = headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    expect(allowed).toContain('authorization');
    expect(allowed).not.toContain('api-secret');
    expect((await open.ask(ENTRIES)).headers.get('access-control-allow-origin')).toBe('*');
  });

  it('http is sent to https, unless the owner lets it in', async () => {
    const { site } = siteWorld({ insecureUseHttp: false });
    const url = 'http://site.example/api/v1/status.json?token=x';
    const answer = await site.fetch(new Request(url));
    expect(answer.status).toBe(307);
    expect(answer.headers.get('location')).toBe(url.replace('http:', 'https:'));
    const headers = { 'x-forwarded-proto': 'https' };
    expect((await site.fetch(new Request(url, { headers }))).status).toBe(200);
    const { site: open } = siteWorld();
    expect((await open.fetch(new Request(url))).status).toBe(200);
  });
});
