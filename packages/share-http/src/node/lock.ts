import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';

/** A holder that lives touches its lock this often, and one that has not for so long is dead. */
const TOUCH_MS = 10_000;
const STALE_MS = 60_000;

/** Where files cannot be linked: FAT, some phones and network folders. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** What this process holds itself: its own id in a lock does not tell. */
const held = new Set<string>();

/** A lock file of this process. */
export interface FileLock {
  /** Gives it up. */
  release(): Promise<void>;
}

/** Who has a lock file. */
export interface LockHolder {
  readonly processId: number;
}

/** The system's code of a failed call; undefined if it is another kind of error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/**
 * Takes a lock file, or tells who has it. One left behind by a process that has died is taken
 * over, also when its process id has since been given to another program (as happens in
 * containers): then it has not been touched for a minute. Rejects if nothing can be written there.
 */
export async function tryLock(path: string): Promise<FileLock | LockHolder> {
  for (;;) {
    if (await create(path)) return hold(path);
    const holder = await takeAway(path);
    if (holder !== undefined) return holder;
  }
}

/** Makes the lock with this process's id in it, at one stroke: a crash never leaves half of one. */
async function create(path: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  const processId = String(process.pid);
  try {
    await writeFile(aside, processId, { mode: 0o600 });
    await link(aside, path).catch((error: unknown) => {
      if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
      return writeFile(path, processId, { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Removes a dead process's lock; tells who has it if its holder lives. */
async function takeAway(path: string): Promise<LockHolder | undefined> {
  const before = await look(path);
  if (before === undefined) return undefined;
  const { processId, touchedMs } = before;
  // This process's own id in a lock that it does not hold is an earlier process's, before a reboot.
  const alive = held.has(path) || (processId !== process.pid && isAlive(processId));
  if (alive && Date.now() - touchedMs < STALE_MS) return { processId };
  // Two processes may come to this at once: only the one whose rename moves the dead lock goes on.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    const moved = await look(aside);
    if (moved?.touchedMs === touchedMs && moved.processId === processId) await rm(aside);
    else await rename(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return undefined;
}

async function look(path: string): Promise<(LockHolder & { touchedMs: number }) | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { processId: Number(text), touchedMs: mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

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
      await rm(path, { force: true });
    },
  };
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
