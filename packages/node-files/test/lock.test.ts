import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FileLock, type LockHolder, tryLock, waitForLock } from '../src/index.ts';

const ENTRY = new URL('../dist/index.js', import.meta.url).href;
/** The first Node that is supported, which has no lock of the kernel to offer. */
const WITHOUT_KERNEL = { kernel: false };

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'it.lock');
}

function held(lock: FileLock | LockHolder): FileLock {
  if (!('release' in lock)) throw new Error(`held by ${lock.processId}`);
  onTestFinished(() => lock.release());
  return lock;
}

const isHeld = (lock: object): lock is FileLock => 'release' in lock;

/** A program that takes the lock, says so, and keeps it until it is killed. */
const holderScript = (path: string, prelude = '') => `${prelude}
  const { tryLock } = await import(${JSON.stringify(ENTRY)});
  const lock = await tryLock(${JSON.stringify(path)});
  console.log('release' in lock ? 'held' : JSON.stringify(lock));
  setInterval(() => {}, 1000);`;

/** Flags that take SQLite from a Node of today. */
const NO_SQLITE = 'process.getBuiltinModule = undefined;';

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout!, 'data');
  return String(chunk).trim();
}

async function startHolder(
  path: string,
  { prelude = '', wrapper = [] as readonly string[] } = {},
): Promise<{ child: ChildProcess; said: string }> {
  const node = [process.execPath, '--input-type=module', '-e', holderScript(path, prelude)];
  const [program, ...args] = [...wrapper, ...node];
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said: await firstLine(child) };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Lock file of the holder, altered. */
async function alterHolder(path: string, change: Record<string, unknown>): Promise<void> {
  const known = JSON.parse(await readFile(`${path}.holder`, 'utf8'));
  await writeFile(`${path}.holder`, JSON.stringify({ ...known, ...change }));
}

/** A holder that has ended without giving up its lock, as it wrote about itself. */
async function leftBehind(change: Record<string, unknown> = {}): Promise<string> {
  const path = await lockPath();
  await killed((await startHolder(path)).child);
  await alterHolder(path, change);
  return path;
}

describe('a lock', () => {
  it('has one holder, by whatever name it is called, and tells which', async () => {
    const path = await lockPath();
    const lock = held(await tryLock(path));
    const other = await tryLock(relative(process.cwd(), path));
    expect(other).toEqual({
      processId: process.pid,
      host: hostname(),
      isAlive: true,
      lockFile: `${path}.holder`,
    });
    await symlink(join(path, '..'), `${path}-folder`);
    expect(isHeld(await tryLock(join(`${path}-folder`, 'it.lock')))).toBe(false);
    await lock.release();
    held(await tryLock(path));
  });

  it('can be read by its owner only', async () => {
    const path = await lockPath();
    held(await tryLock(path));
    for (const name of await readdir(join(path, '..'))) {
      expect((await stat(join(path, '..', name))).mode & 0o777).toBe(0o600);
    }
  });

  it('holds against another thread, which has the same process id', async () => {
    const path = await lockPath();
    held(await tryLock(path));
    const script = `import('${ENTRY}').then(async ({ tryLock }) =>
      require('node:worker_threads').parentPort.postMessage(
        'release' in await tryLock(${JSON.stringify(path)})))`;
    const worker = new Worker(script, { eval: true });
    expect(await new Promise((done) => worker.once('message', done))).toBe(false);
  });

  it('is taken by one of many that come at once, also over a dead one', async () => {
    for (const start of [lockPath, leftBehind]) {
      const path = await start();
      for (let round = 0; round < 10; round++) {
        const all = await Promise.all(Array.from({ length: 8 }, () => tryLock(path)));
        expect(all.filter(isHeld)).toHaveLength(1);
        await held(all.find(isHeld)!).release();
        expect(await readdir(join(path, '..'))).toEqual(['it.lock']);
      }
    }
  });

  it.each([
    ['the kernel', 'the kernel', '', ''],
    ['the kernel', 'its file', '', NO_SQLITE],
    ['its file', 'the kernel', NO_SQLITE, ''],
    ['its file', 'its file', NO_SQLITE, NO_SQLITE],
  ])('held by %s keeps out a process that locks by %s, until it is killed', async (...settings) => {
    const [, , first, second] = settings;
    const path = await lockPath();
    const holder = await startHolder(path, { prelude: first });
    expect(holder.said).toBe('held');
    const files = ['it.lock.holder', ...(first === '' ? ['it.lock'] : [])];
    expect(await readdir(join(path, '..'))).toEqual(files.toSorted());
    const other = await startHolder(path, { prelude: second });
    expect(JSON.parse(other.said)).toMatchObject({ processId: holder.child.pid, isAlive: true });
    await killed(holder.child);
    expect((await startHolder(path, { prelude: second })).said).toBe('held');
  });

  it.for([
    ['the kernel', 'the kernel', '', ''],
    ['the kernel', 'its file', '', NO_SQLITE],
  ] as const)(
    'held in one container by %s keeps out another that locks by %s',
    async (setting, { skip }) => {
      const [, , first, second] = setting;
      const wrapper = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
      const permitted = spawnSync(wrapper[0]!, [...wrapper.slice(1), 'true']).status === 0;
      skip(!permitted, 'a process namespace cannot be made here');
      const path = await lockPath();
      const holder = await startHolder(path, { wrapper, prelude: first });
      expect(holder.said).toBe('held');
      const other = await startHolder(path, { wrapper, prelude: second });
      expect(JSON.parse(other.said)).toMatchObject({ processId: 1, isAlive: second === '' });
      await killed(holder.child);
      const third = await startHolder(path, { wrapper, prelude: second });
      // Without a lock of the kernel nobody here can know that it has ended: a person can.
      if (second === '') expect(third.said).toBe('held');
      else
        expect(JSON.parse(third.said)).toMatchObject({
          isAlive: false,
          lockFile: `${path}.holder`,
        });
    },
  );

  it.each([-40, -0.001, 0.02, 400])(
    'does not look at clocks: dated %d days ahead',
    async (days) => {
      const date = new Date(Date.now() + days * 86_400_000);
      const dated = async (path: string) => {
        const folder = join(path, '..');
        for (const name of await readdir(folder)) await utimes(join(folder, name), date, date);
        return tryLock(path);
      };
      held(await dated(await leftBehind()));
      held(await dated(await leftBehind(WITHOUT_KERNEL)));
      for (const prelude of ['', NO_SQLITE]) {
        const path = await lockPath();
        await startHolder(path, { prelude });
        expect(isHeld(await dated(path))).toBe(false);
      }
    },
  );

  it.each([
    ['a stranger has its process id now', { processId: process.ppid }],
    ['this process has its process id', { processId: process.pid }],
    ['the computer was started anew', { bootId: 'earlier' }],
  ])('of a dead process is taken over though %s', async (_, change) => {
    held(await tryLock(await leftBehind({ ...WITHOUT_KERNEL, ...change })));
  });

  it.each([
    ['another machine', { bootId: 'theirs', host: 'theirs' }],
    ['another container, without a lock of the kernel', { ...WITHOUT_KERNEL, pidNamespace: 'x' }],
  ])('of a process on %s is refused, and names it', async (_, change) => {
    const path = await leftBehind({ processId: 4711, ...change });
    expect(await tryLock(path)).toMatchObject({
      processId: 4711,
      isAlive: false,
      lockFile: `${path}.holder`,
    });
    await rm(`${path}.holder`);
    held(await tryLock(path));
  });

  it('that was removed, or taken by another, is no longer held and is left to them', async () => {
    for (const steal of [
      (path: string) => rm(`${path}.holder`),
      (path: string) => rename(`${path}.holder`, `${path}.else`),
      (path: string) => writeFile(`${path}.holder`, 'theirs'),
      (path: string) => rm(path),
      (path: string) => rm(path).then(() => writeFile(path, '')),
    ]) {
      const path = await lockPath();
      const lock = held(await tryLock(path));
      expect(await lock.isHeld()).toBe(true);
      await steal(path);
      expect(await lock.isHeld()).toBe(false);
      const before = await readFile(`${path}.holder`, 'utf8').catch(() => undefined);
      await lock.release();
      if (before === 'theirs') expect(await readFile(`${path}.holder`, 'utf8')).toBe(before);
    }
  });

  it('that is a dangling link, a directory or another file is an error', async () => {
    for (const place of ['', '.holder']) {
      const path = await lockPath();
      await symlink('nowhere', `${path}${place}`);
      await expect(tryLock(path)).rejects.toMatchObject({ reason: /symbolic link/ });
      await rm(`${path}${place}`);
      await mkdir(`${path}${place}`);
      await expect(tryLock(path)).rejects.toMatchObject({ reason: /directory/ });
    }
    const path = await lockPath();
    await writeFile(path, 'a letter to the editor');
    await expect(tryLock(path)).rejects.toMatchObject({ reason: /no lock/ });
    expect(await readFile(path, 'utf8')).toBe('a letter to the editor');
  });

  it('whose holder file is garbage is refused with that file', async () => {
    const path = await lockPath();
    await writeFile(`${path}.holder`, '4711 as of old');
    expect(await tryLock(path)).toMatchObject({ isAlive: false, lockFile: `${path}.holder` });
  });

  it('warns of nothing experimental', async () => {
    const path = await lockPath();
    const script = holderScript(path).replace(/setInterval.*$/, 'process.exit();');
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    expect(String(ran.stdout).trim()).toBe('held');
    expect(String(ran.stderr)).toBe('');
  });
});

describe('waiting for a lock', () => {
  it('tells for whom, once, and takes it when it is given up', async () => {
    const path = await lockPath();
    const { child } = await startHolder(path);
    const told: LockHolder[] = [];
    const onWait = (holder: LockHolder) => {
      told.push(holder);
      setTimeout(() => child.kill('SIGKILL'), 120);
    };
    held(await waitForLock(path, { timeoutMs: 60_000, onWait }));
    expect(told).toMatchObject([{ processId: child.pid, host: hostname() }]);
  });

  it('ends with the signal, and after its time', async () => {
    const path = await lockPath();
    held(await tryLock(path));
    const controller = new AbortController();
    const onWait = () => controller.abort(new Error('stop'));
    const { signal } = controller;
    await expect(waitForLock(path, { timeoutMs: 60_000, signal, onWait })).rejects.toThrow();
    await expect(waitForLock(path, { timeoutMs: 0 })).rejects.toMatchObject({
      name: 'LockTimeoutError',
      holder: { processId: process.pid },
    });
  });

  it('does not wait for one whose end nobody can see', async () => {
    const path = await leftBehind({ host: 'theirs', bootId: 'theirs' });
    await expect(waitForLock(path, { timeoutMs: 60_000 })).rejects.toMatchObject({
      holder: { host: 'theirs', isAlive: false },
    });
  });
});
