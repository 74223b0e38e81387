import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from './file-error.ts';
import { assertReplaceable, resolveLinks } from './regular-file.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;

/**
 * Replaces a file as a whole, or makes it; done when it would survive a crash. Whatever happens,
 * the old content or the new is there, readable by its owner only. Symbolic links to the file stay.
 *
 * @throws FileError if there is something other than a regular file
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = await resolveLinks(path);
  await assertReplaceable(target);
  const aside = await createPrivateFile(`${target}.${randomUUID()}.tmp`);
  try {
    try {
      await aside.file.writeFile(content);
      await aside.file.sync();
    } finally {
      await aside.file.close();
    }
    await assertReplaceable(target);
    await rename(aside.path, target);
  } catch (error) {
    await rm(aside.path, { force: true }).catch(() => {}); // the failure that counts is the first
    throw error;
  }
  await syncFolder(dirname(target));
}

/**
 * Creates a file that did not exist, neither as a link, for its owner only, and makes sure of it.
 *
 * @throws FileError where files cannot be kept private, as on FAT
 */
export async function createPrivateFile(path: string): Promise<{ path: string; file: FileHandle }> {
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await assertPrivate(path, file);
    return { path, file };
  } catch (error) {
    await file.close();
    await rm(path, { force: true }).catch(() => {}); // the failure that counts is the first
    throw error;
  }
}

async function assertPrivate(path: string, file: FileHandle): Promise<void> {
  if (process.platform === 'win32') return; // has no such modes
  const { uid, mode } = await file.stat();
  const bits = (mode & 0o777).toString(8);
  if ((mode & 0o077) !== 0) {
    throw new FileError(path, `its folder lets others see every file (mode ${bits}, not 600)`);
  }
  const user = process.geteuid?.();
  if (user !== undefined && uid !== user) {
    throw new FileError(path, `its folder gives files to user ${uid}, not to user ${user}`);
  }
}

/** Makes a rename last. Windows cannot open directories, and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
