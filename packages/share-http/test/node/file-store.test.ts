import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileSessionStore } from '../../src/node/index.ts';
import { NAME, NOW_MS, PASSWORD, READY, signingIn, start } from '../harness.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-store-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return join(path, 'sessions');
}

const KEY = 'a'.repeat(64);
const WHOLE = {
  sessionId: 'e3e3e6a5-0123-4567-89ab-cdefcdefcdef',
  refused: { salt: '00', hashes: ['ff', 'ee'] },
  blockedUntilMs: 5,
  signedInAgainMs: 6,
};

describe('a store in files', () => {
  it('gives back what was saved, to another process too', async () => {
    const path = await folder();
    const store = new FileSessionStore(path);
    expect(await store.load(KEY)).toBeUndefined();
    await store.save(KEY, WHOLE);
    await store.save('b'.repeat(64), { sessionId: 'x' });
    expect(await new FileSessionStore(path).load(KEY)).toEqual(WHOLE);
    await store.save(KEY, { blockedUntilMs: 7 });
    expect(await new FileSessionStore(path).load(KEY)).toEqual({ blockedUntilMs: 7 });
    expect(await readdir(path)).toHaveLength(2);
  });

  it('is for its owner only', async () => {
    const path = await folder();
    await new FileSessionStore(path).save(KEY, WHOLE);
    if (process.platform === 'win32') return; // has no such modes
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, `${KEY}.json`))).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{"sessionId":"e3', 'null', '[]', '{"sessionId":5,"refused":{"salt":1}}'])(
    'takes a damaged file (%j) for an empty one',
    async (text) => {
      const path = await folder();
      const store = new FileSessionStore(path);
      await store.save(KEY, WHOLE);
      await writeFile(join(path, `${KEY}.json`), text);
      expect((await store.load(KEY)) ?? {}).toEqual({});
    },
  );

  it('leaves no half file when it cannot write, and says where', async () => {
    const path = await folder();
    const store = new FileSessionStore(path);
    await store.save(KEY, WHOLE);
    const inTheWay = new FileSessionStore(join(path, `${KEY}.json`));
    await expect(inTheWay.save(KEY, {})).rejects.toMatchObject({
      code: 'unusable',
      data: { path: inTheWay.folder },
    });
    await expect(inTheWay.load(KEY)).rejects.toMatchObject({ code: 'unusable' });
    expect(await readdir(path)).toEqual([`${KEY}.json`]);
  });

  it.each(['../elsewhere', 'a/b', '', 'a.b'])('refuses %j as a key', async (key) => {
    const store = new FileSessionStore(await folder());
    await expect(store.load(key)).rejects.toMatchObject({ code: 'outOfRange' });
    await expect(store.save(key, {})).rejects.toMatchObject({ code: 'outOfRange' });
  });
});

describe('several programs at once', () => {
  it.each([
    ['the right password', PASSWORD, 1],
    ['a wrong one', 'wrong', 0],
  ])('sign in once with %s', async (_, password, sessions) => {
    const path = await folder();
    const { client, count } = await start({ account: READY });
    const all = await Promise.allSettled(
      // A store each, as processes have.
      [1, 2, 3, 4].map(() => client({ store: new FileSessionStore(path), password }).readings()),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(sessions * 4);
    expect(count('AuthenticatePublisherAccount')).toBe(1);
    expect(count('LoginPublisherAccountById')).toBe(sessions);
    expect(await readdir(path)).toHaveLength(1);
  });

  it('do not wait for a process that has died', async () => {
    const path = await folder();
    const store = new FileSessionStore(path);
    await store.save(KEY, WHOLE);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(join(path, `${KEY}.lock`), String(pid));
    expect(await store.exclusively(KEY, async () => 'done')).toBe('done');
    expect(await readdir(path)).toEqual([`${KEY}.json`]);
  });

  it('send nothing where nothing can be kept', async () => {
    const path = await folder();
    await new FileSessionStore(path).save(KEY, WHOLE);
    const store = new FileSessionStore(join(path, `${KEY}.json`));
    const { client, sent } = signingIn(() => Response.json(true), { store });
    await expect(client.readings()).rejects.toMatchObject({ name: 'StoreError', code: 'unusable' });
    expect(sent).toEqual([]);
  });
});

describe('with it, the next run', () => {
  it('goes on with the session, and nothing in the files tells name or password', async () => {
    const path = await folder();
    const { client, count } = await start({ account: READY });
    await client({ store: new FileSessionStore(path) }).readings();
    await client({ store: new FileSessionStore(path) }).readings();
    expect(count('LoginPublisherAccountById')).toBe(1);
    const [file] = await readdir(path);
    const kept = `${file} ${await readFile(join(path, file!), 'utf8')}`;
    expect(kept).not.toContain(NAME);
    expect(kept).not.toContain(PASSWORD);
  });

  it.each([
    ['SSO_AuthenticateMaxAttemptsExceeed', 'loginBlocked'],
    ['AccountPasswordInvalid', 'credentialsRefusedBefore'],
  ])('sends nothing after %s', async (fault, code) => {
    const path = await folder();
    const run = async () => {
      const store = new FileSessionStore(path);
      const answer = () => Response.json({ Code: fault, Message: '' }, { status: 500 });
      const { client, sent } = signingIn(answer, { store, now: () => NOW_MS });
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
