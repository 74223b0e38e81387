import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readRegularFile, reasonOf, replaceFile } from '@egvkit/node-files';
import { ServiceError } from '../errors/service-error.ts';
import { MARK, type ServiceFile } from './plan.ts';

/** Outcome of writing a file. */
export type Written = 'written' | 'replaced' | 'unchanged';

const MOST_BYTES = 1024 * 1024;

/** A file that may be there. */
export interface FoundFile {
  readonly content: string;
  /** True if egvkit wrote it. */
  readonly isOurs: boolean;
}

/** Reads a file. Undefined if there is none. @throws ServiceError `fileUnusable` */
export async function findFile({
  path,
  encoding = 'utf8',
}: Pick<ServiceFile, 'path' | 'encoding'>): Promise<FoundFile | undefined> {
  const bytes = await explained(path, () => readRegularFile(path, { maxBytes: MOST_BYTES }));
  const content = bytes?.toString(encoding);
  return content === undefined ? undefined : { content, isOurs: content.includes(MARK) };
}

/**
 * Writes a file as a whole, for everybody to read. What has that content already is not touched.
 *
 * @throws ServiceError `foreignFile` if another wrote it; `fileUnusable`
 */
export async function writeFile(file: ServiceFile): Promise<Written> {
  const { path, content, encoding = 'utf8' } = file;
  const found = await findFile(file);
  if (found?.content === content) return 'unchanged';
  if (found !== undefined && !found.isOurs) throw new ServiceError('foreignFile', { path });
  await explained(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, Buffer.from(content, encoding));
    await chmod(path, 0o644);
  });
  return found === undefined ? 'written' : 'replaced';
}

/** Removes a file. @throws ServiceError `fileUnusable` */
export async function removeFile(path: string): Promise<void> {
  await explained(path, () => rm(path, { force: true }));
}

async function explained<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    throw new ServiceError('fileUnusable', { path, reason }, { cause: error });
  }
}
