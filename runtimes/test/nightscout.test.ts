import { join } from 'node:path';
import { createNightscoutSite } from '@egvkit/nightscout-emulator';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { createRelay } from '@egvkit/relay';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, serveSite } from './browser.ts';
import { listen } from './listen.ts';
import type { PageUpload, upload } from './page/nightscout.ts';
import { HERE } from './programs.ts';

const API_SECRET = 'a secret of the owner';
const LIMIT_MS = 60_000;
const EMPTY = { type: 'text/html', text: '<!doctype html><title>Page</title>' };

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());
let page: Page;
let origin: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'test/page/nightscout.ts')],
    ...{
      bundle: true,
      format: 'iife',
      globalName: 'nightscout',
      platform: 'browser',
      write: false,
    },
  });
  const browser = await launchChromium();
  stack.defer(() => browser.close());
  const site = stack.use(await serveSite({ '/': EMPTY }));
  origin = site.origin;
  page = await browser.newPage();
  await page.goto(site.origin);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
}, LIMIT_MS);

/** Uploads in the page. */
async function inPage(given: object): Promise<Awaited<ReturnType<typeof upload>>> {
  return await page.evaluate(
    (options) =>
      (globalThis as unknown as { nightscout: { upload: typeof upload } }).nightscout.upload(
        options,
      ),
    given as PageUpload,
  );
}

async function openSite(allowOrigin: string | undefined) {
  const site = createNightscoutSite({
    ...{ apiSecret: API_SECRET, options: { allowOrigin } },
    subjects: [{ name: 'page', permissions: ['api:entries:create,read,update'] }],
  });
  const server = await serveNightscout(site);
  return { site, server, token: site.accessToken('page') ?? '' };
}

const stored = (site: Awaited<ReturnType<typeof openSite>>['site']) =>
  site.entries().map(({ type, sgv, mbg }) => [type, sgv ?? mbg]);

describe.each([1, 3] as const)('a page in Chromium, by version %i', (version) => {
  const seen = {
    hasClock: true,
    outcomes: ['posted', version === 1 ? 'posted' : 'duplicate'],
    back: [104],
  };
  const all = expect.arrayContaining([
    ['sgv', 104],
    ['mbg', 110],
  ]);

  it('uploads to a site with ENABLE=cors by a token', async () => {
    const { site, server, token } = await openSite(origin);
    await using _ = server;
    expect(await inPage({ url: server.origin, token, version })).toEqual(seen);
    expect(stored(site)).toEqual(all);
    expect(stored(site)).toHaveLength(2);
  });

  it('gets no answer of a site without', async () => {
    const { server, token } = await openSite(undefined);
    await using _ = server;
    expect(await inPage({ url: server.origin, token, version })).toEqual({
      code: 'connectionLost',
    });
  });

  it('uploads through the relay', async () => {
    const { site, server, token } = await openSite(undefined);
    await using _ = server;
    const handle = createRelay({ nightscout: server.origin, regions: [], pages: [origin] });
    await using relay = await listen(async (incoming, outgoing) => {
      const { method = 'GET', url, headers } = incoming;
      const body = Buffer.concat(await incoming.toArray());
      const answer = await handle(
        new Request(`http://127.0.0.1${url}`, {
          ...{ method, headers: headers as Record<string, string> },
          ...(method === 'POST' && { body }),
        }),
      );
      const bytes = Buffer.from(await answer.arrayBuffer());
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(bytes);
    });
    const by = version === 1 ? { apiSecret: API_SECRET } : { token };
    const given = { url: server.origin, version, relay: relay.origin, ...by };
    expect(await inPage(given)).toEqual(seen);
    expect(stored(site)).toEqual(all);
  });
});

it('a page cannot send the API secret to a site directly', async () => {
  const { site, server } = await openSite('*');
  await using _ = server;
  expect(await inPage({ url: server.origin, apiSecret: API_SECRET })).toEqual({
    code: 'connectionLost',
  });
  expect(stored(site)).toEqual([]);
});
