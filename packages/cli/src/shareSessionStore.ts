import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionStore, StoredAccount } from '@egvkit/share-http';

/**
 * Sessions and refused sign-ins in files of their owner only, one for each account: the next
 * command goes on with the session, and a refused password is not sent again by it.
 */
export class FileSessionStore implements SessionStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(key: string): string {
    return join(this.#folder, `share-${key.slice(0, 32)}.json`);
  }

  async load(key: string): Promise<StoredAccount | undefined> {
    try {
      const stored: unknown = JSON.parse(await readFile(this.#path(key), 'utf8'));
      return typeof stored === 'object' && stored !== null ? stored : undefined;
    } catch (error) {
      // What cannot be read is as good as nothing: it costs one sign-in.
      if (error instanceof SyntaxError || isMissing(error)) return undefined;
      throw error;
    }
  }

  async save(key: string, account: StoredAccount): Promise<void> {
    const path = this.#path(key);
    const fresh = `${path}.${process.pid}`;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      await writeFile(fresh, JSON.stringify(account), { mode: 0o600, flag: 'wx', flush: true });
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
