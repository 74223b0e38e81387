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

/** Why a file cannot be used as a store, in half a sentence; undefined if it can. */
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

/** Makes an empty database ours and settles how it works. Gives what is in the way, if anything. */
export function prepareDatabase(database: DatabaseSync): string | undefined {
  const problem = obstacle(database);
  if (problem !== undefined) return problem;
  // A commit is on the disk before the answer goes out: not even a power cut takes it back.
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -65536;
    PRAGMA mmap_size = 1073741824;
  `);
  if (pragma(database, 'user_version') === 0) {
    database.exec(`
      BEGIN IMMEDIATE;
      ${TABLES}
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT;
    `);
  }
  return undefined;
}
