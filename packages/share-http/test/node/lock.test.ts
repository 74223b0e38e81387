import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FileLock, tryLock } from '../../src/node/index.ts';

const DEAD = String(spawnSync(process.execPath, ['-e', '']).pid);

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'it.lock');
}

const isHeld = (one: object): one is FileLock => 'release' in one;

describe('a lock file', () => {
  it('has one holder, by whatever name it is called', async () => {
    const path = await lockPath();
    const lock = await tryLock(path);
    expect(isHeld(lock)).toBe(true);
    expect(await tryLock(relative(process.cwd(), path))).toEqual({ processId: process.pid });
    if (isHeld(lock)) await lock.release();
    expect(isHeld(await tryLock(path))).toBe(true);
  });

  it('holds against another thread, which has the same process id', async () => {
    const path = await lockPath();
    await tryLock(path);
    const entry = new URL('../../dist/node/index.js', import.meta.url).href;
    const script = `import('${entry}').then(async ({ tryLock }) =>
      require('node:worker_threads').parentPort.postMessage(
        'release' in await tryLock(${JSON.stringify(path)})))`;
    const worker = new Worker(script, { eval: true });
    expect(await new Promise((done) => worker.once('message', done))).toBe(false);
  });

  it('of a dead process is taken over by one of many that come at once', async () => {
    for (let round = 0; round < 20; round++) {
      const path = await lockPath();
      await writeFile(path, DEAD);
      const all = await Promise.all(Array.from({ length: 8 }, () => tryLock(path)));
      expect(all.filter(isHeld)).toHaveLength(1);
      expect(await readdir(join(path, '..'))).toEqual(['it.lock']);
    }
  });

  it('of an earlier process with this one’s id is taken over, but not a younger one', async () => {
    const path = await lockPath();
    await writeFile(path, `${process.pid} earlier`);
    expect(isHeld(await tryLock(path))).toBe(false);
    const beforeUs = new Date(Date.now() - process.uptime() * 1000 - 1000);
    await utimes(path, beforeUs, beforeUs);
    expect(isHeld(await tryLock(path))).toBe(true);
  });

  it('that has become somebody else’s is left to them', async () => {
    const path = await lockPath();
    const lock = await tryLock(path);
    // As after a minute in which this process was stopped.
    await writeFile(path, '1 theirs');
    if (isHeld(lock)) await lock.release();
    expect(await readFile(path, 'utf8')).toBe('1 theirs');
  });

  it('is taken over though whoever began to do so has died', async () => {
    const path = await lockPath();
    await writeFile(path, DEAD);
    await writeFile(`${path}.takeover`, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.takeover`, longAgo, longAgo);
    expect(isHeld(await tryLock(path))).toBe(true);
    expect(await readdir(join(path, '..'))).toEqual(['it.lock']);
  });
});
