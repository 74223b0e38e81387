import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { ACCOUNT_ID, answering, fault, NOW_MS, SESSION_ID, start } from './harness.ts';

const MINUTE_MS = 60_000;

describe('clients that share a store', () => {
  it('log in once, however many call at once', async () => {
    const store = memorySessionStore();
    const { client, count } = await start();
    const clients = Array.from({ length: 5 }, () => client({ store }));
    await Promise.all(clients.flatMap((each) => [each.readings(), each.sharing.isActive()]));
    expect(count('AuthenticatePublisherAccount')).toBe(1);
    expect(count('LoginPublisherAccountById')).toBe(1);
  });

  it('replace a session that has ended once, too', async () => {
    const store = memorySessionStore();
    const { client, count, service } = await start();
    const clients = Array.from({ length: 5 }, () => client({ store }));
    await Promise.all(clients.map((each) => each.readings()));
    service.expireSessions();
    await Promise.all(clients.flatMap((each) => [each.readings(), each.sharing.isActive()]));
    expect(count('LoginPublisherAccountById')).toBe(2);
  });

  it('do not share what the password of one of them has opened', async () => {
    const store = memorySessionStore();
    const { client } = await start();
    const [right, wrong] = await Promise.allSettled([
      client({ store }).logIn(),
      client({ store, password: 'another word' }).logIn(),
    ]);
    expect(right.status).toBe('fulfilled');
    expect(wrong).toMatchObject({ reason: { code: 'credentialsRefused' } });
  });
});

describe('a session that keeps dying', () => {
  it('is replaced once in three minutes, and reported otherwise', async () => {
    const time = { ms: NOW_MS };
    let logins = 0;
    let good = true;
    const client = answering(() => Response.json(good), {
      now: () => time.ms,
      fetch: async (url: string) => {
        if (url.includes('Authenticate')) return Response.json(ACCOUNT_ID);
        if (url.includes('LoginPublisherAccountById')) {
          logins++;
          return Response.json(SESSION_ID.replace(/.$/, String(logins)));
        }
        return good ? Response.json(true) : fault('SessionNotValid');
      },
    });
    await client.sharing.isActive();
    expect(logins).toBe(1);
    good = false;
    // Once for this call, and then not again.
    await expect(client.sharing.isActive()).rejects.toMatchObject({ code: 'sessionRejected' });
    expect(logins).toBe(2);
    time.ms += 3 * MINUTE_MS - 1;
    await expect(client.sharing.isActive()).rejects.toMatchObject({
      code: 'sessionEndedAgain',
      retryable: true,
      data: { agoMs: 3 * MINUTE_MS - 1, limitMs: 3 * MINUTE_MS },
    });
    expect(logins).toBe(2);
    time.ms += 1;
    good = true;
    expect(await client.sharing.isActive()).toBe(true);
    expect(logins).toBe(3);
  });
});
