import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHECKS, DESTINATION_CHECKS } from '../src/commands/doctor/check.ts';
import { CERTIFICATE, KEY } from './support/certificate.ts';
import { type CheckRow, examine } from './support/doctor.ts';
import { MAIN } from './support/terminal.ts';
import {
  ACCOUNT,
  EMULATED_SERIAL_NUMBER,
  makeFolder,
  makeWorld,
  run,
  type World,
} from './support/world.ts';

const where = ({ origin, portPath }: World) => [
  ...['--port', portPath, '--share-url', origin, '--account', ACCOUNT.name],
];

function countLogins({ service }: World): () => number {
  let logins = 0;
  service.onRequest(({ endpoint, phase }) => {
    if (phase === 'received' && /^(?:Login|Authenticate)/.test(endpoint)) logins++;
  });
  return () => logins;
}

/** Names of the checks by their ids, without those of a destination. */
const namesWithout = (destination: keyof typeof DESTINATION_CHECKS) =>
  Object.entries(CHECKS).filter(([id]) => !(id in DESTINATION_CHECKS[destination]));

describe('egvkit doctor', { timeout: 30_000 }, () => {
  it('finds nothing wrong where everything is in order, and needs no login for it', async () => {
    await using world = await makeWorld();
    await run(world.uploadArgs, world.env);
    const logins = countLogins(world);
    const { XDG_STATE_HOME } = world.env;
    // Without the password: whoever is asked for it throws.
    const { ok, rows, checks, exitCode } = await examine(where(world), {
      XDG_STATE_HOME: XDG_STATE_HOME!,
    });
    expect([ok, exitCode, logins()]).toEqual([true, 0, 0]);
    expect(checks.map(({ id }) => id)).toEqual(namesWithout('nightscout').map(([id]) => id));
    const states = Object.fromEntries(checks.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({
      ...{ receiver: 'ok', proxy: 'ok', tls: 'ok', region: 'ok', clock: 'ok' },
      ...{ login: 'ok', sharing: 'ok', assignment: 'ok' },
    });
    expect(rows.assignment.found).toContain(EMULATED_SERIAL_NUMBER);
    expect(rows.dns).toMatchObject({ state: 'skipped', found: '127.0.0.1 is no name.' });
  });

  it('prints a line for each check, and what to do below it', async () => {
    const { out, exitCode } = await run(['doctor', '--share-url', 'http://127.0.0.1:59']);
    for (const [, name] of namesWithout('nightscout'))
      expect(out).toMatch(new RegExp(`^\\S+ +${name} `, 'm'));
    expect(out).toMatch(/^WRONG {2}connection +The Share service .*\n {20,}Check the network/m);
    expect(out).toMatch(/\n\n\d+ of 12 checks went wrong; begin with the first\.\n$/);
    expect(exitCode).toBeGreaterThan(0);
  });

  it('without an account says how to name one', async () => {
    const { rows } = await examine(['--port', '/dev/null']);
    expect(rows.region).toMatchObject({
      state: 'skipped',
      fix: expect.stringMatching(/egvkit setup/),
    });
    expect(rows.login).toMatchObject({
      state: 'skipped',
      fix: expect.stringMatching(/egvkit setup/),
    });
  });
});

describe('the login of egvkit doctor', { timeout: 30_000 }, () => {
  it('is left out where there is nobody to ask', async () => {
    await using world = await makeWorld();
    const logins = countLogins(world);
    const { rows, exitCode } = await examine(where(world), world.env);
    expect(rows.login).toMatchObject({ state: 'skipped', fix: 'Add --login to log in once.' });
    expect([exitCode, logins()]).toEqual([0, 0]);
  });

  it.each([
    [true, 'ok', 2],
    [false, 'skipped', 0],
  ] as const)('asks first: %s', async (answer, state, calls) => {
    await using world = await makeWorld();
    const logins = countLogins(world);
    const asked: string[] = [];
    const askYesNo = async (question: string) => {
      asked.push(question);
      return answer;
    };
    const { rows } = await examine(where(world), world.env, { askYesNo });
    expect(asked).toEqual(['Log in once now, to find out whether name and password are right?']);
    expect([rows.login.state, logins()]).toEqual([state, calls]);
  });

  it('that is refused is never repeated', async () => {
    await using world = await makeWorld();
    const logins = countLogins(world);
    const env = { ...world.env, DEXCOM_PASSWORD: 'not it' };
    const first = await examine([...where(world), '--login'], env);
    expect(first.rows.login.found).toMatch(/refused this account name and password/);
    const { rows, exitCode, checks } = await examine([...where(world), '--login'], env);
    expect(rows.login.found).toMatch(/before, so they were not sent/);
    expect(rows.login.fix).toContain('egvkit share login --again');
    expect([first.exitCode, exitCode, logins()]).toEqual([5, 5, 1]);
    expect(JSON.stringify(checks)).not.toContain('not it');
  });

  it('finds out about sharing and the receiver of the account', async () => {
    await using world = await makeWorld({ assigned: 'SM00000000' });
    const { rows, exitCode } = await examine([...where(world), '--login'], world.env);
    expect(rows.login.state).toBe('ok');
    expect(rows.sharing).toMatchObject({
      state: 'warn',
      found: expect.stringMatching(/not sharing/),
    });
    expect(rows.assignment).toMatchObject({
      state: 'fail',
      fix: expect.stringContaining('egvkit upload --assign-receiver'),
    });
    expect(exitCode).toBe(5);
  });
});

describe('the network of egvkit doctor', { timeout: 30_000 }, () => {
  it('where nothing answers', async () => {
    const { rows } = await examine(['--port', '/dev/null', '--share-url', 'http://127.0.0.1:59']);
    expect(rows.tls).toMatchObject({ state: 'fail', found: expect.stringMatching(/ECONNREFUSED/) });
    expect([rows.region.state, rows.clock.state]).toEqual(['skipped', 'skipped']);
  });

  it('where the name is unknown', async () => {
    const { rows } = await examine(['--port', '/dev/null', '--share-url', 'https://share.invalid']);
    expect(rows.dns).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(/^The name share\.invalid cannot be looked up \(E\w+\)\.$/),
    });
  });

  it('where the certificate is of a company', async () => {
    const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, (_, to) => to.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { rows } = await examine([
      '--port',
      '/dev/null',
      '--share-url',
      `https://localhost:${port}`,
    ]);
    expect(rows.dns.state).toBe('ok');
    expect(rows.tls).toMatchObject({
      state: 'fail',
      fix: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
    });
  });

  it('where NODE_EXTRA_CA_CERTS names nothing of use', async () => {
    await using world = await makeWorld();
    for (const [path, words] of [
      [join(world.folder, 'none.pem'), /cannot be read/],
      [MAIN, /no certificate/],
    ] as const) {
      const { rows } = await examine(where(world), { ...world.env, NODE_EXTRA_CA_CERTS: path });
      expect(rows.tls).toMatchObject({ state: 'warn', found: expect.stringMatching(words) });
    }
  });

  it.each([
    [10 * 60_000, /10 min behind UTC/],
    [-3 * 3_600_000, /3\.0 h ahead of UTC/],
  ])("where this computer's clock is off by %d ms", async (trueAheadMs, words) => {
    await using world = await makeWorld({ trueAheadMs });
    const { rows, exitCode } = await examine(where(world), world.env);
    expect(rows.clock).toMatchObject({ state: 'fail', found: expect.stringMatching(words) });
    expect(rows.clock.fix).toContain('timedatectl set-ntp true');
    expect(exitCode).toBe(5);
  });

  it('ends at once at Ctrl-C, while the service does not answer', async () => {
    await using world = await makeWorld();
    world.service.failNext({ kind: 'hang', when: 'before', endpoint: 'SystemUtcTime' });
    const stop = new AbortController();
    world.service.onRequest(() => stop.abort(new Error('interrupted')));
    const { exitCode } = await run(['doctor', ...where(world)], world.env, { signal: stop.signal });
    expect(exitCode).toBe(130);
  });
});

describe.skipIf(process.platform !== 'linux')('a port that this user may not open', () => {
  it('is named with its group, and the command that helps', { timeout: 30_000 }, async () => {
    await using folder = await makeFolder();
    const port = join(folder.path, 'port');
    await writeFile(port, '');
    await chmod(port, 0);
    await chmod(folder.path, 0o755);
    // Root may open everything.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, [MAIN, 'doctor', '--json', '--port', port], {
      env: { HOME: folder.path },
      ...nobody,
    });
    const { checks } = JSON.parse(await text(child.stdout)) as { checks: readonly CheckRow[] };
    const row = checks.find(({ id }) => id === 'permission');
    expect(row?.found).toMatch(/^You may not open \S+, which belongs to the group \S+\.$/);
    expect(row?.fix).toMatch(/then restart this computer: sudo usermod -aG \S+ \S+$/);
  });
});
