import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAIN } from './support/terminal.ts';
import { type Ran, run } from './support/world.ts';

interface Started {
  readonly origin: string;
  readonly accounts: readonly { readonly name: string; readonly readings: number }[];
  readonly madeUp?: { readonly name: string; readonly password: string };
}

/** Starts `egvkit emulate share` in this process; gives what it said and how to end it. */
async function emulate(words: readonly string[]) {
  const stop = new AbortController();
  const written = Promise.withResolvers<string>();
  let errors = '';
  const ended = run(
    ['emulate', 'share', '--json', ...words],
    { DEXCOM_PASSWORD: 'b' },
    {
      signal: stop.signal,
      write: (text) => written.resolve(text),
      writeError: (text) => {
        errors += text;
      },
    },
  );
  const end = async (): Promise<Ran> => {
    stop.abort(new Error('interrupted'));
    return await ended;
  };
  onTestFinished(async () => void (await end()));
  const said = JSON.parse(await written.promise) as Started;
  return { said, end, errors: () => errors };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-emulate-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('egvkit emulate share', () => {
  it('runs until it is interrupted, with an account of its own making', async () => {
    const { said, end } = await emulate(['--days', '1']);
    const { madeUp } = said;
    expect(madeUp?.name).toBe('wearer');
    const state = await folder();
    const args = ['share', 'readings', '--share-url', said.origin, '--account', 'wearer', '--json'];
    const env = { DEXCOM_PASSWORD: madeUp?.password ?? '', XDG_STATE_HOME: state };
    const { out, exitCode } = await run(args, env);
    expect(exitCode).toBe(0);
    const { readings } = JSON.parse(out) as { readings: unknown[] };
    // The oldest of them may be older than the day that is shown.
    const stored = said.accounts[0]?.readings ?? Number.NaN;
    expect(readings.length).toBeGreaterThanOrEqual(stored - 2);
    expect(stored).toBeGreaterThan(200);
    expect((await end()).exitCode).toBe(0);
    await expect(fetch(said.origin)).rejects.toThrow();
  });

  it.each([
    ['grow as time goes on', [], 3],
    ['end where they are with --still', ['--still'], 0],
  ])('has readings that %s', async (_, words, least) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 29, 8), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { said } = await emulate(['--days', '1', ...words]);
    const { origin, madeUp } = said;
    const args = ['share', 'readings', '--share-url', origin, '--account', 'wearer', '--json'];
    const env = { DEXCOM_PASSWORD: madeUp?.password ?? '', XDG_STATE_HOME: await folder() };
    const times = async () => {
      const { out } = await run(args, env);
      return (JSON.parse(out) as { readings: { time: string }[] }).readings.map(({ time }) => time);
    };
    const before = await times();
    expect(before.length).toBeGreaterThan(200);
    vi.setSystemTime(Date.now() + 30 * 60_000);
    const fresh = (await times()).filter((time) => !before.includes(time));
    expect(fresh.length).toBeGreaterThanOrEqual(least);
    if (least === 0) expect(fresh).toEqual([]);
  });

  it('keeps accounts, sessions and readings in a file, and passwords only as scrypt', async () => {
    const file = join(await folder(), 'share.db');
    const state = await folder();
    const password = 'pass:word with a colon';
    const accounts = join(state, 'accounts');
    await writeFile(accounts, `ann:${password}\nbea:b\n`);
    const words = ['--db', file, '--accounts', accounts, '--days', '2'];
    const first = await emulate(words);
    expect(first.said.accounts.map(({ name }) => name)).toEqual(['ann', 'bea']);
    const port = new URL(first.said.origin).port;
    const readings = async (origin: string) => {
      const args = ['share', 'readings', '--share-url', origin, '--account', 'ann', '--json'];
      const ran = await run(args, { DEXCOM_PASSWORD: password, XDG_STATE_HOME: state });
      return (JSON.parse(ran.out) as { readings: { time: string }[] }).readings;
    };
    const before = await readings(first.said.origin);
    await first.end();
    // Without accounts: those of the file are there, and the session of before goes on.
    const again = await emulate(['--db', file, '--port', port, '--verbose']);
    expect(again.said).toMatchObject({ origin: first.said.origin, accounts: [] });
    expect((await readings(again.said.origin))[0]).toEqual(before[0]);
    expect(again.errors()).toMatch(/^POST .*sessionId=….* 200\n$/);
    await again.end();
    const unnamed = await run(['emulate', 'share', '--db', file, '--days', '1']);
    expect(unnamed.err).toMatch(/--days fills the accounts that are named, and none is/);
    const bytes = await readFile(file, 'latin1');
    expect(bytes).toContain('scrypt$');
    expect(bytes).not.toContain(password);
  });

  it('answers as in 2015, and takes faults, if it is told to', async () => {
    const { said } = await emulate(['--generation', '2015', '--admin', '--account', 'a']);
    const services = `${said.origin}/ShareWebServices/Services`;
    const body = JSON.stringify({
      accountName: 'a',
      password: 'b',
      applicationId: 'd8665ade-9673-4e27-9ff6-92db4ce13d13',
    });
    const login = () =>
      fetch(`${services}/General/LoginPublisherAccountByName`, { method: 'POST', body });
    expect(await (await login()).json()).not.toMatch(/^0{8}/);
    const fail = { method: 'POST', body: '{"kind":"html","status":503}' };
    expect((await fetch(`${said.origin}/egvkit/admin/fail`, fail)).status).toBe(200);
    expect((await login()).status).toBe(503);
  });

  it('warns where others can reach it, and is not reached without being told', async () => {
    const shut = await run(['emulate', 'share', '--host', '0.0.0.0']);
    expect(shut.err).toMatch(/Add --allow-network/);
    expect(shut.exitCode).toBe(2);
    const { errors } = await emulate(['--host', '0.0.0.0', '--allow-network', '--account', 'a']);
    expect(errors()).toMatch(/^Warning: others can reach this service/);
  });

  it('does not warn where only this computer reaches it, whatever was allowed', async () => {
    const { errors, said } = await emulate(['--allow-network', '--account', 'a']);
    expect(said.origin).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(errors()).toBe('');
  });

  it('needs SQLite only for a file, and says so where Node.js has none', async () => {
    const without = ['--no-experimental-sqlite', MAIN, 'emulate', 'share', '--account', 'a'];
    const start = (words: readonly string[]) => {
      const child = spawn(process.execPath, [...without, ...words], {
        env: { DEXCOM_PASSWORD: 'b' },
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const inFile = start(['--db', join(await folder(), 'share.db')]);
    const [err, [exitCode]] = await Promise.all([text(inFile.stderr), once(inFile, 'exit')]);
    expect(err).toMatch(
      /^egvkit: SQLite needs Node\.js 24, or 22\.16 or newer, and this is v[\d.]+: use one of them, or keep everything in memory\.\n$/,
    );
    expect(exitCode).toBe(2);

    const inMemory = start(['--days', '1', '--json']);
    const [said] = (await once(inMemory.stdout, 'data')) as [Buffer];
    const { accounts } = JSON.parse(said.toString()) as Started;
    expect(accounts[0]?.readings).toBeGreaterThan(200);
    inMemory.kill('SIGINT');
    expect(await once(inMemory, 'exit')).toEqual([0, null]);
  });

  it('asks for the password of an account where none is set', async () => {
    const asked: string[] = [];
    const askSecret = async (question: string) => {
      asked.push(question);
      return '';
    };
    const args = ['emulate', 'share', '--account', 'ann'];
    const { exitCode } = await run(args, { DEXCOM_PASSWORD: '' }, { askSecret });
    expect([asked, exitCode]).toEqual([['Password of ann'], 2]);
  });

  it('says in a sentence what it cannot do', async () => {
    const path = await folder();
    const { said } = await emulate(['--account', 'a']);
    const { port } = new URL(said.origin);
    for (const [words, sentence] of [
      [['--port', port], /Cannot listen on 127\.0\.0\.1: port \d+ is in use\./],
      [['--port', '70000'], /Invalid --port "70000": use a whole number from 0 to 65535/],
      [['--days', 'many'], /Invalid --days "many"/],
      [['--generation', '1999'], /Invalid --generation "1999": use 2015 or current/],
      [['--account', 'ann:secret'], /--account takes a name alone, (?!.*secret)/],
      [['--db', path], /cannot be used/],
    ] as const) {
      const { err, exitCode } = await run(['emulate', 'share', ...words, '--account', 'c'], {
        DEXCOM_PASSWORD: 'd',
      });
      expect(err).toMatch(sentence);
      expect(exitCode).toBe(2);
      expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    }
  });
});
