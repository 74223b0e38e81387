import { join } from 'node:path';
import { makePrivateFolder, reasonOf, tryLock } from '@egvkit/node-files';
import { WatchError } from '../../errors/watch-error.ts';

/**
 * Makes sure that nobody else watches with this state folder, until it is disposed of.
 *
 * @throws WatchError `alreadyWatching`, `stateUnusable`
 */
export async function lockWatch(folder: string): Promise<AsyncDisposable> {
  const lock = await takeLock(folder);
  if (!('release' in lock)) throw new WatchError('alreadyWatching', { folder, ...lock });
  return { [Symbol.asyncDispose]: () => lock.release() };
}

async function takeLock(folder: string): ReturnType<typeof tryLock> {
  try {
    await makePrivateFolder(folder);
    return await tryLock(join(folder, 'watch.lock'));
  } catch (cause) {
    const reason = reasonOf(cause);
    if (reason === undefined) throw cause;
    throw new WatchError('stateUnusable', { folder, reason }, { cause });
  }
}
