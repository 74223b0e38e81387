import { EgvkitError } from '@egvkit/protocol';
import { UploadError } from '../errors.ts';
import {
  type Journal,
  type JournalEntry,
  type JournalOwner,
  JournalState,
  type JournalStorage,
  journalOver,
  type OpenJournal,
} from '../journal.ts';

/** Longer than a receiver keeps readings (spec/receiver §12.9): what is older cannot come again. */
const KEEP_MS = 45 * 86_400_000;

/** A journal of more entries is written anew when it is opened. */
const COMPACT_ENTRIES = 200;

const STORE = 'entries';
/** Version 1 noted the JSON of Share. Its notes are forgotten, and the service is asked. */
const VERSION = 2;

/** Options of an IndexedDB journal; each has a default. */
export interface IndexedDbJournalOptions {
  /** Name of the database; `egvkit-uploads` if left out. It holds the journals of all owners. */
  readonly name?: string | undefined;
  /** The platform's own if left out. */
  readonly indexedDB?: IDBFactory | undefined;
  /** Keep other tabs and workers from the same journal; `navigator.locks` if left out. */
  readonly locks?: LockManager | undefined;
}

/** Entry `number` of a journal, from 1 on without a gap until it is written anew. */
interface Row {
  /** Of receiver and account; see {@link ownerKey}. */
  readonly owner: string;
  readonly number: number;
  readonly entry: JournalEntry;
}

/**
 * A journal in the browser: a tab that is closed or crashes at any moment loses and repeats
 * nothing. Each owner has its own, and one upload at a time holds it, by the Web Locks of the site.
 *
 * Every entry is on the disk before the upload goes on, as far as the browser promises it. The
 * browser may remove all of a site's data when space is short, unless `navigator.storage.persist()`
 * was granted; the upload then goes by what the service shows.
 *
 * @throws UploadError `journalLocked`, `journalUnusable`, `journalLost`
 *
 * @example
 * ```ts
 * import { type Destination, type ReadingSource, runUpload } from '@egvkit/uploader';
 * import { indexedDbJournal } from '@egvkit/uploader/browser';
 *
 * export async function upload(source: ReadingSource, destination: Destination) {
 *   return await runUpload({ source, destination, journal: indexedDbJournal() });
 * }
 * ```
 */
export function indexedDbJournal(options: IndexedDbJournalOptions = {}): OpenJournal {
  const { name = 'egvkit-uploads', locks = navigator.locks } = options;
  return async (owner) => {
    const key = ownerKey(owner);
    const lock = await lockFor(locks, name, key);
    try {
      const database = await openDatabase(options.indexedDB ?? indexedDB, name);
      return await openJournal({ name, key, database, lock });
    } catch (error) {
      lock.release();
      throw asUploadError(name, error);
    }
  };
}

const ownerKey = ({ serialNumber, target }: JournalOwner): string =>
  JSON.stringify([serialNumber, target]);

interface HeldLock {
  /** True if another tab has taken the journal. */
  readonly isLost: () => boolean;
  readonly release: () => void;
}

/** The journal for this tab alone. */
function lockFor(locks: LockManager, name: string, key: string): Promise<HeldLock> {
  return new Promise((resolve, reject) => {
    const released = Promise.withResolvers<void>();
    let isLost = false;
    const held: HeldLock = { isLost: () => isLost, release: () => released.resolve() };
    locks
      .request(`${name} ${key}`, { ifAvailable: true }, (lock) => {
        if (lock !== null) {
          resolve(held);
          return released.promise;
        }
        const holder = 'a page of this site';
        reject(new UploadError('journalLocked', { path: name, holder, advice: undefined }));
        return undefined;
      })
      .catch((error: unknown) => {
        isLost = true;
        reject(error);
      });
  });
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, VERSION);
  request.onupgradeneeded = () => {
    const { result: database } = request;
    if (database.objectStoreNames.contains(STORE)) database.deleteObjectStore(STORE);
    database.createObjectStore(STORE, { keyPath: ['owner', 'number'] });
  };
  return settled(request);
}

interface Held {
  readonly name: string;
  readonly key: string;
  readonly database: IDBDatabase;
  readonly lock: HeldLock;
}

const rowsOf = (key: string): IDBKeyRange => IDBKeyRange.bound([key, 0], [key, Infinity]);

/** A change that is on the disk when it resolves. */
function changed(database: IDBDatabase, change: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    change(transaction.objectStore(STORE));
  });
}

async function openJournal(held: Held): Promise<Journal> {
  const { key, database } = held;
  try {
    const store = database.transaction(STORE).objectStore(STORE);
    const rows = (await settled(store.getAll(rowsOf(key)))) as readonly Row[];
    const state = new JournalState();
    for (const { entry } of rows) state.apply(entry);
    let last = rows.at(-1)?.number ?? 0;
    if (rows.length > COMPACT_ENTRIES) {
      const entries = state.compacted(KEEP_MS, Date.now());
      await changed(database, (store) => {
        store.delete(rowsOf(key));
        entries.forEach((entry, i) => {
          store.put({ owner: key, number: i + 1, entry } satisfies Row);
        });
      });
      last = entries.length;
    }
    return journalOver(new DatabaseStorage(held, last), state);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The entries of a journal in the database. */
class DatabaseStorage implements JournalStorage {
  readonly #held: Held;
  #last: number;
  #lostBecause: string | undefined;

  constructor(held: Held, last: number) {
    this.#held = held;
    this.#last = last;
    // Somebody wants to remove the database: nothing that is written now would stay.
    held.database.onversionchange = () => {
      this.#lostBecause = 'the database is being removed';
      held.database.close();
    };
    held.database.onclose = () => {
      this.#lostBecause = 'the browser has closed the database';
    };
  }

  async append(entry: JournalEntry): Promise<void> {
    const { name, key, database } = this.#held;
    await this.assertHeld();
    const row: Row = { owner: key, number: this.#last + 1, entry };
    try {
      // Not `put`: an entry that is there already is not written over.
      await changed(database, (store) => store.add(row));
    } catch (error) {
      throw asUploadError(name, error);
    }
    this.#last++;
  }

  async assertHeld(): Promise<void> {
    const { name, key, database, lock } = this.#held;
    if (this.#lostBecause !== undefined) throw lost(name, this.#lostBecause);
    if (lock.isLost()) throw lost(name, 'its lock was taken over');
    let last: IDBCursor | null;
    try {
      const store = database.transaction(STORE).objectStore(STORE);
      last = await settled(store.openKeyCursor(rowsOf(key), 'prev'));
    } catch (cause) {
      throw lost(name, wordsOf(cause), cause);
    }
    const number = (last?.key as readonly [string, number] | undefined)?.[1] ?? 0;
    if (number !== this.#last) throw lost(name, 'something else has written to it');
  }

  async close(): Promise<void> {
    this.#held.database.close();
    this.#held.lock.release();
  }
}

const wordsOf = (cause: unknown): string =>
  ((cause as Error | null)?.message || String(cause)).replace(/[.]$/, '');

function lost(path: string, reason: string, cause?: unknown): UploadError {
  return new UploadError('journalLost', { path, reason }, { cause });
}

function asUploadError(path: string, error: unknown): EgvkitError {
  if (error instanceof EgvkitError) return error;
  return new UploadError('journalUnusable', { path, reason: wordsOf(error) }, { cause: error });
}
