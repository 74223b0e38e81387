import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, FileError } from './file-error.ts';
import type { LockHolder } from './holder.ts';
import { type KernelLock, NO_LINKS, takeKernelLock } from './kernel-lock.ts';
import { type Life, lifeOf, type Program, thisProgram } from './program.ts';
import { makePrivateFolder, openRegularFile, readHandle } from './regular-file.ts';
import { createPrivateFile } from './replacement.ts';

/** Others may take a lock and give it up again between two looks, but not so often. */
const MOST_LOOKS = 50;
const LOOK_AGAIN_MS = 10;
const MOST_BYTES = 4096;

/** A lock of this process. */
export interface FileLock {
  /** Tells whether the lock is still this process's own: call it before anything that relies on the lock. */
  isHeld(): Promise<boolean>;
  /** Gives it up. */
  release(): Promise<void>;
}

/** Content of a lock file: its holder. */
interface HolderRecord extends Program {
  /** True if the kernel holds a lock as well. */
  readonly kernel: boolean;
  /** So that a lock is known again. */
  readonly nonce: string;
}

interface Found {
  readonly text: string;
  /** Undefined if it is not whole, or not of this program. */
  readonly record: HolderRecord | undefined;
}

/**
 * Takes the lock of this path, or tells who has it. The kernel holds it where it can, so that it
 * ends with its process and works between containers; and a file `….holder` beside it names the
 * holder, for people, and for where the kernel holds none. That of a process that has ended is
 * taken over. No clock plays a part, so it makes no difference when a clock is set or the computer
 * sleeps.
 *
 * @throws FileError, or the system's error, if it cannot be made
 */
export async function tryLock(path: string): Promise<FileLock | LockHolder> {
  const at = await resolveFolder(path);
  const file = `${at}.holder`;
  try {
    return await takeOrTell(at, file);
  } catch (error) {
    if (!(error instanceof FileError) || (error.path !== at && error.path !== file)) throw error;
    throw new FileError(at, `its lock file ${error.path} cannot: ${error.reason}`);
  }
}

async function takeOrTell(at: string, file: string): Promise<FileLock | LockHolder> {
  for (let look = 0; ; look++) {
    const kernel = await takeKernelLock(at);
    let taken: FileLock | LockHolder | undefined;
    try {
      taken = await claim(at, file, kernel);
    } finally {
      const isOurs = taken !== undefined && 'release' in taken;
      if (typeof kernel === 'object' && !isOurs) kernel.release();
    }
    if (taken !== undefined) return taken;
    if (look >= MOST_LOOKS) {
      // Somebody has it, and it was never the same for long enough to be seen.
      return { processId: undefined, host: undefined, isAlive: kernel === 'busy', lockFile: file };
    }
    await sleep(LOOK_AGAIN_MS * Math.random());
  }
}

/** One path for a lock, whatever links lead to its folder. */
async function resolveFolder(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  await makePrivateFolder(folder);
  return join(await realpath(folder), basename(path));
}

type Kernel = KernelLock | 'busy' | 'unavailable';

/** Puts this process down as the holder, or gives the one that is; undefined: look again. */
async function claim(
  path: string,
  file: string,
  kernel: Kernel,
): Promise<FileLock | LockHolder | undefined> {
  if (kernel !== 'busy') {
    const us: HolderRecord = {
      ...(await thisProgram()),
      kernel: kernel !== 'unavailable',
      nonce: randomUUID(),
    };
    const text = JSON.stringify(us);
    if (await create(file, text)) return hold(file, text, kernel);
  }
  const found = await look(file);
  if (found?.record === undefined) return undefined;
  const life = await lifeBehind(path, found.record, kernel);
  if (life !== 'dead') {
    const { processId, host } = found.record;
    return { processId, host, isAlive: life === 'alive', lockFile: file };
  }
  if (kernel !== 'busy') await takeAway(file, found.text);
  return undefined;
}

async function lifeBehind(path: string, record: HolderRecord, kernel: Kernel): Promise<Life> {
  const life = await lifeOf(record, path);
  // Of one that is busy: the dead one is yet to be replaced by whoever has it now.
  if (kernel === 'busy') return life === 'unknown' ? 'alive' : life;
  if (kernel === 'unavailable' || !record.kernel) return life;
  // The lock that this kernel held for it is free, so it has ended, wherever it was.
  const us = await thisProgram();
  const isOurKernel = record.bootId === us.bootId && (us.bootId !== '' || record.host === us.host);
  const isSeen = life === 'alive' && record.startTime !== '';
  return isOurKernel && !isSeen ? 'dead' : life;
}

/** Makes the file at one stroke: neither a crash nor a power cut leaves half of one. */
async function create(path: string, text: string): Promise<boolean> {
  const aside = await createPrivateFile(`${path}.${randomUUID()}.tmp`);
  try {
    try {
      await aside.file.writeFile(text);
      await aside.file.datasync();
    } finally {
      await aside.file.close();
    }
    await link(aside.path, path).catch(async (error: unknown) => {
      if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
      const { file } = await createPrivateFile(path);
      await file.writeFile(text).finally(() => file.close());
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside.path, { force: true });
  }
}

async function look(path: string): Promise<Found | undefined> {
  const text = await textIn(path);
  return text === undefined ? undefined : { text, record: recordIn(text) };
}

async function textIn(path: string): Promise<string | undefined> {
  const file = await openRegularFile(path, constants.O_RDONLY);
  if (file === undefined) return undefined;
  try {
    return (await readHandle(path, file, { maxBytes: MOST_BYTES })).toString('utf8');
  } finally {
    await file.close();
  }
}

function recordIn(text: string): HolderRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const record = (value ?? {}) as Readonly<Record<string, unknown>>;
  const words = ['host', 'bootId', 'pidNamespace', 'startTime', 'nonce'];
  const isWhole =
    words.every((word) => typeof record[word] === 'string') &&
    Number.isSafeInteger(record.processId) &&
    Number(record.processId) > 0 &&
    typeof record.kernel === 'boolean';
  return isWhole ? (value as HolderRecord) : undefined;
}

/**
 * Removes a dead process's file. Another may have done so and put its own there since: that one is
 * put back, and if a third has come in between, the second finds out before it relies on its lock.
 */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    if ((await textIn(aside)) === dead) return;
    await link(aside, path).catch((error: unknown) => {
      if (NO_LINKS.has(codeOf(error) ?? '')) return rename(aside, path);
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { force: true });
  }
}

function hold(file: string, text: string, kernel: KernelLock | 'unavailable'): FileLock {
  // What cannot be read is not known to be ours.
  const isNamed = async () => (await textIn(file).catch(() => undefined)) === text;
  let released = false;
  return {
    async isHeld() {
      if (released) return false;
      return (kernel === 'unavailable' || (await kernel.isInPlace())) && (await isNamed());
    },
    async release() {
      if (released) return;
      released = true;
      try {
        if (await isNamed()) await rm(file, { force: true });
      } finally {
        if (kernel !== 'unavailable') kernel.release();
      }
    },
  };
}
