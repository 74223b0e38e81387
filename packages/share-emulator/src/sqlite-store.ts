import { closeSync, openSync, statSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { RowCache } from './sqlite-cache.ts';
import {
  accountOf,
  accountValues,
  contactOf,
  READING_COLUMNS,
  readingOf,
  sessionOf,
  subscriptionOf,
  subscriptionValues,
} from './sqlite-rows.ts';
import { prepareDatabase } from './sqlite-schema.ts';
import {
  isStoreBusy,
  READING_INSTANTS,
  type ShareStore,
  type StoredAccount,
  type StoredContact,
  type StoredReading,
  type StoredSession,
  type StoredSubscription,
} from './store.ts';

/** File that cannot be used, or SQLite itself; the message gives the reason in one sentence. */
export class ShareStoreError extends Error {
  override readonly name = 'ShareStoreError';
}

/**
 * Opens a store in an SQLite file, which is made (readable by its owner only) if it does not
 * exist; in memory if no file is named.
 *
 * @throws ShareStoreError
 *
 * @example
 * ```ts
 * import { createShareService } from '@egvkit/share-emulator';
 * import { sqliteShareStore } from '@egvkit/share-emulator/node';
 *
 * using store = await sqliteShareStore('share.db');
 * const service = createShareService({ store });
 * ```
 */
export async function sqliteShareStore(path?: string): Promise<SqliteShareStore> {
  const DatabaseSync = await loadSqlite();
  let database: DatabaseSync | undefined;
  let problem: string | undefined;
  try {
    if (path !== undefined) createFile(path);
    database = new DatabaseSync(path ?? ':memory:');
    problem = prepareDatabase(database);
  } catch (error) {
    database?.close();
    throw new ShareStoreError(`${path} cannot be used: ${reasonOf(error)}.`, { cause: error });
  }
  if (problem === undefined) return new SqliteShareStore(database);
  database.close();
  throw new ShareStoreError(`${path} cannot be used: ${problem}.`);
}

/** Makes the file if it does not exist. Never opens a pipe, which would wait for its reader. */
function createFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new Error('it is not a regular file; name another one');
  }
  closeSync(openSync(path, 'a', 0o600));
}

/** Result codes of SQLite, without their extensions. */
const REASONS: Readonly<Record<number, string>> = {
  11: 'the file is damaged; restore a copy of it, or name another file',
  26: 'it is not a database; name another file',
};

function reasonOf(error: unknown): string {
  if (isStoreBusy(error)) return 'another program has it locked';
  if (!(error instanceof Error)) return String(error);
  const { errcode } = error as { readonly errcode?: unknown };
  return (typeof errcode === 'number' && REASONS[errcode & 0xff]) || error.message;
}

/** Loads SQLite, not before it is needed: Node 22 warns of it, and older ones have none. */
async function loadSqlite(): Promise<typeof DatabaseSync> {
  try {
    const { DatabaseSync, StatementSync } = await import('node:sqlite');
    // There without a flag since 22.13.0, complete for this store since 22.16.0.
    if ('setReturnArrays' in StatementSync.prototype) return DatabaseSync;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw error;
  }
  throw new ShareStoreError(
    `SQLite needs Node.js 24, or 22.16 or newer, and this is ${process.version}: use one of them, or keep everything in memory.`,
  );
}

const { firstMs, endMs } = READING_INSTANTS;
/** As `isReadable`: looked at before a number is given out that no variable here can hold. */
const IS_READABLE = ['wt_ms', 'st_ms', 'dt_ms']
  .map((column) => `${column} >= ${firstMs} AND ${column} < ${endMs}`)
  .join(' AND ');

const low = (id: string): string => id.toLowerCase();

type Row = Record<string, SQLOutputValue>;

/** A store in an SQLite database: the change of a call is on the disk when the call returns. */
export class SqliteShareStore implements ShareStore, Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #cache: RowCache;
  /** Number of additions of readings here, by account. */
  readonly #additions = new Map<string, number>();

  /** Made by {@link sqliteShareStore}, which has prepared the database. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#cache = new RowCache(database);
  }

  /** Closes the file. Closing twice is fine. */
  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #one<Thing>(thing: (row: Row) => Thing, text: string, ...given: string[]): Thing | undefined {
    const row = this.#sql(text).get(...given);
    return row === undefined ? undefined : thing(row);
  }

  #readings(text: string, ...given: (string | number)[]): StoredReading[] {
    const statement = this.#sql(text);
    // An object for every row would take as long as finding the row.
    statement.setReturnArrays(true);
    return (statement.all(...given) as unknown as SQLOutputValue[][]).map(readingOf);
  }

  #transaction(work: () => void): void {
    this.#sql('BEGIN IMMEDIATE').run();
    try {
      work();
      this.#sql('COMMIT').run();
    } catch (error) {
      this.#sql('ROLLBACK').run();
      throw error;
    }
  }

  accountByName(name: string): StoredAccount | undefined {
    return this.#one(accountOf, 'SELECT * FROM accounts WHERE name_key = ?', low(name));
  }

  accountById(id: string): StoredAccount | undefined {
    return this.#cache.find(this.#cache.accounts, low(id), () =>
      this.#one(accountOf, 'SELECT * FROM accounts WHERE id = ?', low(id)),
    );
  }

  accountByReceiver(serialNumber: string): StoredAccount | undefined {
    const text = 'SELECT * FROM accounts WHERE receiver = ? ORDER BY number LIMIT 1';
    return this.#one(accountOf, text, serialNumber);
  }

  countAccounts(): number {
    return Number(this.#sql('SELECT count(*) AS n FROM accounts').get()?.n);
  }

  saveAccount(account: StoredAccount): void {
    this.#cache.accounts.delete(low(account.id));
    this.#sql(
      `INSERT INTO accounts (id, side, name, name_key, password_hash, email, receiver, monitoring,
         refusals, locked_until_ms, runtime_info)
       VALUES (:id, :side, :name, :name_key, :password_hash, :email, :receiver, :monitoring,
         :refusals, :locked_until_ms, :runtime_info)
       ON CONFLICT (id) DO UPDATE SET name = :name, name_key = :name_key,
         password_hash = :password_hash, email = :email, receiver = :receiver,
         monitoring = :monitoring, refusals = :refusals, locked_until_ms = :locked_until_ms,
         runtime_info = :runtime_info`,
    ).run(accountValues(account));
  }

  session(id: string): StoredSession | undefined {
    return this.#cache.find(this.#cache.sessions, low(id), () =>
      this.#one(sessionOf, 'SELECT * FROM sessions WHERE id = ?', low(id)),
    );
  }

  saveSession(id: string, { accountId, side, expiresMs }: StoredSession): void {
    this.#cache.sessions.delete(low(id));
    this.#sql(
      'INSERT OR REPLACE INTO sessions (id, account_id, side, expires_ms) VALUES (?, ?, ?, ?)',
    ).run(low(id), low(accountId), side, expiresMs);
  }

  endSessions(atMs: number): void {
    this.#cache.sessions.clear();
    this.#sql('UPDATE sessions SET expires_ms = ?1 WHERE expires_ms > ?1').run(atMs);
  }

  forgetSessions(beforeMs: number): void {
    this.#cache.sessions.clear();
    this.#sql('DELETE FROM sessions WHERE expires_ms < ?').run(beforeMs);
  }

  hasReading(accountId: string, stMs: number): boolean {
    const text = `SELECT 1 FROM readings
      WHERE account = (SELECT number FROM accounts WHERE id = ?) AND st_ms = ?`;
    return this.#sql(text).get(low(accountId), stMs) !== undefined;
  }

  addReadings(accountId: string, readings: readonly StoredReading[]): void {
    if (readings.length === 0) return;
    const account = this.#sql('SELECT number FROM accounts WHERE id = ?').get(low(accountId));
    const insert = this.#sql('INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#transaction(() => {
      for (const { wtMs, stMs, dtMs, trend, mgDl, serialNumber } of readings) {
        insert.run(account?.number ?? null, wtMs, stMs, dtMs, trend, mgDl, serialNumber);
      }
    });
    this.#additions.set(low(accountId), (this.#additions.get(low(accountId)) ?? 0) + 1);
  }

  newestReadings(accountId: string, fromMs: number, count: number): StoredReading[] {
    const text = `SELECT ${READING_COLUMNS} FROM readings
      WHERE account = (SELECT number FROM accounts WHERE id = ?) AND wt_ms >= ? AND ${IS_READABLE}
      ORDER BY wt_ms DESC, st_ms DESC LIMIT ?`;
    return this.#readings(text, low(accountId), fromMs, count);
  }

  readingsVersion(accountId: string): string {
    // The first changes when another program commits to the file, the second is counted here.
    return `${this.#cache.version()} ${this.#additions.get(low(accountId)) ?? 0}`;
  }

  allReadings(accountId: string): StoredReading[] {
    const text = `SELECT ${READING_COLUMNS} FROM readings
      WHERE account = (SELECT number FROM accounts WHERE id = ?) AND ${IS_READABLE}
      ORDER BY wt_ms, st_ms`;
    return this.#readings(text, low(accountId));
  }

  contact(id: string): StoredContact | undefined {
    return this.#one(contactOf, 'SELECT * FROM contacts WHERE id = ?', low(id));
  }

  contactByName(accountId: string, name: string): StoredContact | undefined {
    const text = 'SELECT * FROM contacts WHERE account_id = ? AND name = ?';
    return this.#one(contactOf, text, low(accountId), name);
  }

  saveContact({ id, accountId, name, email, createdMs }: StoredContact): void {
    this.#sql(
      `INSERT INTO contacts (id, account_id, name, email, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (id) DO UPDATE SET name = ?3, email = ?4`,
    ).run(low(id), low(accountId), name, email, createdMs);
  }

  deleteContact(id: string): void {
    this.#sql('DELETE FROM contacts WHERE id = ?').run(low(id));
  }

  subscription(id: string): StoredSubscription | undefined {
    return this.#one(subscriptionOf, 'SELECT * FROM subscriptions WHERE id = ?', low(id));
  }

  subscriptionsOf(accountId: string): StoredSubscription[] {
    const text = 'SELECT * FROM subscriptions WHERE account_id = ? ORDER BY number';
    return this.#sql(text).all(low(accountId)).map(subscriptionOf);
  }

  subscriptionsTo(subscriberId: string): StoredSubscription[] {
    const text = 'SELECT * FROM subscriptions WHERE subscriber_id = ? ORDER BY number';
    return this.#sql(text).all(low(subscriberId)).map(subscriptionOf);
  }

  saveSubscription(subscription: StoredSubscription): void {
    this.#sql(
      `INSERT INTO subscriptions (id, account_id, contact_id, invitation_id, subscriber_id,
         display_name, permissions, paused, removed, alerts, created_ms, modified_ms,
         invite_expires_ms)
       VALUES (:id, :account_id, :contact_id, :invitation_id, :subscriber_id,
         :display_name, :permissions, :paused, :removed, :alerts, :created_ms, :modified_ms,
         :invite_expires_ms)
       ON CONFLICT (id) DO UPDATE SET subscriber_id = :subscriber_id,
         display_name = :display_name, permissions = :permissions, paused = :paused,
         removed = :removed, alerts = :alerts, modified_ms = :modified_ms,
         invite_expires_ms = :invite_expires_ms`,
    ).run(subscriptionValues(subscription));
  }

  deleteSubscription(id: string): void {
    this.#sql('DELETE FROM subscriptions WHERE id = ?').run(low(id));
  }
}
