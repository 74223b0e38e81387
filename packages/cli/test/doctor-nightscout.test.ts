import { mkdir, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createNightscoutSite, type NightscoutSiteOptions } from '@egvkit/nightscout-emulator';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DESTINATION_CHECKS } from '../src/commands/doctor/check.ts';
import { CERTIFICATE, KEY } from './support/certificate.ts';
import { examine } from './support/doctor.ts';
import { makeFolder, run } from './support/world.ts';

const SECRET = 'a secret of the owner';
const WRONG = 'egvkit-0123456789abcdef';
const RIGHTS = ['api:entries:read,create'];

/** A site with a subject that has these permissions, and the names of the calls it gets. */
async function makeSite(
  permissions: readonly string[] = RIGHTS,
  options: NightscoutSiteOptions['options'] = {},
) {
  const site = createNightscoutSite({
    apiSecret: SECRET,
    subjects: [{ name: 'egvkit', permissions }],
    options: { refusalDelayMs: 0, ...options },
  });
  const server = await serveNightscout(site);
  onTestFinished(() => server.close());
  const calls: string[] = [];
  site.onRequest(({ phase, call }) => void (phase === 'received' && calls.push(call)));
  const token = site.accessToken('egvkit') ?? '';
  const args = ['--port', '/dev/null', '--to', 'nightscout', '--nightscout-url', server.origin];
  return { site, calls, token, args, origin: server.origin };
}

describe('egvkit doctor at a Nightscout site', { timeout: 30_000 }, () => {
  it('finds nothing wrong where everything is in order, and sends no reading', async () => {
    const { args, token, site, calls } = await makeSite();
    const { rows, checks } = await examine(args, { NIGHTSCOUT_TOKEN: token });
    const ids = checks.map(({ id }) => id);
    expect(ids.slice(5)).toEqual(Object.keys(DESTINATION_CHECKS.nightscout));
    expect(rows).toMatchObject({
      nightscoutDns: { state: 'skipped' },
      nightscoutSite: { state: 'ok', found: expect.stringMatching(/^127\.0\.0\.1:\d+ answers/) },
      nightscoutClock: { state: 'ok' },
      nightscoutSecret: { state: 'ok', found: 'The site takes the token in NIGHTSCOUT_TOKEN.' },
      nightscoutRights: { state: 'ok', found: 'It may read and write entries.' },
    });
    expect([site.refusals(), calls.filter((call) => /create|post/i.test(call))]).toEqual([0, []]);
    expect(JSON.stringify(checks)).not.toContain(token);
  });

  it('takes the API secret that is kept for the service', async () => {
    const { args } = await makeSite();
    await using folder = await makeFolder();
    const path = join(folder.path, 'nightscout-api-secret');
    await mkdir(folder.path, { recursive: true });
    await writeFile(path, `${SECRET}\n`, { mode: 0o600 });
    const env = { EGVKIT_SETTINGS: join(folder.path, 'settings.json') };
    const { rows } = await examine(args, env);
    expect(rows.nightscoutSecret).toMatchObject({
      state: 'ok',
      found: expect.stringContaining(`the API secret in ${path}`),
    });
    expect(rows.nightscoutRights.state).toBe('ok');
  });

  it.each([
    [{ NIGHTSCOUT_TOKEN: WRONG }, /refused this token/, WRONG],
    [
      { NIGHTSCOUT_API_SECRET: 'not the secret of it' },
      /refused this API secret/,
      'not the secret',
    ],
  ])(
    'says how to mend a secret that is refused, and sends it once: %o',
    async (env, words, secret) => {
      const { args, site } = await makeSite();
      const { rows, exitCode, out, err } = await examine(args, env);
      expect(rows.nightscoutSite.state).toBe('ok');
      expect(rows.nightscoutSecret).toMatchObject({
        state: 'fail',
        found: expect.stringMatching(words),
        fix: expect.stringMatching(/"egvkit setup" asks for it again/),
      });
      expect(rows.nightscoutRights.state).toBe('skipped');
      expect(exitCode).toBe(5);
      expect(site.refusals()).toBeLessThanOrEqual(1);
      expect(out + err).not.toContain(secret);
    },
  );

  it('names the permission that a token lacks, and where it is given', async () => {
    const { args, token } = await makeSite(['api:entries:read']);
    const { rows, exitCode } = await examine(args, { NIGHTSCOUT_TOKEN: token });
    expect(rows.nightscoutSecret.state).toBe('ok');
    expect(rows.nightscoutRights).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(/lacks the permission api:entries:create/),
      fix: expect.stringMatching(/Admin Tools/),
    });
    expect(exitCode).toBe(5);
  });

  it('says that no secret and no address is known', async () => {
    const { args, calls } = await makeSite();
    const { rows } = await examine(args);
    expect(rows.nightscoutSecret).toMatchObject({
      state: 'skipped',
      fix: expect.stringMatching(/egvkit setup/),
    });
    expect(calls).toHaveLength(1);
    const none = await examine(['--port', '/dev/null', '--to', 'nightscout']);
    expect(none.rows.nightscoutDns).toMatchObject({
      state: 'fail',
      fix: expect.stringMatching(/egvkit setup/),
    });
    expect(none.rows.nightscoutSecret.state).toBe('skipped');
  });

  it('shows no secret to what is no site, or does not answer', async () => {
    const env = { NIGHTSCOUT_TOKEN: WRONG };
    const to = (url: string) => [
      '--port',
      '/dev/null',
      '--to',
      'nightscout',
      '--nightscout-url',
      url,
    ];
    const closed = await examine(to('http://127.0.0.1:59'), env);
    expect(closed.rows.nightscoutSite).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(
        /cannot be reached: nothing answers at that address \(ECONNREFUSED\)\.$/,
      ),
    });
    expect(closed.rows.nightscoutSecret.state).toBe('skipped');
    const unknown = await examine(to('https://site.invalid'), env);
    expect(unknown.rows.nightscoutDns).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(/^The name site\.invalid cannot be looked up/),
    });
    const asked: string[] = [];
    const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, ({ url = '' }, answer) => {
      asked.push(url);
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { rows } = await examine(to(`https://localhost:${port}`), env);
    expect(rows.nightscoutSite).toMatchObject({
      state: 'fail',
      fix: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
    });
    expect(asked).toEqual([]);
  });

  it("goes by the site's clock", async () => {
    const { args } = await makeSite(RIGHTS, { clockOffsetMs: 10 * 60_000 });
    const { rows } = await examine(args);
    expect(rows.nightscoutClock).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(/10 min behind UTC/),
    });
  });

  it('looks at both destinations, each by its own rows', async () => {
    const { args } = await makeSite();
    const both = await run(['doctor', ...args, '--to', 'share'], {});
    for (const name of ['region', 'login', 'Nightscout site', 'Nightscout rights']) {
      expect(both.out).toMatch(new RegExp(`^\\S+ +${name} `, 'm'));
    }
    const { out } = await run(['doctor', ...args], {});
    expect(out).not.toMatch(/^\S+ +(?:region|login) /m);
  });
});
