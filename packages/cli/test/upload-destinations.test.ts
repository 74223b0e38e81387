import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNightscoutSite, type NightscoutSite } from '@egvkit/nightscout-emulator';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { describe, expect, it, vi } from 'vitest';
import {
  ACCOUNT,
  EMULATED_SERIAL_NUMBER,
  expectedValues,
  makeWorld,
  run,
  storedValues,
  type World,
} from './support/world.ts';

const SECRET = 'a secret of a site';

/** A Nightscout site on a port of its own. */
async function serveSite() {
  const site = createNightscoutSite({ apiSecret: SECRET });
  const server = await serveNightscout(site);
  return { site, origin: server.origin, [Symbol.asyncDispose]: () => server.close() };
}

function valuesOf(site: NightscoutSite): readonly unknown[] {
  return site
    .entries()
    .filter(({ type }) => type === 'sgv')
    .sort((a, b) => Number(a.date) - Number(b.date))
    .map(({ sgv }) => sgv);
}

const words = ({ uploadArgs }: World, origin: string, to: string): readonly string[] => [
  ...uploadArgs,
  ...['--to', to, '--nightscout-url', origin],
];

describe('egvkit upload --to', () => {
  it('nightscout brings every reading there, and nothing to Share', async () => {
    await using world = await makeWorld();
    await using server = await serveSite();
    const env = { XDG_STATE_HOME: world.folder, NIGHTSCOUT_API_SECRET: SECRET };
    const ran = await run([...words(world, server.origin, 'nightscout'), '--json'], env);
    expect([ran.err, ran.exitCode]).toEqual(['', 0]);
    expect(JSON.parse(ran.out)).toMatchObject({
      destination: 'nightscout',
      service: server.origin,
    });
    expect(valuesOf(server.site)).toEqual(expectedValues(world));
    expect(storedValues(world)).toEqual([]);
    const again = await run([...words(world, server.origin, 'nightscout'), '--json'], env);
    expect(JSON.parse(again.out)).toMatchObject({ uploaded: 0 });
  });

  it('share,nightscout brings every reading to both', async () => {
    await using world = await makeWorld();
    await using server = await serveSite();
    const env = { ...world.env, NIGHTSCOUT_API_SECRET: SECRET };
    const ran = await run(words(world, server.origin, 'share,nightscout'), env);
    expect([ran.err, ran.exitCode]).toEqual(['', 0]);
    expect(valuesOf(server.site)).toEqual(expectedValues(world));
    expect(storedValues(world)).toEqual(expectedValues(world));
    expect(ran.out).toMatch(/\nNightscout +http:/);
  });

  it('goes on to the second when the first fails, and ends with the failure', async () => {
    await using world = await makeWorld();
    await using server = await serveSite();
    const env = { ...world.env, NIGHTSCOUT_API_SECRET: 'another secret of a site' };
    const ran = await run(words(world, server.origin, 'nightscout,share'), env);
    expect(ran.exitCode).toBe(5);
    expect(ran.err).not.toContain('another secret');
    expect(storedValues(world)).toEqual(expectedValues(world));
  });

  it('nightscout shows what it would upload with --dry-run, and asks the site nothing', async () => {
    await using world = await makeWorld();
    await using server = await serveSite();
    let asked = 0;
    server.site.onRequest(() => void asked++);
    const dry = ['upload', '--port', world.portPath, '--dry-run', '--json', '--to', 'nightscout'];
    const ran = await run([...dry, '--nightscout-url', server.origin], {
      XDG_STATE_HOME: world.folder,
    });
    const { wouldUpload } = JSON.parse(ran.out) as { wouldUpload: unknown[] };
    expect(wouldUpload).toHaveLength(expectedValues(world).length);
    expect(asked).toBe(0);
  });

  it.each([
    [['--to', 'nightscout'], 'The address of the Nightscout site is missing.'],
    [
      ['--to', 'nightscot'],
      'Invalid --to "nightscot": use share or nightscout; for both, share,nightscout.',
    ],
    [['--to', 'both'], 'Invalid --to "both": use share or nightscout; for both, share,nightscout.'],
    [
      ['--to', 'share,nightscout', '--nightscout-url', 'https://site.example', '--journal', 'x'],
      '--journal names one file, and each destination needs a journal.',
    ],
  ])('refuses %j', async (more, message) => {
    const { err, exitCode } = await run(
      ['upload', '--region', 'us', '--account', 'x', ...more],
      {},
    );
    expect(err).toContain(`egvkit: ${message}`);
    expect(exitCode).toBe(2);
  });
});

describe('egvkit upload --watch', () => {
  it('uploads to Share though the Nightscout site is down when it starts', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const { origin } = await serveSite().then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    const abort = new AbortController();
    const env = { ...world.env, NIGHTSCOUT_TOKEN: 'egvkit-0123456789abcdef' };
    const to = ['--to', 'nightscout,share', '--nightscout-url', origin];
    const account = ['--share-url', world.origin, '--account', ACCOUNT.name];
    const args = ['upload', '--watch', '--port', world.portPath, ...account, ...to];
    const watching = run(args, env, { signal: abort.signal });
    await vi.waitFor(() => expect(storedValues(world)).toEqual(expectedValues(world)), 20_000);
    abort.abort(new Error('stopped', { cause: 'SIGTERM' }));
    const { exitCode, out } = await watching;
    expect(exitCode).toBe(0);
    expect(out).toMatch(/nightscout: .* Next try at/);
  });

  it('brings every reading to Share and to Nightscout, and tells of both in the status', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    await using server = await serveSite();
    const file = join(world.folder, 'token');
    await writeFile(file, `${SECRET}\n`, { mode: 0o600 });
    const abort = new AbortController();
    const env = { ...world.env, NIGHTSCOUT_API_SECRET_FILE: file };
    let said = '';
    const watching = run(
      [
        ...words(world, server.origin, 'share,nightscout').filter(
          (word) => !['--assign-receiver', '--yes'].includes(word),
        ),
        '--watch',
      ],
      env,
      {
        signal: abort.signal,
        write: (text) => {
          said += text;
        },
      },
    );
    for (const name of ['share', 'nightscout']) {
      const told = new RegExp(`${name}: \\d+ readings uploaded`);
      await vi.waitFor(() => expect(said).toMatch(told), 20_000);
    }
    expect(valuesOf(server.site)).toEqual(expectedValues(world));
    expect(storedValues(world)).toEqual(expectedValues(world));
    abort.abort(new Error('stopped', { cause: 'SIGTERM' }));
    expect((await watching).exitCode).toBe(0);
    const { out } = await run(['status', '--json', '--max-age', '24h'], env);
    expect(JSON.parse(out)).toMatchObject({
      destinations: [
        { name: 'share', pending: 0 },
        { name: 'nightscout', pending: 0 },
      ],
    });
  });
});
