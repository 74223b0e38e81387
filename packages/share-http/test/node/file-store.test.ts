import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileSessionStore } from '../../src/node/index.ts';
import { loggingIn, NAME, NOW_MS, PASSWORD, READY, start } from '../harness.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-store-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return join(path, 'sessions');
}

/** A program that is in the middle of logging in. */
function startHolder(path: string) {
  const entry = new URL('../../dist/node/index.js', import.meta.url).href;
  const script = `
    const { fileSessionStore } = await import('${entry}');
    await fileSessionStore(${JSON.stringify(path)}).exclusively('${KEY}', async () => {
      console.log('held');
      await new Promise((done) => setTimeout(done, 60_000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const KEY = 'a'.repeat(64);
const WHOLE = {
  sessionId: 'e3e3e6a5-0123-4567-89ab-cdefcdefcdef',
  refused: { salt: '00', hashes: ['ff', 'ee'] },
  lockedUntilMs: 5,
  loggedInAgainMs: 6,
};

describe('a store in files', () => {
  it('gives back what was saved, to another process too', async () => {
    const path = await folder();
    const store = fileSessionStore(path);
    expect(await store.load(KEY)).toBeUndefined();
    await store.save(KEY, WHOLE);
    await store.save('b'.repeat(64), { sessionId: 'x' });
    expect(await fileSessionStore(path).load(KEY)).toEqual(WHOLE);
    await store.save(KEY, { lockedUntilMs: 7 });
    expect(await fileSessionStore(path).load(KEY)).toEqual({ lockedUntilMs: 7 });
    expect(await readdir(path)).toHaveLength(2);
  });

  it('is for its owner only', async () => {
    const path = await folder();
    await fileSessionStore(path).save(KEY, WHOLE);
    if (process.platform === 'win32') return; // has no such modes
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, `${KEY}.json`))).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{"sessionId":"e3', 'null', '[]', '{"sessionId":5,"refused":{"salt":1}}'])(
    'takes a damaged file (%j) for an empty one',
    async (text) => {
      const path = await folder();
      const store = fileSessionStore(path);
      await store.save(KEY, WHOLE);
      await writeFile(join(path, `${KEY}.json`), text);
      expect((await store.load(KEY)) ?? {}).toEqual({});
    },
  );

  it('reads and replaces regular files only, and does not hang', async () => {
    const path = await folder();
    const store = fileSessionStore(path);
    await mkdir(path, { recursive: true });
    const file = join(path, `${KEY}.json`);
    for (const make of [() => void spawnSync('mkfifo', [file]), () => symlink('/dev/zero', file)]) {
      await make();
      const refused = { code: 'unusable', data: { reason: /not a regular file/ } };
      await expect(store.load(KEY)).rejects.toMatchObject(refused);
      await expect(store.save(KEY, WHOLE)).rejects.toMatchObject(refused);
      expect((await stat(file)).isFile()).toBe(false);
      await rm(file);
    }
  });

  it('leaves no half file when it cannot write, and says where', async () => {
    const path = await folder();
    const store = fileSessionStore(path);
    await store.save(KEY, WHOLE);
    const file = join(path, `${KEY}.json`);
    const inTheWay = fileSessionStore(file);
    await expect(inTheWay.save(KEY, {})).rejects.toMatchObject({
      code: 'unusable',
      data: { path: file },
    });
    await expect(inTheWay.load(KEY)).rejects.toMatchObject({ code: 'unusable' });
    expect(await readdir(path)).toEqual([`${KEY}.json`]);
  });

  it.each(['../elsewhere', 'a/b', '', 'a.b'])('refuses %j as a key', async (key) => {
    const store = fileSessionStore(await folder());
    await expect(store.load(key)).rejects.toMatchObject({ code: 'outOfRange' });
    await expect(store.save(key, {})).rejects.toMatchObject({ code: 'outOfRange' });
  });
});

describe('several programs at once', () => {
  it.each([
    ['the right password', PASSWORD, 1],
    ['a wrong one', 'wrong', 0],
  ])('log in once with %s', async (_, password, sessions) => {
    const path = await folder();
    const { client, count } = await start({ account: READY });
    const all = await Promise.allSettled(
      // A store each, as processes have.
      [1, 2, 3, 4].map(() => client({ store: fileSessionStore(path), password }).readings()),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(sessions * 4);
    expect(count('AuthenticatePublisherAccount')).toBe(1);
    expect(count('LoginPublisherAccountById')).toBe(sessions);
    // The lock is empty, and for the next time.
    const kinds = (await readdir(path)).map((name) => name.slice(name.indexOf('.')));
    expect(kinds).toEqual(['.json', '.lock']);
  });

  it('do not wait for a process that has died', async () => {
    const path = await folder();
    const child = startHolder(path);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(path)).toContain(`${KEY}.lock.holder`);
    const store = fileSessionStore(path);
    expect(await store.exclusively(KEY, async () => 'done')).toBe('done');
    expect(await readdir(path)).toEqual([`${KEY}.lock`]);
  });

  it('wait for one that lives, and end with the signal', async () => {
    const path = await folder();
    await once(startHolder(path).stdout, 'data');
    const controller = new AbortController();
    const store = fileSessionStore(path);
    const waiting = store.exclusively(KEY, async () => 'done', controller);
    controller.abort(new Error('Interrupted.'));
    await expect(waiting).rejects.toThrow('Interrupted.');
  });

  it('name a process that cannot be seen from here, and the file to remove', async () => {
    const path = await folder();
    await mkdir(path, { recursive: true });
    const lockFile = join(path, `${KEY}.lock.holder`);
    const theirs = { host: 'elsewhere', bootId: 'theirs', pidNamespace: '', processId: 7 };
    const record = { ...theirs, startTime: '1', kernel: true, nonce: 'x' };
    await writeFile(lockFile, JSON.stringify(record));
    const store = fileSessionStore(path);
    await expect(store.exclusively(KEY, async () => 'done')).rejects.toMatchObject({
      code: 'locked',
      message: 'Another program is logging in to this account (process 7 on host elsewhere).',
      help: expect.stringContaining(lockFile),
    });
    await rm(lockFile);
    expect(await store.exclusively(KEY, async () => 'done')).toBe('done');
  });

  it('send nothing where nothing can be kept', async () => {
    const path = await folder();
    await fileSessionStore(path).save(KEY, WHOLE);
    const store = fileSessionStore(join(path, `${KEY}.json`));
    const { client, sent } = loggingIn(() => Response.json(true), { store });
    await expect(client.readings()).rejects.toMatchObject({ name: 'StoreError', code: 'unusable' });
    expect(sent).toEqual([]);
  });
});

describe('with it, the next run', () => {
  it('goes on with the session, and nothing in the files tells name or password', async () => {
    const path = await folder();
    const { client, count } = await start({ account: READY });
    await client({ store: fileSessionStore(path) }).readings();
    await client({ store: fileSessionStore(path) }).readings();
    expect(count('LoginPublisherAccountById')).toBe(1);
    const [file] = await readdir(path);
    const kept = `${file} ${await readFile(join(path, file!), 'utf8')}`;
    expect(kept).not.toContain(NAME);
    expect(kept).not.toContain(PASSWORD);
  });

  it.each([
    ['SSO_AuthenticateMaxAttemptsExceeed', 'accountLocked'],
    ['AccountPasswordInvalid', 'credentialsRefusedBefore'],
  ])('sends nothing after %s', async (fault, code) => {
    const path = await folder();
    const run = async () => {
      const store = fileSessionStore(path);
      const answer = () => Response.json({ Code: fault, Message: '' }, { status: 500 });
      const { client, sent } = loggingIn(answer, { store, now: () => NOW_MS });
      await client.readings().catch(() => {});
      const error = await client.readings().catch((thrown: unknown) => thrown);
      return { error, sent };
    };
    expect((await run()).sent).toHaveLength(1);
    const again = await run();
    expect(again.sent).toHaveLength(0);
    expect(again.error).toMatchObject({ code });
  });
});
