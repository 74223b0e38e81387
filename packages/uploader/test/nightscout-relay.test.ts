import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { createRelay } from '@egvkit/relay';
import { relayFetch } from '@egvkit/relay/page';
import { describe, expect, it } from 'vitest';
import { nightscoutDestination } from '../src/destinations/nightscout/index.ts';
import { memoryJournal, runUpload, verifyUpload } from '../src/index.ts';
import { API_SECRET, nightscoutWorld, storedIn } from './support/nightscout-world.ts';
import { NOW_MS, readings, STILL, sourceOf } from './support/world.ts';

const PAGE = 'https://glucose.example';

describe.each([
  { version: 1, by: 'secret' },
  { version: 1, by: 'token' },
  { version: 3, by: 'token' },
] as const)('a page with a $by', ({ version, by }) => {
  it(`uploads through the relay by version ${version}`, async () => {
    const { site, token } = nightscoutWorld();
    await using server = await serveNightscout(site);
    const relay = createRelay({ nightscout: server.origin, regions: [], pages: [PAGE] });
    const passed: string[] = [];
    // As a browser does, with the page's origin.
    const fetch = relayFetch('https://relay.example', async (url, init) => {
      const request = new Request(url, init);
      request.headers.set('origin', PAGE);
      passed.push(new URL(request.url).pathname);
      return await relay(request);
    });
    const destination = nightscoutDestination({
      ...{ url: server.origin, version, fetch, nowMs: () => NOW_MS },
      ...(by === 'secret' ? { apiSecret: API_SECRET } : { token }),
    });
    const source = sourceOf(readings(5));
    const journal = memoryJournal();
    const result = await runUpload({ source, destination, journal, ...STILL });
    expect(storedIn(site)).toHaveLength(5);
    expect(await verifyUpload(result, destination)).toMatchObject({ same: 5 });
    expect(passed.length).toBeGreaterThan(3);
  });

  it(`asks by version ${version} with nothing that a site with ENABLE=cors does not allow`, async () => {
    if (by === 'secret') return; // api-secret is not allowed: a page needs a token, or the relay
    const { destination, sent } = nightscoutWorld({ version, with: 'token' });
    const source = sourceOf(readings(5));
    await runUpload({ source, destination, journal: memoryJournal(), ...STILL });
    const names = new Set(sent.flatMap(({ headers }) => [...headers.keys()]));
    expect([...names].sort()).toEqual(['accept', 'authorization', 'content-type']);
  });
});
