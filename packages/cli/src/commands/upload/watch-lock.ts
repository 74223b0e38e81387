import { join } from 'node:path';
import { makePrivateFolder, tryLock } from '@egvkit/node-files';
import { WatchError } from '../../errors/watch-error.ts';

/**
 * Makes sure that nobody else watches with this state folder, until it is disposed of.
 *
 * @throws WatchError `alreadyWatching`
 */
export async function lockWatch(folder: string): Promise<AsyncDisposable> {
  await makePrivateFolder(folder);
  const lock = await tryLock(join(folder, 'watch.lock'));
  if (!('release' in lock)) throw new WatchError('alreadyWatching', { folder, ...lock });
  return { [Symbol.asyncDispose]: () => lock.release() };
}
