import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, FileError } from './file-error.ts';

/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Windows has neither. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/**
 * The path of the file itself behind all symbolic links, whether it exists or not: what replaces
 * that file leaves the links alone.
 */
export async function resolveLinks(path: string): Promise<string> {
  let at = resolve(path);
  for (let links = 0; links <= MOST_LINKS; links++) {
    const target = await linkTarget(at);
    if (target === undefined) return join(await folderOf(at), basename(at));
    at = resolve(dirname(at), target);
  }
  throw new FileError(path, 'its symbolic links lead in a circle');
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function folderOf(path: string): Promise<string> {
  try {
    return await realpath(dirname(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return dirname(path);
    throw error;
  }
}

/**
 * Makes a folder, and those above it, for its owner only. One that exists stays as it is.
 *
 * Node.js can do so by itself, but tries for good where a folder that exists takes none, as /proc.
 *
 * @throws FileError, or the system's error, if one cannot be made
 */
export async function makePrivateFolder(path: string): Promise<void> {
  if (await madeFolder(path)) return;
  const above = dirname(path);
  if (above !== path) await makePrivateFolder(above);
  if (!(await madeFolder(path))) throw new FileError(path, 'no folder can be made there');
}

/** Makes one folder, if it does not exist; false if the one above it does not. */
async function madeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    // What a system says of a folder that exists differs.
    if (await isFolder(path)) return true;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/** @throws FileError if it is anything but a regular file */
export function assertRegular(path: string, info: Stats): void {
  if (!info.isFile()) throw new FileError(path, `it is ${kindOf(info)}, not a regular file`);
}

function kindOf(info: Stats): string {
  if (info.isDirectory()) return 'a directory';
  if (info.isFIFO()) return 'a pipe';
  if (info.isSocket()) return 'a socket';
  if (info.isCharacterDevice() || info.isBlockDevice()) return 'a device';
  return info.isSymbolicLink() ? 'a symbolic link' : 'something else';
}

/**
 * Opens a regular file; undefined if there is none. Nothing else is opened: a pipe would make it
 * wait, and opening a device can do something. `path` is one that {@link resolveLinks} gave.
 */
export async function openRegularFile(
  path: string,
  flags: number,
): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    assertRegular(path, await lstat(path));
    file = await open(path, flags | NO_FOLLOW | NO_WAIT);
    // Another may have been put there in between.
    assertRegular(path, await file.stat());
    return file;
  } catch (error) {
    await file?.close();
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Limits of a read of a file. */
export interface ReadOptions {
  /** A longer file is refused. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a regular file, through symbolic links; undefined if there is none.
 *
 * @throws FileError if it is longer than `maxBytes`, or a pipe, device, directory or socket
 */
export async function readRegularFile(
  path: string,
  options: ReadOptions,
): Promise<Buffer | undefined> {
  options.signal?.throwIfAborted();
  const file = await openRegularFile(await resolveLinks(path), constants.O_RDONLY);
  if (file === undefined) return undefined;
  try {
    return await readHandle(path, file, options);
  } finally {
    await file.close();
  }
}

/** Reads an open regular file from its beginning. @throws FileError if it is too long */
export async function readHandle(
  path: string,
  file: FileHandle,
  { maxBytes, signal }: ReadOptions,
): Promise<Buffer> {
  const { size } = await file.stat();
  const limit = `it is longer than ${maxBytes} bytes`;
  if (size > maxBytes) throw new FileError(path, limit);
  // A byte more, to see a file that grows while it is read, or says that it is empty as in /proc.
  let buffer = Buffer.allocUnsafe(Math.min(size, maxBytes) + 1);
  let length = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > maxBytes) throw new FileError(path, limit);
    if (bytesRead === 0) return buffer.subarray(0, length);
    if (length === buffer.length) {
      const longer = Buffer.allocUnsafe(Math.min(buffer.length * 2, maxBytes) + 1);
      buffer.copy(longer);
      buffer = longer;
    }
  }
}

/** @throws FileError if something other than a regular file is there */
export async function assertReplaceable(path: string): Promise<void> {
  try {
    assertRegular(path, await stat(path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
