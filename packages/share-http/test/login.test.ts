import { describe, expect, it } from 'vitest';
import { MemorySessionStore, type StoredAccount } from '../src/index.ts';
import { ACCOUNT_ID, answering, NAME, NOW_MS, SESSION_ID, start } from './harness.ts';

const fault = (Code: string, Message = '') => Response.json({ Code, Message }, { status: 500 });

/** A store whose whole content can be looked at. */
class OpenStore extends MemorySessionStore {
  readonly saved = new Map<string, StoredAccount>();

  override async save(key: string, account: StoredAccount): Promise<void> {
    this.saved.set(key, account);
    await super.save(key, account);
  }
}

/** A client that is told what to answer to each sign-in. */
function signingIn(respond: (url: string) => Response, more: object = {}) {
  const sent: string[] = [];
  const client = answering(() => Response.json(true), {
    fetch: async (url: string) => {
      sent.push(url.split('/').at(-1)!.split('?')[0]!);
      return respond(url);
    },
    ...more,
  });
  return { client, sent };
}

describe('one session', () => {
  it('is made once for any number of calls at once, and used from then on', async () => {
    const { client, calls, count } = await start();
    const share = client();
    const all = await Promise.all(Array.from({ length: 20 }, () => share.isMonitoringActive()));
    expect(all).toEqual(Array(20).fill(true));
    await share.readings();
    expect(calls.slice(0, 2)).toEqual([
      'AuthenticatePublisherAccount',
      'LoginPublisherAccountById',
    ]);
    expect(count('AuthenticatePublisherAccount')).toBe(1);
    expect(count('LoginPublisherAccountById')).toBe(1);
    expect(calls).toHaveLength(23);
  });

  it('is shared through the store, by clients of the same account only', async () => {
    const { client, count } = await start();
    const store = new OpenStore();
    await client({ store }).isMonitoringActive();
    await client({ store }).isMonitoringActive();
    expect(count('LoginPublisherAccountById')).toBe(1);
    await client({
      store,
      accountName: undefined,
      accountId: ACCOUNT_ID,
    } as object).isMonitoringActive();
    expect(count('LoginPublisherAccountById')).toBe(2);
    expect([...store.saved.keys()]).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    for (const account of store.saved.values()) expect(Object.keys(account)).toEqual(['sessionId']);
  });

  it.each(['SessionNotValid', 'SessionIdNotFound'] as const)(
    'that ended with %s is replaced once, and the call repeated',
    async (expiredSessionCode) => {
      const { client, service, calls } = await start({ behaviour: { expiredSessionCode } });
      const share = client();
      await share.isMonitoringActive();
      service.expireSessions();
      expect(await share.isMonitoringActive()).toBe(true);
      expect(calls.slice(2)).toEqual([
        'IsRemoteMonitoringSessionActive',
        'IsRemoteMonitoringSessionActive',
        'LoginPublisherAccountById',
        'IsRemoteMonitoringSessionActive',
      ]);
    },
  );

  it('that ended under many calls at once is replaced once for all of them', async () => {
    const { client, service, count } = await start();
    const share = client();
    await share.isMonitoringActive();
    service.expireSessions();
    await Promise.all(Array.from({ length: 10 }, () => share.isMonitoringActive()));
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('that has been replaced already is not given up because an old call fails late', async () => {
    let logins = 0;
    let release = () => {};
    const late = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sessions = [SESSION_ID, ACCOUNT_ID, ACCOUNT_ID];
    const forgetful = { load: async () => undefined, save: async () => {} };
    const client = answering(() => Response.json(true), {
      store: forgetful,
      fetch: async (url: string) => {
        if (url.includes('Authenticate')) return Response.json(ACCOUNT_ID);
        if (url.includes('LoginPublisherAccountById')) return Response.json(sessions[logins++]);
        if (!url.includes(SESSION_ID)) return Response.json(url.includes('Active') ? true : []);
        if (url.includes('ReadPublisher')) await late;
        return fault('SessionNotValid');
      },
    });
    const slow = client.readings();
    expect(await client.isMonitoringActive()).toBe(true);
    release();
    expect(await slow).toEqual([]);
    expect(logins).toBe(2);
  });

  it('that another program has renewed meanwhile is taken from the store', async () => {
    const { client, service, count } = await start();
    const store = new MemorySessionStore();
    const [one, other] = [client({ store }), client({ store })];
    await one.isMonitoringActive();
    await other.isMonitoringActive();
    service.expireSessions();
    await one.isMonitoringActive();
    expect(await other.isMonitoringActive()).toBe(true);
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('that is refused right after signing in is an error, not a loop', async () => {
    const { client, service, count } = await start();
    service.failNext({
      kind: 'fault',
      code: 'SessionNotValid',
      endpoint: 'IsRemoteMonitoringSessionActive',
      times: 9,
    });
    await expect(client().isMonitoringActive()).rejects.toMatchObject({
      code: 'sessionRejected',
      data: { endpoint: 'IsRemoteMonitoringSessionActive', faultCode: 'SessionNotValid' },
    });
    expect(count('IsRemoteMonitoringSessionActive')).toBe(2);
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('is renewed on HTTP 401 as well', async () => {
    const { client, service, count } = await start();
    service.failNext({ kind: 'html', status: 401, endpoint: 'IsRemoteMonitoringSessionActive' });
    expect(await client().isMonitoringActive()).toBe(true);
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('in the making is not lost for others when one caller gives up', async () => {
    const { client, service, count } = await start();
    const share = client();
    const stop = new AbortController();
    service.onRequest(({ phase, endpoint }) => {
      if (phase === 'received' && endpoint === 'LoginPublisherAccountById')
        stop.abort(new Error('enough'));
    });
    const given = share.isMonitoringActive({ signal: stop.signal });
    const kept = share.isMonitoringActive();
    await expect(given).rejects.toThrow('enough');
    expect(await kept).toBe(true);
    expect(count('LoginPublisherAccountById')).toBe(1);
  });
});

describe('a refused sign-in', () => {
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
          iterations: expect.any(Number),
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    ]);
  });

  it('is over when something changes: the password, or the word of the user', async () => {
    const { client, count } = await start();
    const store = new MemorySessionStore();
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
    const { client, sent } = signingIn((url) => {
      if (url.includes('Authenticate')) return Response.json(ACCOUNT_ID);
      if (!url.includes('Login')) return good ? Response.json(true) : fault('SessionNotValid');
      return good ? Response.json(SESSION_ID) : fault('AccountPasswordInvalid');
    });
    expect(await client.isMonitoringActive()).toBe(true);
    good = false;
    await expect(client.isMonitoringActive()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await expect(client.isMonitoringActive()).rejects.toMatchObject({
      code: 'credentialsRefusedBefore',
    });
    expect(sent.filter((name) => name === 'LoginPublisherAccountById')).toHaveLength(2);

    good = true;
    await client.forgetRefusedLogin();
    expect(await client.isMonitoringActive()).toBe(true);
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
    const { client, sent } = signingIn(answer);
    await expect(client.readings()).rejects.toMatchObject({ code, retryable: false });
    await expect(client.readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    expect(sent).toEqual(['AuthenticatePublisherAccount']);
  });

  it.each([
    [
      'a fault nobody knows',
      () => fault('BrandNew', 'hm'),
      { code: 'refused', retryable: false, data: { faultCode: 'BrandNew' } },
    ],
    [
      'a failure of the sign-in service',
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
    const { client } = signingIn(() => answers.shift()!);
    await expect(client.isMonitoringActive()).rejects.toMatchObject(error);
    expect(await client.isMonitoringActive()).toBe(true);
  });
});

describe('a locked account', () => {
  it.each(['SSO_AuthenticateMaxAttemptsExceeed', 'SSO_AuthenticateMaxAttemptsExceeded'])(
    'by %s is left alone until the stored time, whoever asks with whatever password',
    async (code) => {
      const time = { ms: NOW_MS };
      const store = new OpenStore();
      const more = { store, now: () => time.ms };
      const locked = signingIn(() => fault(code), more);
      const until = NOW_MS + 600_000;
      await expect(locked.client.readings()).rejects.toMatchObject({
        code: 'loginBlocked',
        data: { untilMs: until },
      });
      expect([...store.saved.values()]).toEqual([{ blockedUntilMs: until }]);

      time.ms = until - 1;
      const other = signingIn(() => Response.json(ACCOUNT_ID), { ...more, password: 'another' });
      await expect(other.client.readings()).rejects.toMatchObject({
        code: 'loginBlocked',
        message: expect.stringContaining('2023-11-14T22:23:20.000Z'),
      });
      await other.client.forgetRefusedLogin();
      await expect(other.client.readings()).rejects.toMatchObject({ code: 'loginBlocked' });
      expect([locked.sent, other.sent]).toEqual([['AuthenticatePublisherAccount'], []]);

      time.ms = until;
      await expect(other.client.readings()).rejects.toMatchObject({ code: 'badReply' });
      expect(other.sent).toContain('LoginPublisherAccountById');
    },
  );

  it('comes of a real lock, and the right password works when it is over', async () => {
    const { client, time } = await start({
      behaviour: { lockAfterRefusals: 1, lockedForMs: 600_000 },
    });
    const store = new MemorySessionStore();
    await expect(client({ store, password: 'wrong' }).readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
    await expect(client({ store }).readings()).rejects.toMatchObject({ code: 'loginBlocked' });
    time.ms += 600_000;
    expect(await client({ store }).readings()).toEqual([]);
  });
});

describe('the key of an account', () => {
  it('is the same for the same account and tells neither name nor service', async () => {
    const keys: string[] = [];
    const store = {
      load: async (key: string) => {
        keys.push(key);
        return { sessionId: SESSION_ID };
      },
      save: async () => {},
    };
    for (const accountName of [NAME, NAME.toUpperCase(), 'bob']) {
      await answering(() => Response.json(true), {
        store,
        accountName,
      } as object).isMonitoringActive();
    }
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
    expect(keys.join()).not.toMatch(/ann|bob|dexcom/i);
  });

  it('with something damaged under it is as good as none', async () => {
    const sent: string[] = [];
    const store = { load: async () => ({ sessionId: '../../etc' }), save: async () => {} };
    const client = answering(
      (url) => {
        sent.push(url);
        return Response.json(true);
      },
      { store },
    );
    expect(await client.isMonitoringActive()).toBe(true);
    expect(sent).toEqual([expect.stringContaining(SESSION_ID)]);
  });
});
