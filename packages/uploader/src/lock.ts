import { link, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { UploadError } from '@egvkit/protocol';

/** A holder that lives touches its lock this often, and one that has not for so long is dead. */
const TOUCH_MS = 10_000;
const STALE_MS = 60_000;

/** Holds `path` for this process until it is released. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Takes a lock file. One left behind by a process that has died is taken over, also when its
 * process id has since been given to another program (as happens in containers): then it has not
 * been touched for a minute.
 *
 * @throws UploadError `journalLocked` if another upload holds it
 */
export async function lockFile(path: string, journalPath: string): Promise<FileLock> {
  for (;;) {
    const taken = await create(path);
    if (taken) return hold(path);
    await takeAway(path, journalPath);
  }
}

/** Makes the lock with this process's id in it, at one stroke: a crash never leaves half of one. */
async function create(path: string): Promise<boolean> {
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, String(process.pid), { mode: 0o600 });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(aside);
  }
}

/** Removes a dead process's lock; throws if its holder lives. */
async function takeAway(path: string, journalPath: string): Promise<void> {
  const before = await holder(path);
  if (before === undefined) return;
  const { processId, touchedMs } = before;
  // This process's own id in a lock that it does not hold is an earlier process's, before a reboot.
  const alive = held.has(path) || (processId !== process.pid && isAlive(processId));
  if (alive && Date.now() - touchedMs < STALE_MS) {
    throw new UploadError('journalLocked', { path: journalPath, processId });
  }
  // Two processes may come to this at once: only the one whose rename moves the dead lock goes on.
  const aside = `${path}.dead.${process.pid}`;
  try {
    await rename(path, aside);
    const moved = await holder(aside);
    if (moved?.touchedMs === touchedMs && moved.processId === processId) await unlink(aside);
    else await rename(aside, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

async function holder(path: string): Promise<{ processId: number; touchedMs: number } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { processId: Number(text), touchedMs: mtimeMs };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What this process holds itself: its own id in a lock does not tell. */
const held = new Set<string>();

function hold(path: string): FileLock {
  held.add(path);
  const timer = setInterval(() => {
    const now = new Date();
    // A lock that was removed by hand is not made again.
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      held.delete(path);
      await unlink(path).catch((error: unknown) => {
        if (!isCode(error, 'ENOENT')) throw error;
      });
    },
  };
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Whether this is a file system error of that kind. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
