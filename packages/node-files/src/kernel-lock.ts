import { randomUUID } from 'node:crypto';
import { link, lstat, rm } from 'node:fs/promises';
import type * as Sqlite from 'node:sqlite';
import { codeOf, FileError } from './file-error.ts';
import { assertRegular } from './regular-file.ts';
import { createPrivateFile } from './replacement.ts';

/** A lock that the kernel holds: it ends with this process, however that ends. */
export interface KernelLock {
  /** Tells whether the locked file is still the one that others lock by this path. */
  isInPlace(): Promise<boolean>;
  release(): void;
}

/** Result codes of SQLite, without their extensions. */
const BUSY = 5;
const READ_ONLY = 8;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** System codes of folders in which files cannot be linked: FAT, some phones, network folders. */
export const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Takes a lock of the kernel: `busy` if another process or thread has it, `unavailable` where
 * there are none: before Node 22.13, and in some network folders.
 *
 * Node has no call for it, but an open transaction of SQLite on an empty database is one (`fcntl`,
 * or `LockFileEx` on Windows). Nothing is written, so the file stays empty. It also stays when the
 * lock is released, since to remove it would let two processes lock two files of one name. And
 * nobody may open it here: a process that closes any handle of a file loses its `fcntl` locks.
 */
export async function takeKernelLock(path: string): Promise<KernelLock | 'busy' | 'unavailable'> {
  const sqlite = loadSqlite();
  if (sqlite === undefined) return 'unavailable';
  await createEmpty(path);
  const before = await identityOf(path);
  let database: Sqlite.DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path, { timeout: 0 });
    // Nothing beside the file either: a transaction on an empty database begins a journal.
    database.exec('PRAGMA journal_mode = MEMORY');
    // Takes SQLite's RESERVED lock, which has one holder; EXCLUSIVE could fail for two at once.
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    database?.close();
    return outcomeOf(path, error);
  }
  const held = database;
  const isInPlace = async () => (await identityOf(path).catch(() => undefined)) === before;
  if (!(await isInPlace())) {
    held.close();
    return 'busy'; // replaced in between: look again
  }
  return { isInPlace, release: () => held.close() };
}

function outcomeOf(path: string, error: unknown): 'busy' | 'unavailable' {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === BUSY) return 'busy';
  if (code === NOT_A_DATABASE) throw new FileError(path, 'it is not a lock of egvkit');
  if (code === READ_ONLY || code === CANNOT_OPEN) {
    throw new FileError(path, 'permission to write it is denied');
  }
  return 'unavailable';
}

let loaded: { readonly sqlite: typeof Sqlite | undefined } | undefined;

/** Loads SQLite without the warning that it is experimental, which is not for users to see. */
function loadSqlite(): typeof Sqlite | undefined {
  if (loaded !== undefined) return loaded.sqlite;
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    // `import` would fail where there is none, and be told of; this is from Node 22.3 on.
    loaded = { sqlite: process.getBuiltinModule?.('node:sqlite') };
  } finally {
    process.emitWarning = emitWarning;
  }
  return loaded.sqlite;
}

/** Makes an empty file at one stroke, whose handles are closed before anybody can lock it. */
async function createEmpty(path: string): Promise<void> {
  try {
    assertRegular(path, await lstat(path));
    return;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const aside = await createPrivateFile(`${path}.${randomUUID()}.tmp`);
  try {
    await aside.file.close();
    await link(aside.path, path);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (NO_LINKS.has(code)) await (await createPrivateFile(path)).file.close();
    // Where another was faster, theirs is as good.
    else if (code !== 'EEXIST') throw error;
  } finally {
    await rm(aside.path, { force: true });
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const info = await lstat(path, { bigint: true });
    if (!info.isFile()) throw new FileError(path, 'it is not a regular file');
    return `${info.dev} ${info.ino}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
