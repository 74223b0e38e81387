import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, StoreError } from '@egvkit/protocol';
import type { RefusalFingerprint, SessionStore, StoredAccount } from '../store.ts';

const KEY = /^[\w-]{1,100}$/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

function refusalIn(value: unknown): RefusalFingerprint | undefined {
  const { salt, iterations, hash } = (value ?? {}) as Record<string, unknown>;
  const isWhole = typeof salt === 'string' && typeof hash === 'string' && isNumber(iterations);
  return isWhole ? { salt, iterations, hash } : undefined;
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
  const refusal = refusalIn(refused);
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

  #unusable(cause: unknown): StoreError {
    const data = { path: this.folder, reason: codeOf(cause) };
    return new StoreError('unusable', data, { cause });
  }
}
