import { describe, expect, it } from 'vitest';
import { memorySessionStore, type SessionStore } from '../src/index.ts';
import { ACCOUNT_ID, fault, loggingIn, NOW_MS, OpenStore, SESSION_ID, start } from './harness.ts';

/** A store that takes what is noted before a login, and not what came of it. */
function fullAfterNoting(error: Error): SessionStore {
  const store = memorySessionStore();
  const save = store.save.bind(store);
  let saves = 0;
  store.save = (key, account) => (++saves % 2 === 1 ? save(key, account) : Promise.reject(error));
  return store;
}

describe('a refused login', () => {
  it('is told with its likely causes and never sent again by itself', async () => {
    const { client, count } = await start();
    const share = client({ password: 'wrong' });
    await expect(share.readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
      retryable: false,
      data: { faultCode: 'AccountPasswordInvalid' },
      help: expect.stringMatching(/region.*password.*wearer/s),
    });
    for (let i = 0; i < 3; i++) {
      await expect(share.readings()).rejects.toMatchObject({
        code: 'credentialsRefusedBefore',
        retryable: false,
      });
    }
    expect(count('AuthenticatePublisherAccount')).toBe(1);
  });

  it('is sent once for many calls at once', async () => {
    const { client, count } = await start();
    const share = client({ password: 'wrong' });
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => share.readings()));
    expect(all.map((one) => (one as PromiseRejectedResult).reason.code)).toEqual(
      Array(5).fill('credentialsRefused'),
    );
    expect(count('AuthenticatePublisherAccount')).toBe(1);
  });

  it('is remembered by the store across programs, as a fingerprint that tells nothing', async () => {
    const { client, count } = await start();
    const store = new OpenStore();
    await expect(client({ store, password: 'wrong' }).readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
    await expect(client({ store, password: 'wrong' }).readings()).rejects.toMatchObject({
      code: 'credentialsRefusedBefore',
    });
    expect(count('AuthenticatePublisherAccount')).toBe(1);
    const kept = JSON.stringify([...store.saved]);
    expect(kept).not.toMatch(/wrong|ann|example|11111111/);
    expect([...store.saved.values()]).toEqual([
      {
        refused: {
          salt: expect.stringMatching(/^[0-9a-f]{32}$/),
          hashes: [expect.stringMatching(/^[0-9a-f]{64}$/)],
        },
      },
    ]);
  });

  it('is remembered beside others: two programs with old passwords take no turns', async () => {
    const { client, calls } = await start();
    const store = memorySessionStore();
    const outcomes: string[] = [];
    for (const password of ['old', 'older', 'old', 'older', 'old']) {
      await client({ store, password })
        .readings()
        .catch(({ code }) => outcomes.push(code));
    }
    const before = 'credentialsRefusedBefore';
    expect(outcomes).toEqual(['credentialsRefused', 'credentialsRefused', before, before, before]);
    expect(calls).toHaveLength(2);
  });

  it('is forgotten alone, not with those of other passwords', async () => {
    const { client, calls } = await start();
    const store = memorySessionStore();
    const [old, older] = [client({ store, password: 'old' }), client({ store, password: 'older' })];
    for (const share of [old, older]) {
      await expect(share.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    }
    await older.forgetRefusedLogin();
    await expect(old.readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    await expect(older.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    expect(calls).toHaveLength(3);
  });

  it('is remembered beside those of other clients that are refused at the same moment', async () => {
    const { client, calls } = await start();
    const store = memorySessionStore();
    const passwords = ['old', 'older', 'oldest'];
    const all = () =>
      Promise.allSettled(passwords.map((password) => client({ store, password }).readings()));
    await all();
    const again = await all();
    expect(again.map((one) => (one as PromiseRejectedResult).reason.code)).toEqual(
      passwords.map(() => 'credentialsRefusedBefore'),
    );
    expect(calls).toHaveLength(3);
  });

  it('leaves a lock that was noted meanwhile, and the session of another password', async () => {
    const store = new OpenStore();
    const more = { store, now: () => NOW_MS };
    const { client } = loggingIn(() => {
      for (const [key, kept] of store.saved) {
        store.saved.set(key, { ...kept, lockedUntilMs: NOW_MS + 1000, sessionId: SESSION_ID });
      }
      return fault('AccountPasswordInvalid');
    }, more);
    store.load = async (key) => store.saved.get(key);
    await store.save(await client.accountKey(), {});
    await expect(client.logIn()).rejects.toMatchObject({ code: 'credentialsRefused' });
    expect([...store.saved.values()]).toMatchObject([
      { lockedUntilMs: NOW_MS + 1000, sessionId: SESSION_ID, refused: {} },
    ]);
    await expect(client.logIn()).rejects.toMatchObject({ code: 'accountLocked' });
  });

  it('is told as what it is, and not sent again, though the store cannot keep it', async () => {
    const full = new Error('no space');
    const store = fullAfterNoting(full);
    const { client, sent } = loggingIn(() => fault('AccountPasswordInvalid'), { store });
    await expect(client.readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
      cause: full,
    });
    await expect(client.readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    expect(sent).toEqual(['AuthenticatePublisherAccount']);

    store.save = async () => {};
    await client.forgetRefusedLogin();
    await expect(client.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
  });

  it('is sent once by logins and calls that start at the same moment', async () => {
    const { client, count } = await start();
    const share = client({ password: 'wrong' });
    const all = await Promise.allSettled([share.readings(), share.logIn(), share.logIn()]);
    const codes = all.map((one) => (one as PromiseRejectedResult).reason.code);
    expect(codes.toSorted()).toEqual([
      'credentialsRefused',
      'credentialsRefusedBefore',
      'credentialsRefusedBefore',
    ]);
    expect(count('AuthenticatePublisherAccount')).toBe(1);
  });

  it('is over when something changes: the password, or the word of the user', async () => {
    const { client, count } = await start();
    const store = memorySessionStore();
    await expect(client({ store, password: 'wrong' }).readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
    expect(await client({ store }).readings()).toEqual([]);
    expect(count('AuthenticatePublisherAccount')).toBe(2);

    const again = client({ password: 'wrong' });
    await expect(again.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await again.forgetRefusedLogin();
    await expect(again.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    expect(count('AuthenticatePublisherAccount')).toBe(4);
  });

  it('in the second step counts as well, and so does one after a good one', async () => {
    let good = true;
    const { client, sent } = loggingIn((url) => {
      if (url.includes('Authenticate')) return Response.json(ACCOUNT_ID);
      if (!url.includes('Login')) return good ? Response.json(true) : fault('SessionNotValid');
      return good ? Response.json(SESSION_ID) : fault('AccountPasswordInvalid');
    });
    expect(await client.sharing.isActive()).toBe(true);
    good = false;
    await expect(client.sharing.isActive()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await expect(client.sharing.isActive()).rejects.toMatchObject({
      code: 'credentialsRefusedBefore',
    });
    expect(sent.filter((name) => name === 'LoginPublisherAccountById')).toHaveLength(2);

    good = true;
    await client.forgetRefusedLogin();
    expect(await client.sharing.isActive()).toBe(true);
    // From the name again: the account id it had may be what was refused.
    expect(sent.slice(-3)).toEqual([
      'AuthenticatePublisherAccount',
      'LoginPublisherAccountById',
      'IsRemoteMonitoringSessionActive',
    ]);
  });

  it.each([
    [
      'the zero id',
      () => Response.json('00000000-0000-0000-0000-000000000000'),
      'credentialsRefused',
    ],
    ['an unknown account', () => fault('SSO_AuthenticateAccountNotFound'), 'credentialsRefused'],
    ['a wrong password', () => fault('SSO_AuthenticatePasswordInvalid'), 'credentialsRefused'],
    [
      'words in a message',
      () => fault('SSO_InternalError', 'Cannot Authenticate by AccountName'),
      'credentialsRefused',
    ],
    ['a malformed field', () => fault('InvalidArgument', 'accountName'), 'refused'],
  ])('may be %s', async (_, answer, code) => {
    const { client, sent } = loggingIn(answer);
    await expect(client.readings()).rejects.toMatchObject({ code, retryable: false });
    await expect(client.readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    expect(sent).toEqual(['AuthenticatePublisherAccount']);
  });

  it.each([
    [
      'a fault nobody knows',
      () => fault('BrandNew', 'hm'),
      { code: 'refused', retryable: false, data: { faultCode: 'an unknown code' } },
    ],
    [
      'a failure of the login service',
      () => fault('SSO_InternalError'),
      { code: 'serviceFault', retryable: true },
    ],
    [
      'an outage',
      () => new Response('<html>', { status: 503 }),
      { code: 'unavailable', retryable: true },
    ],
    ['no id', () => Response.json('bro'), { code: 'badReply', data: { excerpt: '' } }],
  ])('is not what %s is', async (_, answer, error) => {
    const answers = [
      answer(),
      Response.json(ACCOUNT_ID),
      Response.json(SESSION_ID),
      Response.json(true),
    ];
    const { client } = loggingIn(() => answers.shift()!);
    await expect(client.sharing.isActive()).rejects.toMatchObject(error);
    expect(await client.sharing.isActive()).toBe(true);
  });
});

describe('a locked account', () => {
  it.each(['SSO_AuthenticateMaxAttemptsExceeed', 'SSO_AuthenticateMaxAttemptsExceeded'])(
    'by %s is left alone until the stored time, whoever asks with whatever password',
    async (code) => {
      const time = { ms: NOW_MS };
      const store = new OpenStore();
      const more = { store, now: () => time.ms };
      const locked = loggingIn(() => fault(code), more);
      const until = NOW_MS + 600_000;
      await expect(locked.client.readings()).rejects.toMatchObject({
        code: 'accountLocked',
        data: { untilMs: until },
      });
      expect([...store.saved.values()]).toMatchObject([{ lockedUntilMs: until }]);

      time.ms = until - 1;
      const other = loggingIn(() => Response.json(ACCOUNT_ID), { ...more, password: 'another' });
      await expect(other.client.readings()).rejects.toMatchObject({
        code: 'accountLocked',
        message: expect.stringContaining('2023-11-14T22:23:20.000Z'),
      });
      await other.client.forgetRefusedLogin();
      await expect(other.client.readings()).rejects.toMatchObject({ code: 'accountLocked' });
      expect([locked.sent, other.sent]).toEqual([['AuthenticatePublisherAccount'], []]);

      time.ms = until;
      await expect(other.client.readings()).rejects.toMatchObject({ code: 'badReply' });
      expect(other.sent).toContain('LoginPublisherAccountById');
    },
  );

  it('stays one, and ends in time, though the store cannot keep it', async () => {
    const time = { ms: NOW_MS };
    const store = fullAfterNoting(new Error('no space'));
    const locked = () => fault('SSO_AuthenticateMaxAttemptsExceeed');
    const { client, sent } = loggingIn(locked, { store, now: () => time.ms });
    for (let i = 0; i < 3; i++) {
      await expect(client.readings()).rejects.toMatchObject({ code: 'accountLocked' });
    }
    expect(sent).toHaveLength(1);
    time.ms += 600_000;
    await expect(client.readings()).rejects.toMatchObject({ code: 'accountLocked' });
    expect(sent).toHaveLength(2);
  });

  it('for ever stays so', async () => {
    const locked = () => fault('SSO_AuthenticateMaxAttemptsExceeed');
    const { client, sent } = loggingIn(locked, { lockedForMs: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 2; i++) {
      await expect(client.readings()).rejects.toMatchObject({ code: 'accountLocked' });
    }
    expect(sent).toHaveLength(1);
  });

  it('is not left alone for ever because a clock was wrong once', async () => {
    const store = new OpenStore();
    const { client, sent } = loggingIn(() => fault('BrandNew'), { store, now: () => NOW_MS });
    await store.save(await client.accountKey(), { lockedUntilMs: 4_102_444_800_000 });
    await expect(client.readings()).rejects.toMatchObject({ code: 'refused' });
    expect(sent).toEqual(['AuthenticatePublisherAccount']);
  });

  it('comes of a real lock, and the right password works when it is over', async () => {
    const { client, time } = await start({
      behaviour: { lockAfterRefusals: 1, lockedForMs: 600_000 },
    });
    const store = memorySessionStore();
    await expect(client({ store, password: 'wrong' }).readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
    await expect(client({ store }).readings()).rejects.toMatchObject({ code: 'accountLocked' });
    time.ms += 600_000;
    expect(await client({ store }).readings()).toEqual([]);
  });
});
