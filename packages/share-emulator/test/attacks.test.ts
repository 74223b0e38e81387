import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createShareService, memoryShareStore, type PasswordHasher } from '../src/index.ts';
import { type ServeOptions, serveShare, sqliteShareStore } from '../src/node.ts';
import { prepareDatabase } from '../src/sqlite-schema.ts';
import {
  ACCOUNT_ID,
  APPLICATION,
  ask,
  codeOf,
  logIn,
  make,
  READY,
  RECORDED_UTC_MS,
  read,
  SERIAL,
} from './wire.ts';

/** Of what an older service may have stored. */
const NOW_MS = RECORDED_UTC_MS;

const SERVICES = '/ShareWebServices/Services';

async function served(options: ServeOptions = {}) {
  const { service } = make({ accounts: [READY] });
  const server = await serveShare(service, options);
  onTestFinished(() => server.close());
  return { service, server, port: Number(new URL(server.origin).port) };
}

/** Everything that comes back for these bytes until the service ends the connection. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(bytes);
  return await text(socket);
}

const login = (password: string) =>
  `{"accountId":"${ACCOUNT_ID}","password":"${password}","applicationId":"${APPLICATION}"}`;

describe('guessing', () => {
  /** Counts the passwords that were compared or hashed. */
  function counting() {
    const done = { matches: 0, hashes: 0 };
    const passwords: PasswordHasher = {
      hash: async (password) => {
        done.hashes++;
        return `plain ${password}`;
      },
      matches: async (password, hash) => {
        done.matches++;
        await new Promise((resolve) => setImmediate(resolve));
        return hash === `plain ${password}`;
      },
    };
    return { done, passwords };
  }

  it('does not get past the lock with a hundred guesses at once', async () => {
    const { done, passwords } = counting();
    const { service } = make({ passwords });
    const guesses = Array.from({ length: 100 }, (_, i) =>
      ask(service, 'General/LoginPublisherAccountById', login(i === 50 ? 'pass word' : `no ${i}`)),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ status }) => status === 200)).toEqual([]);
    expect(done.matches).toBe(5);
    expect(answers.slice(5).map(codeOf)).toEqual(
      Array(95).fill('SSO_AuthenticateMaxAttemptsExceeed'),
    );
  });

  it('does not get past a lock that another service on the same store puts on meanwhile', async () => {
    const store = memoryShareStore();
    const { passwords } = counting();
    const comparing = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const slowly: PasswordHasher = {
      ...passwords,
      matches: async (password, hash) => {
        comparing.resolve();
        await locked.promise;
        return passwords.matches(password, hash);
      },
    };
    const other = make({ store, passwords }).service;
    const { service } = make({ store, passwords: slowly, accounts: [] });
    await Promise.all([service.ready, other.ready]);
    const right = ask(service, 'General/LoginPublisherAccountById', login('pass word'));
    await comparing.promise;
    for (let i = 0; i < 5; i++) {
      await ask(other, 'General/LoginPublisherAccountById', login(`no ${i}`));
    }
    locked.resolve();
    expect(codeOf(await right)).toBe('SSO_AuthenticateMaxAttemptsExceeed');
  });

  it('costs the same work for an unknown name', async () => {
    const { done, passwords } = counting();
    const { service } = make({ passwords });
    await service.ready;
    done.hashes = 0;
    const body = `{"accountName":"nobody","password":"x","applicationId":"${APPLICATION}"}`;
    await ask(service, 'General/AuthenticatePublisherAccount', body);
    expect(done.hashes + done.matches).toBe(1);
  });
});

describe('web pages', () => {
  const post = (port: number, headers: string) =>
    raw(
      port,
      `POST ${SERVICES}/General/LoginPublisherAccountById HTTP/1.1\r\n${headers}Connection: close\r\nContent-Length: 2\r\n\r\n{}`,
    );

  it.each([
    ['a page that says its origin', 'Host: localhost\r\nOrigin: http://evil.example\r\n'],
    ['a page in a sandbox', 'Host: localhost\r\nOrigin: null\r\n'],
    ['a name pointed at this computer', 'Host: evil.example\r\n'],
    ['a name that begins like this computer', 'Host: 127.0.0.1.evil.example\r\n'],
    ['a name below localhost', 'Host: evil.localhost\r\n'],
    ['no name', 'Host:\r\n'],
  ])('are refused: %s', async (_, headers) => {
    const { port } = await served();
    expect(await post(port, headers)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST:80', 'share.lan'])(
    'do not keep programs out that call it %s',
    async (host) => {
      const { port } = await served({ allowedHosts: ['share.lan'] });
      expect(await post(port, `Host: ${host}\r\n`)).toMatch(/"InvalidArgument"/);
    },
  );
});

describe('the answer to a request with a body', () => {
  const long = ' '.repeat(3 * 1024 * 1024);

  it.each([
    [413, '', long],
    [403, 'evil.example', long],
  ])('is %i and no reset', async (status, host, body) => {
    const { port } = await served();
    const head = `POST ${SERVICES}/General/LoginPublisherAccountById HTTP/1.1\r\nHost: ${host || 'localhost'}\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(await raw(port, head + body)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('is 500 after a defect', async () => {
    const errors: unknown[] = [];
    const { service, server } = await served({ onError: (error) => errors.push(error) });
    service.onRequest(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('a defect');
    });
    const url = `${server.origin}${SERVICES}/General/LoginPublisherAccountById`;
    const response = await fetch(url, { method: 'POST', body: login('pass word') });
    expect([response.status, errors.length]).toEqual([500, 1]);
  });
});

describe('posts that could not be read back', () => {
  const LAST = 8_640_000_000_000_000;

  it.each([
    ['TA', 0, 0, Number.MAX_SAFE_INTEGER],
    ['TA', 1_426_768_741_000, 1_426_768_741_000, -1e12],
    ['ST', LAST, 1_426_768_741_000, 0],
    ['ST', -LAST, 1_426_768_741_000, 0],
    ['DT', 1_426_768_741_000, LAST, 0],
    ['DT', 1_426_768_741_000, -LAST, 0],
  ])('are refused when posted: %s (%i, %i, %d)', async (_, st, dt, ta) => {
    const { service } = make({
      accounts: [READY],
      options: { displayOffsetMinutes: -420 },
    });
    const session = await logIn(service);
    const body = `{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"/Date(${st})/","DT":"/Date(${dt})/","Value":97}],"TA":${ta}}`;
    const posted = await ask(
      service,
      `Publisher/PostReceiverEgvRecords?sessionId=${session}`,
      body,
    );
    expect([posted.status, codeOf(posted)]).toEqual([500, 'InvalidArgument']);
    expect(await ask(service, read(session))).toMatchObject({ status: 200, text: '[]' });
  });
});

describe('slow clients', () => {
  /** Connects clients that never send the whole of a request. */
  const connectSlow = (port: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {});
        onTestFinished(() => void socket.destroy());
        await once(socket, 'connect');
        socket.write('POST / HTTP/1.1\r\nHost: loc');
        return socket;
      }),
    );

  it('lose their place to others', async () => {
    const { server, port } = await served({ maxConnections: 20 });
    const slow = await connectSlow(port, 25);
    const response = await fetch(`${server.origin}${SERVICES}/General/SystemUtcTime`);
    expect(response.status).toBe(200);
    const ended = slow.slice(0, 5).map((socket) => socket.destroyed || once(socket, 'close'));
    await Promise.all(ended);
  });

  it('take no place of a client that waits for its answer', async () => {
    const { service, server, port } = await served({ maxConnections: 5 });
    const received = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    service.onRequest(async () => {
      received.resolve();
      await answer.promise;
    });
    const asked = fetch(`${server.origin}${SERVICES}/General/SystemUtcTime`);
    await received.promise;
    const slow = await connectSlow(port, 10);
    await Promise.all(slow.slice(0, 5).map((socket) => socket.destroyed || once(socket, 'close')));
    answer.resolve();
    expect((await asked).status).toBe(200);
  });
});

describe('a file in the hands of others', () => {
  async function file(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'egvkit-file-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return join(folder, 'share.db');
  }

  const DIST = join(import.meta.dirname, '../dist/node.js');
  const SCHEMA = join(import.meta.dirname, '../dist/sqlite-schema.js');

  /** Runs a script in a process of its own, with `sqliteShareStore`, `path` and `account` at hand. */
  async function inProcess(path: string, script: string) {
    const program = `
      const { sqliteShareStore } = await import(${JSON.stringify(DIST)});
      const path = ${JSON.stringify(path)};
      const account = ${JSON.stringify(account())};
      ${script}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [out, [exitCode, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return { out, exitCode, signal } as { out: string; exitCode: number; signal: string | null };
  }

  it('does not end the service when it is shortened, not even during a read', async () => {
    const path = await file();
    const ran = await inProcess(
      path,
      `
      const { prepareDatabase } = await import(${JSON.stringify(SCHEMA)});
      const { DatabaseSync } = await import('node:sqlite');
      const first = await sqliteShareStore(path);
      first.saveAccount(account);
      const reading = (i) => ({ serialNumber: 'SM12345678', stMs: i, dtMs: i, wtMs: i, trend: 4, mgDl: 100 });
      first.addReadings(account.id, Array.from({ length: 20000 }, (_, i) => reading(i)));
      first.close();
      // A store gives all rows at once, so the look is taken at the database below it.
      const database = new DatabaseSync(path);
      prepareDatabase(database);
      database.exec('PRAGMA shrink_memory');
      let rows = 0;
      try {
        for (const _ of database.prepare('SELECT * FROM readings').iterate()) {
          if (rows++ === 0) (await import('node:fs')).truncateSync(path, 8192);
        }
      } catch {}
      const store = await sqliteShareStore(path).catch(({ message }) => console.log(message));
      console.log('still there');`,
    );
    const out = `${path} cannot be used: the file is damaged; restore a copy of it, or name another file.\nstill there\n`;
    expect(ran).toEqual({ out, exitCode: 0, signal: null });
  }, 30_000);

  it('can be created by two services at once', async () => {
    const path = await file();
    const begin = () =>
      inProcess(
        path,
        'const store = await sqliteShareStore(path); console.log(store.countAccounts());',
      );
    const both = await Promise.all([begin(), begin(), begin()]);
    expect(both).toEqual(Array(3).fill({ out: '0\n', exitCode: 0, signal: null }));
  }, 30_000);

  it('is waited for hardly at all while it is locked: nobody else is answered meanwhile', () => {
    using database = new DatabaseSync(':memory:');
    prepareDatabase(database);
    expect(database.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 50 });
  });

  it('gives 503 while another program has it locked', async () => {
    const path = await file();
    using store = await sqliteShareStore(path);
    const service = createShareService({ store, accounts: [READY] });
    await service.ready;
    using other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const response = await service.fetch(
      new Request(`http://x${SERVICES}/General/LoginPublisherAccountById`, {
        method: 'POST',
        body: login('pass word'),
      }),
    );
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    other.exec('ROLLBACK');
    expect(await logIn(service)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is refused in a sentence with its name where it is damaged', async () => {
    const path = await file();
    {
      using store = await sqliteShareStore(path);
      store.saveAccount({ ...account() });
    }
    await truncate(path, 8192);
    const damaged = `${path} cannot be used: the file is damaged; restore a copy of it, or name another file.`;
    await expect(sqliteShareStore(path)).rejects.toThrow(damaged);
    await writeFile(path, 'no database at all, but a letter'.repeat(40));
    const letter = `${path} cannot be used: it is not a database; name another file.`;
    await expect(sqliteShareStore(path)).rejects.toThrow(letter);
  });

  it.each([
    ['a date behind all dates', { wtMs: 9_007_199_254_740_991_000n }],
    ['a date before all dates', { dtMs: -8_640_000_000_000_001n }],
    ['a date that only clients cannot write', { stMs: 8_640_000_000_000_001n }],
    ['the year 2200', { wtMs: 7_258_118_400_000n, stMs: 7_258_118_400_000n }],
  ])('may hold %s from of old: it is left out, and the rest is read', async (_, extreme) => {
    const path = await file();
    const times = { wtMs: BigInt(NOW_MS), stMs: BigInt(NOW_MS), dtMs: BigInt(NOW_MS), ...extreme };
    {
      using store = await sqliteShareStore(path);
      const { service } = make({ store, accounts: [READY], now: () => NOW_MS });
      const session = await logIn(service);
      const at = NOW_MS - 300_000;
      const body = `{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"/Date(${at})/","DT":"/Date(${at})/","Value":97}],"TA":0}`;
      const call = `Publisher/PostReceiverEgvRecords?sessionId=${session}`;
      expect((await ask(service, call, body)).status).toBe(200);
    }
    {
      // As a service before this one stored it.
      using database = new DatabaseSync(path);
      database
        .prepare('INSERT INTO readings SELECT number, ?, ?, ?, 4, 99, ? FROM accounts LIMIT 1')
        .run(times.wtMs, times.stMs, times.dtMs, SERIAL);
    }
    using store = await sqliteShareStore(path);
    const { service } = make({ store, accounts: [], now: () => NOW_MS });
    const answer = await ask(service, read(await logIn(service)));
    expect(answer.status).toBe(200);
    expect((JSON.parse(answer.text) as { Value: number }[]).map(({ Value }) => Value)).toEqual([
      97,
    ]);
    expect(service.readings(READY.name).map(({ mgDl }) => mgDl)).toEqual([97]);
  });

  it('is refused at once if it is a pipe', async () => {
    const path = await file();
    spawnSync('mkfifo', [path]);
    const ran = await inProcess(
      path,
      'sqliteShareStore(path).catch(({ message }) => console.log(message));',
    );
    const message = `${path} cannot be used: it is not a regular file; name another one.\n`;
    expect(ran).toEqual({ out: message, exitCode: 0, signal: null });
  }, 10_000);
});

function account() {
  return {
    id: ACCOUNT_ID,
    side: 'publisher',
    name: 'ann',
    passwordHash: 'x',
    email: '',
    receiver: undefined,
    sharing: false,
    refusals: 0,
    lockedUntilMs: 0,
    runtimeInfo: undefined,
  } as const;
}
