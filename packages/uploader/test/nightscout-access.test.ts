import { inspect } from 'node:util';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { describe, expect, it } from 'vitest';
import {
  NIGHTSCOUT_LIMITS,
  NightscoutError,
  nightscoutClock,
  nightscoutDestination,
} from '../src/destinations/nightscout/index.ts';
import { memoryJournal, runUpload } from '../src/index.ts';
import { API_SECRET, nightscoutWorld, storedIn } from './support/nightscout-world.ts';
import { NOW_MS, planned, readings, STILL, sourceOf } from './support/world.ts';

const call = { serialNumber: 'SM00000001' };
const AT = NOW_MS - 60_000;
const WRONG_SECRET = 'not the secret of it';
const WRONG_TOKEN = 'uploader-0000000000000000';

async function failureOf(work: () => Promise<unknown>): Promise<NightscoutError> {
  const error = await work().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(NightscoutError);
  return error as NightscoutError;
}

describe('prepare', () => {
  it.each([
    { version: 1, wrong: { apiSecret: WRONG_SECRET } },
    { version: 1, wrong: { token: WRONG_TOKEN } },
    { version: 3, wrong: { token: WRONG_TOKEN } },
  ] as const)(
    'finds out that $wrong is not right: version $version',
    async ({ version, wrong }) => {
      const { site } = nightscoutWorld();
      await using server = await serveNightscout(site);
      const destination = nightscoutDestination({
        ...{ url: server.origin, version, nowMs: () => NOW_MS },
        ...(wrong as { token: string }),
      });
      const error = await failureOf(() => destination.prepare({ ...call, assign: false }));
      expect(error.code).toBe('refused');
    },
  );
});

describe('nightscoutClock', () => {
  it('is told without a secret', async () => {
    const { site, sent } = nightscoutWorld({ site: { options: { clockOffsetMs: 300_000 } } });
    await using server = await serveNightscout(site);
    const clock = await nightscoutClock({ url: server.origin, nowMs: () => NOW_MS });
    expect(clock?.offsetMs).toBeCloseTo(300_000, -3);
    expect(sent).toEqual([]);
    expect(site.refusals()).toBe(0);
  });

  it('is that of the answer where the status is not for everybody', async () => {
    const { site } = nightscoutWorld({ site: { options: { defaultRoles: ['denied'] } } });
    await using server = await serveNightscout(site);
    const clock = await nightscoutClock({ url: server.origin, nowMs: () => NOW_MS });
    expect(Math.abs(clock?.offsetMs ?? Number.NaN)).toBeLessThan(1500);
  });

  it('is none of what is no site', async () => {
    const error = await failureOf(() =>
      nightscoutClock({
        url: 'https://site.example',
        fetch: async () => new Response('<p>Welcome to the hotel</p>'),
      }),
    );
    expect(error.code).toBe('notNightscout');
  });
});

/** Everything of an error that anybody may print. */
const printed = (error: unknown): string =>
  `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`;

describe('a refused secret or token', () => {
  it.each([
    { version: 1, wrong: { apiSecret: WRONG_SECRET }, what: 'API secret' },
    { version: 1, wrong: { token: WRONG_TOKEN }, what: 'token' },
    { version: 3, wrong: { token: WRONG_TOKEN }, what: 'token' },
  ] as const)(
    'is sent once, and never again: $what by version $version',
    async ({ version, wrong, what }) => {
      const { site } = nightscoutWorld();
      const seen: string[] = [];
      site.onRequest(({ phase, call: name }) => void (phase === 'received' && seen.push(name)));
      await using server = await serveNightscout(site);
      const destination = nightscoutDestination({
        ...{ url: server.origin, version, nowMs: () => NOW_MS },
        ...(wrong as { token: string }),
      });
      const upload = () =>
        runUpload({
          ...{ source: sourceOf(readings(5)), destination, journal: memoryJournal() },
          ...STILL,
        });
      const error = await failureOf(upload);
      expect(error).toMatchObject({ code: 'refused', retryable: false, data: { what } });
      const asks = [
        upload,
        upload,
        () => destination.post([planned(1, AT, 100)], call),
        () => destination.readBack!.read({}),
        () => destination.calibrations!.read({}),
        () => destination.prepare({ ...call, assign: true }),
      ];
      for (const ask of asks) await ask().catch((cause) => expect(cause.code).toBe('refused'));
      const open = seen.filter((name) => name === 'v3 version');
      const sent = seen.filter((name) => name !== 'v3 version');
      expect(sent).toHaveLength(1);
      // The version is told to everybody, and no token goes along.
      expect(open.length).toBeLessThanOrEqual(3);
      expect(storedIn(site)).toEqual([]);
    },
  );

  it.each([1, 3] as const)(
    'is refused later by version %i, and the readings stay pending',
    async (version) => {
      const { destination, site, sent } = nightscoutWorld({ version, with: 'token' });
      const journal = memoryJournal();
      const upload = (count: number) =>
        runUpload({ source: sourceOf(readings(count)), destination, journal, ...STILL });
      expect((await upload(5)).posted).toHaveLength(5);
      site.removeSubject('uploader');
      sent.length = 0;
      expect(await failureOf(() => upload(5))).toMatchObject({ code: 'refused' });
      // The pass was refused, and then the token: nothing else was tried.
      const asked = sent.filter(({ url }) => !url.endsWith('/version'));
      expect(asked.length).toBeLessThanOrEqual(2);
      sent.length = 0;
      await failureOf(() => upload(5));
      expect(sent.filter(({ url }) => !url.endsWith('/version'))).toEqual([]);
    },
  );

  it('is found out by an older site, which answers what everybody may see, at the first post', async () => {
    const { destination, site, sent } = nightscoutWorld();
    site.failNext({ kind: 'body', status: 401, body: '{}', call: 'v1 create', times: 9 });
    const upload = () =>
      runUpload({
        ...{ source: sourceOf(readings(5)), destination, journal: memoryJournal() },
        ...STILL,
      });
    expect(await failureOf(upload)).toMatchObject({ code: 'refused' });
    await failureOf(upload);
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('a JSON web token', () => {
  it.each([1, 3] as const)(
    'is got once, and renewed before it ends, by version %i',
    async (version) => {
      let nowMs = NOW_MS;
      const { destination, sent } = nightscoutWorld({
        ...{ version, with: 'token', nowMs: () => nowMs },
        site: { nowMs: () => nowMs },
      });
      const gets = () => sent.filter(({ url }) => url.includes('/authorization/')).length;
      for (let hour = 0; hour < 24; hour++) {
        await destination.readBack!.read({});
        nowMs += 3_600_000;
      }
      expect(gets()).toBe(3); // of 8 hours less a minute, asked hourly
      expect(sent).toHaveLength(24 + 3);
    },
  );

  it.each([1, 3] as const)(
    'that ends early, as when the site was restarted, is renewed by version %i',
    async (version) => {
      const { destination, site, sent } = nightscoutWorld({ version, with: 'token' });
      await destination.readBack!.read({});
      site.restart();
      await destination.post([planned(1, AT, 100)], call);
      expect(storedIn(site)).toHaveLength(1);
      expect(sent).toHaveLength(2 + 3);
    },
  );

  it('of a site that tells no times lasts half an hour', async () => {
    let nowMs = NOW_MS;
    const { destination, site, sent } = nightscoutWorld({ with: 'token', nowMs: () => nowMs });
    const { token } = (await (
      await site.fetch(
        new Request(
          `https://x.example/api/v2/authorization/request/${site.accessToken('uploader')}`,
        ),
      )
    ).json()) as { token: string };
    site.failNext({
      ...{ kind: 'body', status: 200, body: JSON.stringify({ token }) },
      ...{ call: 'v2 authorize', times: 9 },
    });
    for (const minutes of [0, 28, 30]) {
      nowMs = NOW_MS + minutes * 60_000;
      await destination.readBack!.read({});
    }
    expect(sent.filter(({ url }) => url.includes('/authorization/'))).toHaveLength(2);
  });
});

describe('a missing permission', () => {
  it.each([
    { version: 1, permissions: ['api:entries:read'], missing: 'api:entries:create' },
    { version: 3, permissions: ['api:entries:read'], missing: 'api:entries:create' },
    { version: 3, permissions: ['api:entries:read,create'], missing: 'api:entries:update' },
  ] as const)(
    'is told before anything is sent: $missing by version $version',
    async ({ version, permissions, missing }) => {
      const { destination, site, sent } = nightscoutWorld({
        ...{ version, with: 'token' },
        site: { subjects: [{ name: 'uploader', permissions }] },
      });
      const error = await failureOf(() => destination.prepare({ ...call, assign: false }));
      expect(error).toMatchObject({
        code: 'permissionMissing',
        retryable: false,
        data: { permission: missing },
      });
      expect(sent.every(({ method }) => method === 'GET')).toBe(true);
      // It may be given meanwhile.
      site.addSubject({ name: 'uploader', roles: ['admin'] });
      site.restart();
      await nightscoutWorld({ version, with: 'token' }).destination.prepare({
        ...call,
        assign: false,
      });
    },
  );

  it('is told by a post as well', async () => {
    for (const version of [1, 3] as const) {
      const { destination } = nightscoutWorld({
        ...{ version, with: 'token' },
        site: { subjects: [{ name: 'uploader', permissions: ['api:entries:read'] }] },
      });
      const error = await failureOf(() => destination.post([planned(1, AT, 100)], call));
      expect(error).toMatchObject({
        ...{ code: 'permissionMissing', outcomeUnknown: false },
        data: { permission: 'api:entries:create' },
      });
    }
  });

  it('to the status leaves the clock to the header of the answer', async () => {
    const { destination } = nightscoutWorld({
      with: 'token',
      site: {
        options: { defaultRoles: ['denied'], clockOffsetMs: 300_000 },
        subjects: [{ name: 'uploader', permissions: ['api:entries:create,read'] }],
      },
    });
    const clock = await destination.clockOffset({});
    expect(clock).toEqual({ offsetMs: 300_500, uncertaintyMs: 500 });
  });

  it.each([
    ['*', true],
    ['api', true],
    ['api:*', true],
    ['*:*:create', true],
    ['api:entries', true],
    ['api:entries:create', true],
    ['api:treatments,entries:read,create', true],
    ['api:entries:read', false],
    ['api:treatments:*', false],
    ['admin:entries:create', false],
  ])('is none for the permission %s: %s', async (permission, isEnough) => {
    const { destination } = nightscoutWorld({
      with: 'token',
      site: { subjects: [{ name: 'uploader', permissions: [permission] }] },
    });
    const preparing = destination.prepare({ ...call, assign: false });
    await (isEnough
      ? expect(preparing).resolves.toBeUndefined()
      : expect(preparing).rejects.toMatchObject({ code: 'permissionMissing' }));
  });
});

describe('secrets', () => {
  const failures = [
    { kind: 'html', status: 500 },
    { kind: 'html', status: 404 },
    { kind: 'html', status: 200 },
    { kind: 'body', status: 400, body: JSON.stringify({ message: API_SECRET }) },
    { kind: 'body', status: 200, body: JSON.stringify({ odd: API_SECRET }) },
    {
      kind: 'body',
      status: 403,
      body: JSON.stringify({ message: `Missing permission ${API_SECRET}` }),
    },
    { kind: 'redirect', status: 307, location: 'https://elsewhere.example/' },
    { kind: 'drop', when: 'before' },
    { kind: 'drop', when: 'after' },
    { kind: 'truncate' },
  ] as const;

  it.each(failures)('are in no error, whatever fails: $kind $status', async (failure) => {
    for (const options of [
      { version: 1 },
      { version: 1, with: 'token' },
      { version: 3 },
    ] as const) {
      const { destination, site, token } = nightscoutWorld(options);
      const asks = [
        () => destination.clockOffset({}),
        () => destination.prepare({ ...call, assign: true }),
        () => destination.readBack!.read({}),
        () => destination.post([planned(1, AT, 100)], call),
      ];
      for (const ask of asks) {
        site.failNext({ ...failure, times: 2 });
        const error = await ask().catch((cause: unknown) => cause);
        for (const secret of [API_SECRET, token, '495c1864ae9a9b02', 'eyJ']) {
          expect(printed(error)).not.toContain(secret);
        }
        site.clearFailures();
      }
    }
  });

  it('are in no error of a fetch that repeats the address', async () => {
    const { token } = nightscoutWorld();
    const destination = nightscoutDestination({
      ...{ url: 'https://site.example', token },
      fetch: async (url) => {
        throw new TypeError(`fetch failed: ${url}`, { cause: { code: 'ECONNRESET', url } });
      },
    });
    const error = await failureOf(() => destination.readBack!.read({}));
    expect(error).toMatchObject({
      code: 'connectionLost',
      data: { reason: 'it was closed from the other side (ECONNRESET)' },
    });
    expect(error.message).toContain('GET /api/v2/authorization/request/…');
    expect(printed(error)).not.toContain(token);
  });

  it('of another form are refused before anything is sent, and not shown', () => {
    const url = 'https://site.example';
    for (const token of ['a b', 'a/b', 'a?b', '', 'ä', 'x'.repeat(129)]) {
      const make = () => nightscoutDestination({ url, token });
      expect(make).toThrow('The token is of another form (not shown)');
    }
    expect(() => nightscoutDestination({ url, apiSecret: 'short' })).toThrow('is 5; it must be 12');
    expect(() => nightscoutDestination({ url } as never)).toThrow('apiSecret and token is 0');
    expect(() =>
      nightscoutDestination({ url, apiSecret: API_SECRET, token: 'a' } as never),
    ).toThrow('apiSecret and token is 2');
    expect(() => nightscoutDestination({ url, apiSecret: API_SECRET, version: 3 })).toThrow(
      'takes no API secret',
    );
    expect(() => nightscoutDestination({ url, token: 'a', version: 2 as never })).toThrow('1 or 3');
  });

  it.each([
    ['site.example', 'badAddress'],
    ['ftp://site.example', 'badAddress'],
    ['https://name:word@site.example', 'badAddress'],
    ['https://site.example/?token=x', 'badAddress'],
    ['https://site.example/#x', 'badAddress'],
    ['http://site.example', 'insecureAddress'],
    ['http://localhost.example', 'insecureAddress'],
  ])('go to no such address: %s', (url, code) => {
    expect(() => nightscoutDestination({ url, apiSecret: API_SECRET })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('go to a site below a path, and to this computer by http', async () => {
    const urls: string[] = [];
    for (const url of ['https://host.example/ns/', 'http://localhost:1337', 'http://[::1]:1']) {
      const destination = nightscoutDestination({
        ...{ url, apiSecret: API_SECRET },
        fetch: async (address) => {
          urls.push(address);
          return Response.json([]);
        },
      });
      await destination.post([planned(1, AT, 100)], call);
    }
    expect(urls).toEqual([
      'https://host.example/ns/api/v1/entries.json',
      'http://localhost:1337/api/v1/entries.json',
      'http://[::1]:1/api/v1/entries.json',
    ]);
  });

  it('go along with no redirect', async () => {
    const { site, token } = nightscoutWorld({
      site: {
        ...{ apiSecret: API_SECRET, options: { insecureUseHttp: false } },
        subjects: [{ name: 'uploader', roles: ['admin'] }],
      },
    });
    await using server = await serveNightscout(site);
    for (const by of [{ apiSecret: API_SECRET }, { token }] as const) {
      const destination = nightscoutDestination({
        url: server.origin,
        ...(by as { token: string }),
      });
      const error = await failureOf(() => destination.readBack!.read({}));
      expect(error).toMatchObject({ code: 'redirected', retryable: true });
    }
  });
});

it('takes 39 to 401 of 30 days', () => {
  expect(NIGHTSCOUT_LIMITS).toMatchObject({
    ...{ lowestValue: 39, highestValue: 401, timeStepMs: 1000 },
    windowMs: 30 * 86_400_000,
  });
});
