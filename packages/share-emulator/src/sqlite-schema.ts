import type { DatabaseSync } from 'node:sqlite';

/** Marks a file as ours, so that no other database is ever written to: `egvS`. */
const APPLICATION_ID = 0x65677653;
const SCHEMA_VERSION = 1;

/**
 * Ids are kept in lower case. Readings lie in the order they are read in: those of an account
 * together, by time, in the key itself, so that a day of them is two or three pages of the file.
 */
const TABLES = `
  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    side TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    email TEXT NOT NULL,
    receiver TEXT,
    monitoring INTEGER NOT NULL,
    refusals INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL,
    runtime_info TEXT
  ) STRICT;
  CREATE INDEX accounts_by_receiver ON accounts (receiver) WHERE receiver IS NOT NULL;

  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    side TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_end ON sessions (expires_ms);

  CREATE TABLE readings (
    account INTEGER NOT NULL REFERENCES accounts (number),
    wt_ms INTEGER NOT NULL,
    st_ms INTEGER NOT NULL,
    dt_ms INTEGER NOT NULL,
    trend INTEGER NOT NULL,
    mg_dl INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    PRIMARY KEY (account, wt_ms, st_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX readings_by_system_time ON readings (account, st_ms);

  CREATE TABLE contacts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (account_id, name)
  ) STRICT;

  CREATE TABLE subscriptions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    subscriber_id TEXT,
    display_name TEXT NOT NULL,
    permissions INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    alerts TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    invite_expires_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX subscriptions_by_account ON subscriptions (account_id);
  CREATE INDEX subscriptions_by_subscriber ON subscriptions (subscriber_id)
    WHERE subscriber_id IS NOT NULL;
`;

function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get() ?? {};
  return Number(row[name]);
}

/** Describes the problem of a file that cannot be a store; undefined if it can be one. */
function obstacle(database: DatabaseSync): string | undefined {
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {};
  if (tables === 0) return undefined;
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    return 'it is the database of another program';
  }
  const version = pragma(database, 'user_version');
  return version === SCHEMA_VERSION
    ? undefined
    : `it has version ${version} of the layout, and this program knows version ${SCHEMA_VERSION}`;
}

/** Pages that are looked through at the start: more would take long. */
const MOST_CHECKED_PAGES = 16_384;

/** Describes the damage of a file; undefined if there is none, or the file is large. */
function damage(database: DatabaseSync): string | undefined {
  if (pragma(database, 'page_count') > MOST_CHECKED_PAGES) return undefined;
  const row = database.prepare('PRAGMA quick_check(1)').get() ?? {};
  return row.quick_check === 'ok'
    ? undefined
    : 'the file is damaged; restore a copy of it, or name another file';
}

/** Another program may be making the same file: so long it is waited for at the start. */
const START_WAIT_MS = 2000;
/** While it runs, a file that is locked answers nobody: so it is said soon. */
const WAIT_MS = 50;

/** Prepares an empty or known database. Gives the problem, if there is one. */
export function prepareDatabase(database: DatabaseSync): string | undefined {
  // Nothing is mapped into memory: a file that another program shortens would end this one.
  database.exec(`PRAGMA busy_timeout = ${START_WAIT_MS}; PRAGMA mmap_size = 0;`);
  const problem = obstacle(database) ?? damage(database);
  if (problem !== undefined) return problem;
  // A commit is on the disk before the answer goes out: not even a power cut takes it back.
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -65536;
    BEGIN IMMEDIATE;
  `);
  // Looked at behind the lock: of two that begin with one new file, the second finds it made.
  if (pragma(database, 'user_version') === 0) {
    database.exec(`
      ${TABLES}
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${SCHEMA_VERSION};
    `);
  }
  database.exec(`COMMIT; PRAGMA busy_timeout = ${WAIT_MS};`);
  return undefined;
}
