import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { ACCOUNT_ID, answering, fault, NAME, OpenStore, SESSION_ID, start } from './harness.ts';

describe('one session', () => {
  it('is made once for any number of calls at once, and used from then on', async () => {
    const { client, calls, count } = await start();
    const share = client();
    const all = await Promise.all(Array.from({ length: 20 }, () => share.sharing.isActive()));
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
    await client({ store }).sharing.isActive();
    await client({ store }).sharing.isActive();
    expect(count('LoginPublisherAccountById')).toBe(1);
    await client({
      store,
      accountName: undefined,
      accountId: ACCOUNT_ID,
    } as object).sharing.isActive();
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
      await share.sharing.isActive();
      service.expireSessions();
      expect(await share.sharing.isActive()).toBe(true);
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
    await share.sharing.isActive();
    service.expireSessions();
    await Promise.all(Array.from({ length: 10 }, () => share.sharing.isActive()));
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
    expect(await client.sharing.isActive()).toBe(true);
    release();
    expect(await slow).toEqual([]);
    expect(logins).toBe(2);
  });

  it('that another program has renewed meanwhile is taken from the store', async () => {
    const { client, service, count } = await start();
    const store = memorySessionStore();
    const [one, other] = [client({ store }), client({ store })];
    await one.sharing.isActive();
    await other.sharing.isActive();
    service.expireSessions();
    await one.sharing.isActive();
    expect(await other.sharing.isActive()).toBe(true);
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('that is refused right after logging in is an error, not a loop', async () => {
    const { client, service, count } = await start();
    service.failNext({
      kind: 'fault',
      code: 'SessionNotValid',
      endpoint: 'IsRemoteMonitoringSessionActive',
      times: 9,
    });
    await expect(client().sharing.isActive()).rejects.toMatchObject({
      code: 'sessionRejected',
      data: { endpoint: 'IsRemoteMonitoringSessionActive', faultCode: 'SessionNotValid' },
    });
    expect(count('IsRemoteMonitoringSessionActive')).toBe(2);
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('is renewed on HTTP 401 as well', async () => {
    const { client, service, count } = await start();
    service.failNext({ kind: 'html', status: 401, endpoint: 'IsRemoteMonitoringSessionActive' });
    expect(await client().sharing.isActive()).toBe(true);
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
    const given = share.sharing.isActive({ signal: stop.signal });
    const kept = share.sharing.isActive();
    await expect(given).rejects.toThrow('enough');
    expect(await kept).toBe(true);
    expect(count('LoginPublisherAccountById')).toBe(1);
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
      } as object).sharing.isActive();
    }
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
    expect(keys.join()).not.toMatch(/ann|bob|dexcom/i);
    expect(await answering(() => Response.json(true)).accountKey()).toBe(keys[0]);
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
    expect(await client.sharing.isActive()).toBe(true);
    expect(sent).toEqual([expect.stringContaining(SESSION_ID)]);
  });
});
