import { join } from 'node:path';
import {
  type FileLock,
  type LockHolder,
  LockTimeoutError,
  makePrivateFolder,
  readRegularFile,
  reasonOf,
  replaceFile,
  waitForLock,
} from '@egvkit/node-files';
import { outOfRange } from '@egvkit/protocol';
import type { CallOptions } from '../call-options.ts';
import type {
  RefusedLogins,
  SessionStore,
  StoredAccount,
  UnansweredLogin,
} from '../session/store.ts';
import { StoreError } from './store-error.ts';

/** Longest wait for another program's login, which takes a few requests. */
const WAIT_MS = 120_000;

/** Largest file that is read; one of an account has about a kilobyte. */
const MOST_BYTES = 64 * 1024;

const KEY = /^[\w-]{1,100}$/;

const isNumber = (value: unknown): value is number => Number.isFinite(value);

function refusedIn(value: unknown): RefusedLogins | undefined {
  const { salt, hashes } = (value ?? {}) as Record<string, unknown>;
  const isText = (text: unknown): text is string => typeof text === 'string';
  return isText(salt) && Array.isArray(hashes) && hashes.every(isText)
    ? { salt, hashes }
    : undefined;
}

function unansweredIn(value: unknown): readonly UnansweredLogin[] | undefined {
  const isOne = (one: unknown): one is UnansweredLogin => {
    const { hash, atMs } = (one ?? {}) as Record<string, unknown>;
    return typeof hash === 'string' && isNumber(atMs);
  };
  return Array.isArray(value) && value.every(isOne) ? value : undefined;
}

/** Reads an account from a file's text. A damaged file holds none, and costs one login. */
function accountIn(text: string): StoredAccount | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { sessionId, refused, lockedUntilMs, loggedInAgainMs, attemptMs, ...more } =
    found as Record<string, unknown>;
  const refusal = refusedIn(refused);
  const unanswered = unansweredIn(more.unanswered);
  return {
    ...(typeof sessionId === 'string' && { sessionId }),
    ...(refusal !== undefined && { refused: refusal }),
    ...(unanswered !== undefined && { unanswered }),
    ...(isNumber(lockedUntilMs) && { lockedUntilMs }),
    ...(isNumber(loggedInAgainMs) && { loggedInAgainMs }),
    ...(isNumber(attemptMs) && { attemptMs }),
  };
}

/** Options of {@link fileSessionStore}. */
export interface FileSessionStoreOptions {
  /**
   * Called once for each login that has to wait for another program's: the error that it ends with
   * if the other does not end within `timeoutMs`.
   */
  readonly onWait?: ((reason: StoreError<'locked'>, timeoutMs: number) => void) | undefined;
}

/**
 * Makes a store of sessions, refusals and locks in a folder, one file for each account, readable by
 * its owner only: for programs that are started again and again, and for several that share an
 * account. A file is replaced as a whole, so no crash leaves half of one. Touches nothing yet; the
 * folder is made when something is saved.
 *
 * Its methods throw `StoreError`: `unusable` if a file cannot be read or written (an old one stays
 * then), `locked` if another program's login does not end within two minutes.
 *
 * @example
 * ```ts
 * import { ShareClient } from '@egvkit/share-http';
 * import { fileSessionStore } from '@egvkit/share-http/node';
 *
 * const store = fileSessionStore('sessions');
 * const share = new ShareClient({ region: 'us', accountName: 'ann', password: 'secret', store });
 * console.log(await share.latest()); // one login a day, however often the program runs
 * ```
 */
export function fileSessionStore(
  folder: string,
  options: FileSessionStoreOptions = {},
): Required<SessionStore> {
  return new FileSessionStore(folder, options);
}

/** Store in a folder. */
class FileSessionStore implements SessionStore {
  readonly #folder: string;
  readonly #onWait: FileSessionStoreOptions['onWait'];

  constructor(folder: string, { onWait }: FileSessionStoreOptions) {
    this.#folder = folder;
    this.#onWait = onWait;
  }

  #path(key: string): string {
    if (KEY.test(key)) return join(this.#folder, `${key}.json`);
    throw outOfRange('the key of an account', 'not usable', 'letters, digits, - and _');
  }

  /** @throws StoreError `unusable` if it cannot be read */
  async load(key: string): Promise<StoredAccount | undefined> {
    const path = this.#path(key);
    try {
      const content = await readRegularFile(path, { maxBytes: MOST_BYTES });
      return content && accountIn(content.toString('utf8'));
    } catch (error) {
      throw this.#unusable(error);
    }
  }

  /** @throws StoreError `unusable` if it cannot be written; the old file stays then */
  async save(key: string, account: StoredAccount): Promise<void> {
    const path = this.#path(key);
    try {
      await makePrivateFolder(this.#folder);
      await replaceFile(path, JSON.stringify(account));
    } catch (error) {
      throw this.#unusable(error);
    }
  }

  /**
   * Runs a login while no other process runs one for that key; waits up to two minutes for
   * another's, or until the signal.
   *
   * @throws StoreError, before anything is run: `unusable` if nothing can be written here, `locked`
   *   if another program's login does not end
   */
  async exclusively<Value>(
    key: string,
    work: () => Promise<Value>,
    { signal }: CallOptions = {},
  ): Promise<Value> {
    const lock = await this.#lock(this.#path(key).replace(/json$/, 'lock'), signal);
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      // The kernel gives up a lock that stays; the result of the work counts.
      await lock.release().catch(() => {});
    }
  }

  async #lock(path: string, signal: AbortSignal | undefined): Promise<FileLock> {
    try {
      const onWait = (holder: LockHolder) =>
        this.#onWait?.(new StoreError('locked', holder), WAIT_MS);
      return await waitForLock(path, { timeoutMs: WAIT_MS, signal, onWait });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!(error instanceof LockTimeoutError)) throw this.#unusable(error);
      throw new StoreError('locked', error.holder, { cause: error });
    }
  }

  #unusable(cause: unknown): StoreError {
    const data = { path: this.#folder, reason: reasonOf(cause) ?? 'unknown' };
    return new StoreError('unusable', data, { cause });
  }
}
