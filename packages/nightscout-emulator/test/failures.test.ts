import { describe, expect, it } from 'vitest';
import { ConnectionDropped, createNightscoutSite } from '../src/index.ts';
import { serveNightscout } from '../src/node.ts';
import { API_SECRET, NOW_MS, SECRET_HEADER, sgv, siteWorld } from './support.ts';

const ENTRIES = '/api/v1/entries.json';
const headers = SECRET_HEADER;
const body = [sgv(NOW_MS)];

describe('failures', () => {
  it('come once, at their call, in their order', async () => {
    const { ask, site } = siteWorld();
    site.failNext({ kind: 'html', status: 503, call: 'v1 create', retryAfterSeconds: 7 });
    site.failNext({ kind: 'body', status: 418, body: '{"a":1}' });
    expect((await ask(ENTRIES)).json).toEqual({ a: 1 });
    const { status, headers: told, text } = await ask(ENTRIES, { headers, body });
    expect([status, told.get('retry-after')]).toEqual([503, '7']);
    expect(text).toMatch(/^<!DOCTYPE html>/);
    expect(site.entries()).toEqual([]);
    expect((await ask(ENTRIES, { headers, body })).status).toBe(200);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)(
    'drop the connection %s the request is carried out: %i stored',
    async (when, stored) => {
      const { ask, site } = siteWorld();
      site.failNext({ kind: 'drop', when });
      await expect(ask(ENTRIES, { headers, body })).rejects.toThrow(ConnectionDropped);
      expect(site.entries()).toHaveLength(stored);
    },
  );

  it('are an outage until it is over', async () => {
    const { ask, site } = siteWorld();
    site.failNext({ kind: 'html', status: 502, times: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 5; i++) expect((await ask(ENTRIES)).status).toBe(502);
    site.clearFailures();
    expect((await ask(ENTRIES)).status).toBe(200);
  });

  it('cut an answer off in its middle', async () => {
    const { ask, site } = siteWorld();
    site.failNext({ kind: 'truncate' });
    await expect(ask(ENTRIES, { headers, body })).rejects.toThrow();
    expect(site.entries()).toHaveLength(1);
  });

  it('are slow by the time of whoever asks', async () => {
    const { ask, site, slept } = siteWorld();
    site.failNext({ kind: 'latency', ms: 90_000 });
    expect((await ask(ENTRIES)).status).toBe(200);
    expect(slept).toEqual([90_000]);
  });

  it('hang until the request is given up', async () => {
    const { site } = siteWorld();
    for (const when of ['before', 'after'] as const) {
      site.failNext({ kind: 'hang', when });
      const stop = new AbortController();
      const url = `https://site.example${ENTRIES}`;
      const answer = site.fetch(new Request(url, { signal: stop.signal }));
      stop.abort(new Error('given up'));
      await expect(answer).rejects.toThrow();
    }
  });

  it('send elsewhere', async () => {
    const { ask, site } = siteWorld();
    site.failNext({ kind: 'redirect', status: 302, location: 'https://elsewhere.example/' });
    const { status, headers: told } = await ask(ENTRIES, { headers, body });
    expect([status, told.get('location')]).toEqual([302, 'https://elsewhere.example/']);
    expect(site.entries()).toEqual([]);
  });

  it('are told of, as is every request', async () => {
    const { ask, site } = siteWorld();
    const seen: string[] = [];
    const stop = site.onRequest(async ({ phase, call, request, status }) => {
      seen.push(`${request} ${call} ${phase} ${status}`);
    });
    await ask(ENTRIES, { headers, body });
    await ask('/api/v3/version');
    stop();
    await ask(ENTRIES);
    expect(seen).toEqual([
      ...['1 v1 create received undefined', '1 v1 create committed 200'],
      ...['2 v3 version received undefined', '2 v3 version committed 200'],
    ]);
  });
});

it('gives the same answers each time, without a clock or timer of the system', async () => {
  const run = async () => {
    const { ask, bearer, site } = siteWorld();
    const seen: string[] = [];
    for (let i = 0; i < 20; i++) {
      seen.push((await ask(ENTRIES, { headers, body: [sgv(NOW_MS + i * 1000, 100 + i)] })).text);
    }
    seen.push(JSON.stringify(await bearer('Ann')));
    seen.push((await ask('/api/v3/entries', { headers: await bearer('Ann') })).text);
    return [...seen, JSON.stringify(site.entries())];
  };
  expect(await run()).toEqual(await run());
});

describe('on a port', () => {
  const site = () => createNightscoutSite({ apiSecret: API_SECRET });

  it('answers as it does without', async () => {
    const served = site();
    await using server = await serveNightscout(served);
    const post = await fetch(server.origin + ENTRIES, {
      ...{ method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      body: JSON.stringify([sgv(Date.now())]),
    });
    expect([post.status, await post.json()]).toMatchObject([200, [{ sgv: 100 }]]);
    const back = await fetch(server.origin + ENTRIES);
    expect(await back.json()).toHaveLength(1);
    expect((await fetch(`${server.origin}/nothing`)).status).toBe(404);
  });

  it('drops, cuts and hangs as it is told to', async () => {
    const served = site();
    await using server = await serveNightscout(served);
    const get = async () => await (await fetch(server.origin + ENTRIES)).text();
    served.failNext({ kind: 'drop', when: 'before' });
    await expect(get()).rejects.toThrow();
    served.failNext({ kind: 'truncate' });
    await expect(get()).rejects.toThrow();
    served.failNext({ kind: 'hang', when: 'before' });
    const stop = new AbortController();
    const hanging = fetch(server.origin + ENTRIES, { signal: stop.signal });
    const arrived = new Promise<void>((resolve) => served.onRequest(() => resolve()));
    await arrived;
    stop.abort();
    await expect(hanging).rejects.toThrow();
    expect(await get()).toBe('[]');
  });

  it('answers no name that a page may have pointed at this computer', async () => {
    const { request } = await import('node:http');
    await using server = await serveNightscout(site());
    const status = await new Promise((resolve, reject) => {
      request(server.origin + ENTRIES, { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('tells that a port is taken, and closes once and for all', async () => {
    const server = await serveNightscout(site());
    const port = Number(new URL(server.origin).port);
    await expect(serveNightscout(site(), { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
    await server.close();
    await expect(fetch(server.origin)).rejects.toThrow();
  });
});
