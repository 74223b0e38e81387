import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EndpointName } from '@egvkit/protocol/share';
import { ShareClient } from '@egvkit/share-http';
import { fileSessionStore } from '@egvkit/share-http/node';
import { describe, expect, it } from 'vitest';
import { makeShare } from './support/share.ts';
import { MAIN } from './support/terminal.ts';
import { ACCOUNT, makeWorld, run } from './support/world.ts';

const isLogin = (call: EndpointName | string) => /^(?:Login|Authenticate)/.test(call);

describe('one session for all commands', { timeout: 30_000 }, () => {
  it('is made by the first upload, and used by the next and by share', async () => {
    await using world = await makeWorld();
    const calls: string[] = [];
    world.service.onRequest(({ endpoint, phase }) => {
      if (phase === 'received') calls.push(endpoint);
    });
    for (let i = 0; i < 3; i++) {
      expect((await run(world.uploadArgs, world.env)).exitCode).toBe(0);
    }
    const where = ['--share-url', world.origin, '--account', ACCOUNT.name];
    await run(['share', 'readings', ...where], world.env);
    expect(calls.filter(isLogin)).toEqual([
      'AuthenticatePublisherAccount',
      'LoginPublisherAccountById',
    ]);
  });

  it('remembers what was refused: further uploads send nothing', async () => {
    await using world = await makeWorld();
    let logins = 0;
    world.service.onRequest(({ endpoint, phase }) => {
      if (phase === 'received' && isLogin(endpoint)) logins++;
    });
    const wrong = { ...world.env, DEXCOM_PASSWORD: 'wrong\n' };
    const first = await run(world.uploadArgs, wrong);
    expect(first.err).toMatch(/begins or ends with a line break/);
    for (let i = 0; i < 3; i++) {
      expect((await run(world.uploadArgs, wrong)).err).toMatch(/before, so they were not sent/);
    }
    expect(logins).toBe(1);
  });

  it('sends nothing while the account is locked, and leaves its end where it is', async () => {
    await using world = await makeWorld();
    let logins = 0;
    world.service.onRequest(({ endpoint, phase }) => {
      if (phase === 'received' && isLogin(endpoint)) logins++;
    });
    world.service.failNext({
      kind: 'fault',
      code: 'SSO_AuthenticateMaxAttemptsExceeed',
      endpoint: 'AuthenticatePublisherAccount',
    });
    const ends: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const { out } = await run([...world.uploadArgs, '--json'], world.env);
      ends.push((JSON.parse(out) as { error: { data: { untilMs: number } } }).error.data.untilMs);
    }
    expect(logins).toBe(1);
    expect(new Set(ends).size).toBe(1);
    expect(ends[0]).toBeGreaterThan(Date.now());
  });
});

describe('a password', () => {
  it('is not asked for while a session is kept', async () => {
    const { share, flags, folder } = await makeShare();
    await share('login');
    // Whoever is asked throws.
    const { exitCode } = await run(['share', 'readings', ...flags], { XDG_STATE_HOME: folder });
    expect(exitCode).toBe(0);
  });
});

describe('a good login', () => {
  it('stays one where the service does not know what sharing is', async () => {
    const { share, service } = await makeShare();
    service.failNext({ kind: 'html', status: 404, endpoint: 'IsRemoteMonitoringSessionActive' });
    const { out, exitCode } = await share('login');
    expect(out).toMatch(/^Logged in at .*does not say whether the account is sharing\.\n$/);
    expect(exitCode).toBe(0);
  });
});

describe('an interruption while the service never answers a login', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends the program within a second: %s',
    async (signal) => {
      const { service, flags, env } = await makeShare();
      service.failNext({ kind: 'hang', when: 'before', endpoint: 'AuthenticatePublisherAccount' });
      const asked = new Promise<void>((resolve) => {
        service.onRequest(() => resolve());
      });
      const child = spawn(process.execPath, [MAIN, 'share', 'readings', ...flags], {
        env: { ...env, PATH: process.env.PATH },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      await asked;
      const startMs = performance.now();
      child.kill(signal);
      expect((await ended)[0]).toBe(130);
      expect(performance.now() - startMs).toBeLessThan(1000);
    },
  );
});

describe("another program's login", { timeout: 30_000 }, () => {
  it.each(['share login', 'share readings', 'upload'])(
    'is waited for in one line on standard error: %s',
    async (words) => {
      await using world = await makeWorld();
      const { origin, uploadArgs, env, folder } = world;
      const where = ['--share-url', origin, '--account', ACCOUNT.name];
      const args = words === 'upload' ? uploadArgs : [...words.split(' '), ...where];
      const calls: string[] = [];
      world.service.onRequest(({ endpoint }) => void calls.push(endpoint));
      const sessions = fileSessionStore(join(folder, 'egvkit', 'sessions'));
      const client = new ShareClient({ origin, accountName: ACCOUNT.name, password: 'any' });
      const told: string[] = [];
      const waits = Promise.withResolvers<void>();
      const writeError = (text: string): void => {
        told.push(text);
        waits.resolve();
      };
      const running = await sessions.exclusively(await client.accountKey(), async () => {
        const ran = run(args, env, { writeError });
        // One that ends without a word fails below.
        await Promise.race([waits.promise, ran]);
        expect(calls.filter(isLogin)).toEqual([]);
        return { ran };
      });
      expect((await running.ran).exitCode).toBe(0);
      expect(told).toEqual([
        `Another program is logging in to this account (process ${process.pid} on host ${hostname()}). Waiting up to 120 s for it to end.\n`,
      ]);
      expect(calls.filter(isLogin).length).toBeGreaterThan(0);
    },
  );
});
