import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A holder that lives touches its lock this often, and one that has not for so long is dead. */
const TOUCH_MS = 10_000;
const STALE_MS = 60_000;
/** Nobody takes longer to remove a dead lock. */
const TAKEOVER_MS = 10_000;
const LOOK_AGAIN_MS = 10;

/** Where files cannot be linked: FAT, some phones and network folders. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A lock file of this process. */
export interface FileLock {
  /** Gives it up. */
  release(): Promise<void>;
}

/** Who has a lock file. */
export interface LockHolder {
  readonly processId: number;
}

/** A lock as it is found. */
interface Found extends LockHolder {
  /** The process id and a word of its own, so that a lock is known again. */
  readonly text: string;
  readonly touchedMs: number;
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
  const at = resolve(path);
  for (;;) {
    const text = `${process.pid} ${randomUUID()}`;
    if (await create(at, text)) return hold(at, text);
    const found = await look(at);
    if (found !== undefined && isLive(found)) return { processId: found.processId };
    if (found !== undefined) await takeAway(at, found);
  }
}

/** Makes the lock at one stroke: a crash never leaves half of one. */
async function create(path: string, text: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await writeFile(aside, text, { mode: 0o600 });
    await link(aside, path).catch((error: unknown) => {
      if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
      return writeFile(path, text, { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function look(path: string): Promise<Found | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { processId: Number.parseInt(text, 10), text, touchedMs: mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isLive({ processId, text, touchedMs }: Found): boolean {
  if (Date.now() - touchedMs >= STALE_MS) return false;
  // Empty: its holder is about to write into it.
  if (text === '') return true;
  // Another thread's, or left by an earlier process, before a reboot, that had this one's id.
  if (processId === process.pid) return touchedMs >= Date.now() - process.uptime() * 1000;
  return isAlive(processId);
}

/**
 * Removes a dead process's lock. Several come to this at once, and a lock that one of them has made
 * since must not be removed by the next: they take turns, and each looks again.
 */
async function takeAway(path: string, dead: Found): Promise<void> {
  const turn = `${path}.takeover`;
  try {
    await writeFile(turn, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const other = await look(turn);
    const isStuck = other !== undefined && Date.now() - other.touchedMs >= TAKEOVER_MS;
    await (isStuck ? rm(turn, { force: true }) : sleep(LOOK_AGAIN_MS));
    return;
  }
  try {
    const now = await look(path);
    if (now?.text === dead.text && now.touchedMs === dead.touchedMs) await rm(path);
  } finally {
    await rm(turn, { force: true });
  }
}

function hold(path: string, text: string): FileLock {
  // A process that was stopped for a minute may find another's in its place, or none.
  const isOurs = async () => (await look(path))?.text === text;
  const touch = async () => {
    const now = new Date();
    if (await isOurs()) await utimes(path, now, now);
  };
  const timer = setInterval(() => {
    touch().catch(() => {}); // the next time, or it goes stale
  }, TOUCH_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      if (await isOurs()) await rm(path, { force: true });
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
