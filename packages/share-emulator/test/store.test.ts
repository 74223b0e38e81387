import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryShareStore } from '../src/index.ts';
import { ShareStoreError, scryptPasswords, sqliteShareStore } from '../src/node.ts';
import { account, reading, storeSuite } from './support/store-suite.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-store-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function opened(path?: string) {
  const store = await sqliteShareStore(path);
  onTestFinished(() => store.close());
  return store;
}

storeSuite('the memory store', async () => memoryShareStore());
storeSuite('the SQLite store in memory', () => sqliteShareStore());

describe('the SQLite store in a file', () => {
  it('has everything when it is opened again', async () => {
    const path = join(await folder(), 'share.db');
    const first = await opened(path);
    first.saveAccount(account(1));
    first.addReadings(account(1).id, [reading(1000), reading(2000)]);
    first.close();
    first.close();
    const again = await opened(path);
    expect(again.accountByName('wearer1')).toEqual(account(1));
    expect(again.allReadings(account(1).id)).toEqual([reading(1000), reading(2000)]);
  });

  it('sees what another program writes to the file', async () => {
    const path = join(await folder(), 'share.db');
    const [mine, theirs] = [await opened(path), await opened(path)];
    const session = { accountId: account(1).id, side: 'publisher', expiresMs: 5000 } as const;
    mine.saveAccount(account(1));
    mine.saveSession(account(7).id, session);
    const look = () => [
      mine.accountById(account(1).id)?.sharing,
      mine.session(account(7).id)?.expiresMs,
    ];
    expect(look()).toEqual([false, 5000]);
    const before = mine.readingsVersion(account(1).id);
    theirs.saveAccount(account(1, { sharing: true }));
    theirs.endSessions(1000);
    theirs.addReadings(account(1).id, [reading(1000)]);
    await Promise.resolve(); // the next turn
    expect(look()).toEqual([true, 1000]);
    expect(mine.readingsVersion(account(1).id)).not.toBe(before);
    expect(mine.allReadings(account(1).id)).toEqual([reading(1000)]);
  });

  it('can be read by its owner only', async () => {
    const path = join(await folder(), 'share.db');
    (await opened(path)).saveAccount(account(1));
    for (const name of [path, `${path}-wal`]) {
      expect(((await stat(name)).mode & 0o777).toString(8)).toBe('600');
    }
  });

  it('takes all readings of a batch or none', async () => {
    const store = await opened();
    store.saveAccount(account(1));
    store.addReadings(account(1).id, [reading(2000)]);
    expect(() => store.addReadings(account(1).id, [reading(1000), reading(2000)])).toThrow(
      /UNIQUE/,
    );
    expect(store.allReadings(account(1).id)).toEqual([reading(2000)]);
    expect(() => store.addReadings(account(9).id, [reading(1000)])).toThrow(/NOT NULL/);
    store.addReadings(account(1).id, [reading(3000)]);
    expect(store.allReadings(account(1).id)).toHaveLength(2);
  });

  it('finds the newest readings of an account without looking through the others', async () => {
    const path = join(await folder(), 'share.db');
    (await opened(path)).saveAccount(account(1));
    const database = new DatabaseSync(path);
    onTestFinished(() => database.close());
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT * FROM readings WHERE account = ? AND wt_ms >= ? ORDER BY wt_ms DESC, st_ms DESC LIMIT ?',
      )
      .all(1, 0, 288)
      .map(({ detail }) => detail);
    expect(plan).toEqual(['SEARCH readings USING PRIMARY KEY (account=? AND wt_ms>?)']);
  });

  it.each([
    ['no database', async (path: string) => writeFile(path, 'x'.repeat(4096)), /not a database/],
    [
      "another program's database",
      async (path: string) => {
        const database = new DatabaseSync(path);
        database.exec('CREATE TABLE t (a)');
        database.close();
      },
      /the database of another program/,
    ],
    [
      'a database of a later version',
      async (path: string) => {
        (await sqliteShareStore(path)).close();
        const database = new DatabaseSync(path);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
      /version 99 of the layout/,
    ],
  ])('refuses %s, and leaves it alone', async (_, make, message) => {
    const path = join(await folder(), 'other.db');
    await make(path);
    const before = await stat(path);
    const opening = sqliteShareStore(path);
    await expect(opening).rejects.toBeInstanceOf(ShareStoreError);
    await expect(opening).rejects.toThrow(message);
    expect((await stat(path)).size).toBe(before.size);
  });

  it('says when the file cannot be made', async () => {
    const path = await folder();
    await chmod(path, 0o700);
    await expect(sqliteShareStore(join(path, 'no', 'share.db'))).rejects.toThrow(
      /cannot be used: .*ENOENT/,
    );
  });
});

describe('passwords in a server', () => {
  it('are kept by scrypt, each time with another salt', async () => {
    const one = await scryptPasswords.hash('pass wörd');
    const two = await scryptPasswords.hash('pass wörd');
    expect(one).toMatch(/^scrypt\$32768\$8\$1\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
    expect(one).not.toBe(two);
    expect(await scryptPasswords.matches('pass wörd', one)).toBe(true);
    expect(await scryptPasswords.matches('pass word', one)).toBe(false);
  });

  it('never match what is no such hash', async () => {
    const whole = await scryptPasswords.hash('x');
    for (const hash of [
      '',
      'x',
      'pbkdf2-sha256$1$00$00',
      whole.slice(0, -2),
      whole.replace(/[0-9a-f]+$/, ''),
    ]) {
      expect(await scryptPasswords.matches('x', hash)).toBe(false);
    }
  });
});
