import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredAccount, StoredSession } from './store.ts';

/** Most rows that are kept, of each kind. */
const MOST = 1000;

/**
 * Cache of the sessions and accounts that were looked up last: every call needs one of each. They are
 * forgotten when another program writes to the file, at the latest by the next turn of the loop.
 */
export class RowCache {
  readonly sessions = new Map<string, StoredSession>();
  readonly accounts = new Map<string, StoredAccount>();
  readonly #statement: StatementSync;
  #version: unknown;
  #isChecked = false;

  constructor(database: DatabaseSync) {
    this.#statement = database.prepare('PRAGMA data_version');
    this.#statement.setReturnArrays(true);
  }

  /** A number that changes when another program commits to the file. */
  version(): unknown {
    if (this.#isChecked) return this.#version;
    this.#isChecked = true;
    queueMicrotask(() => {
      this.#isChecked = false;
    });
    const [version] = this.#statement.get() as unknown as readonly unknown[];
    if (version !== this.#version) {
      this.#version = version;
      this.sessions.clear();
      this.accounts.clear();
    }
    return version;
  }

  /** Gives the kept row, or else the row that is found. */
  find<Thing>(
    known: Map<string, Thing>,
    id: string,
    look: () => Thing | undefined,
  ): Thing | undefined {
    this.version();
    const found = known.get(id) ?? look();
    if (found === undefined) return undefined;
    if (known.size >= MOST) known.clear();
    known.set(id, found);
    return found;
  }
}
