import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, StoreError } from '@egvkit/protocol';
import type { RefusedSignIns, SessionStore, StoredAccount } from '../store.ts';
import { codeOf, type FileLock, type LockHolder, tryLock } from './lock.ts';

/** How long another program's sign-in is waited for before looking again. */
const LOOK_AGAIN_MS = 50;

const KEY = /^[\w-]{1,100}$/;

const isNumber = (value: unknown): value is number => Number.isFinite(value);

function refusedIn(value: unknown): RefusedSignIns | undefined {
  const { salt, hashes } = (value ?? {}) as Record<string, unknown>;
  const isText = (text: unknown): text is string => typeof text === 'string';
  return isText(salt) && Array.isArray(hashes) && hashes.every(isText)
    ? { salt, hashes }
    : undefined;
}

/** What of a file is an account. A file that was damaged holds none, and costs one sign-in. */
function accountIn(text: string): StoredAccount | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { sessionId, refused, blockedUntilMs, signedInAgainMs } = found as Record<string, unknown>;
  const refusal = refusedIn(refused);
  return {
    ...(typeof sessionId === 'string' && { sessionId }),
    ...(refusal !== undefined && { refused: refusal }),
    ...(isNumber(blockedUntilMs) && { blockedUntilMs }),
    ...(isNumber(signedInAgainMs) && { signedInAgainMs }),
  };
}

/**
 * Keeps sessions, refusals and locks in a folder, one file for each account, readable by its owner
 * only: for programs that are started again and again, and for several that share an account.
 * A file is replaced as a whole, so no crash leaves half of one.
 */
export class FileSessionStore implements SessionStore {
  /** Where the files are. */
  readonly folder: string;

  /** Touches nothing yet; the folder is made when something is saved. */
  constructor(folder: string) {
    this.folder = folder;
  }

  #path(key: string): string {
    if (KEY.test(key)) return join(this.folder, `${key}.json`);
    throw new InputError('outOfRange', {
      what: 'the key of an account',
      value: 'not usable',
      allowed: 'letters, digits, - and _',
    });
  }

  /** @throws StoreError `unusable` if it cannot be read */
  async load(key: string): Promise<StoredAccount | undefined> {
    const path = this.#path(key);
    try {
      return accountIn(await readFile(path, 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw this.#unusable(error);
    }
  }

  /** @throws StoreError `unusable` if it cannot be written; what was there stays then */
  async save(key: string, account: StoredAccount): Promise<void> {
    const path = this.#path(key);
    const fresh = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const file = await open(fresh, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(account));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => {}); // the failure that counts is the first one
      throw this.#unusable(error);
    }
  }

  /**
   * Does a sign-in while no other process does one for that key; waits for another's.
   *
   * @throws StoreError `unusable`, before anything is done, if nothing can be written here
   */
  async exclusively<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const path = this.#path(key).replace(/json$/, 'lock');
    let lock: FileLock | LockHolder;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      for (lock = await tryLock(path); 'processId' in lock; lock = await tryLock(path)) {
        await sleep(LOOK_AGAIN_MS);
      }
    } catch (error) {
      throw this.#unusable(error);
    }
    try {
      return await work();
    } finally {
      // One that stays goes stale; what the work has come to is what counts.
      await lock.release().catch(() => {});
    }
  }

  #unusable(cause: unknown): StoreError {
    const data = { path: this.folder, reason: codeOf(cause) ?? 'unknown' };
    return new StoreError('unusable', data, { cause });
  }
}
