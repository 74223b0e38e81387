import { describe, expect, it } from 'vitest';
import { memorySessionStore, ShareClient } from '../src/index.ts';
import {
  ACCOUNT_ID,
  answering,
  fault,
  loggingIn,
  NAME,
  NOW_MS,
  OpenStore,
  SESSION_ID,
} from './harness.ts';

const MINUTE_MS = 60_000;
const html = (status: number, text = '<html>') => new Response(text, { status });

/** The connection ends when the login has been sent, as when the program is killed then. */
function lose(): never {
  const cause = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
  throw new TypeError('fetch failed', { cause });
}

/** A store that takes what is noted before a login, and nothing after it. */
class FullStore extends OpenStore {
  #saves = 0;

  override async save(key: string, account: object): Promise<void> {
    this.#saves++;
    if (this.#saves % 2 === 0) throw new Error('no space');
    await super.save(key, account);
  }
}

describe('a login without a clear answer', () => {
  it.each([
    ['an outage', () => html(503), OpenStore],
    ['a refusal that cannot be kept', () => fault('AccountPasswordInvalid'), FullStore],
    ['a lost answer', lose, OpenStore],
  ])(
    '(%s) may be a refusal: it is sent twice, and then once in a quarter of an hour',
    async (_, answer, Store) => {
      const store = new Store();
      const time = { ms: NOW_MS };
      let sent = 0;
      // A client for each try, as programs that are started again and again have.
      const run = async () => {
        const program = { load: (key: string) => store.load(key), save: store.save.bind(store) };
        const one = loggingIn(answer, { store: program, now: () => time.ms });
        const error = await one.client.readings().catch((thrown: unknown) => thrown);
        sent += one.sent.length;
        return error;
      };
      for (let i = 0; i < 8; i++) await run();
      expect(sent).toBe(2);
      expect(await run()).toMatchObject({
        code: 'loginUnanswered',
        retryable: true,
        data: { retryAfterMs: 15 * MINUTE_MS },
      });
      time.ms += 15 * MINUTE_MS;
      for (let i = 0; i < 3; i++) await run();
      expect(sent).toBe(3);
    },
  );

  it('is sent once in a quarter of an hour where nobody watches, whatever sets the clock', async () => {
    const store = new OpenStore();
    const time = { ms: NOW_MS };
    const options = { store, unattended: true, now: () => time.ms };
    const { client, sent } = loggingIn(() => html(503), options);
    await expect(client.readings()).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent).toHaveLength(1);
    // By the steady clock no time has passed.
    for (const byMs of [60_000, 24 * 60 * MINUTE_MS, -48 * 60 * MINUTE_MS]) {
      time.ms += byMs;
      await expect(client.readings()).rejects.toMatchObject({ code: 'loginUnanswered' });
    }
    // By that of another run, whose clock may be off by two minutes since.
    time.ms = NOW_MS + 17 * MINUTE_MS - 1;
    const later = loggingIn(() => html(503), options);
    await expect(later.client.readings()).rejects.toMatchObject({
      code: 'loginUnanswered',
      data: { retryAfterMs: 1 },
    });
    time.ms = NOW_MS + 17 * MINUTE_MS;
    const latest = loggingIn(() => html(503), options);
    await expect(latest.client.readings()).rejects.toMatchObject({ code: 'unavailable' });
    expect([...sent, ...later.sent, ...latest.sent]).toHaveLength(2);
  });

  it('is not sent at all where it cannot be noted before', async () => {
    const store = memorySessionStore();
    store.save = () => Promise.reject(new Error('no space'));
    const { client, sent } = loggingIn(() => html(503), { store });
    await expect(client.readings()).rejects.toThrow('no space');
    expect(sent).toEqual([]);
  });

  it('does not count if it never left this computer', async () => {
    let tries = 0;
    const client = answering(() => Response.json([]), {
      fetch: async () => {
        tries++;
        throw Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' });
      },
    });
    for (let i = 0; i < 5; i++) {
      await expect(client.readings()).rejects.toMatchObject({ code: 'unreachable' });
    }
    expect(tries).toBe(5);
  });

  it('is sent at once with another password, or when a person says so', async () => {
    const store = memorySessionStore();
    const one = loggingIn(() => html(503), { store });
    for (let i = 0; i < 3; i++) await one.client.readings().catch(() => {});
    const other = loggingIn(() => Response.json(SESSION_ID), { store, password: 'another' });
    await one.client.forgetRefusedLogin();
    await one.client.readings().catch(() => {});
    expect(one.sent).toHaveLength(3);
    await other.client.logIn();
    expect(other.sent).toHaveLength(2);
  });
});

describe('a refused login', () => {
  it('is the same for a name in capitals', async () => {
    const store = memorySessionStore();
    const refuse = () => fault('AccountPasswordInvalid');
    const one = loggingIn(refuse, { store });
    const other = loggingIn(refuse, { store, accountName: NAME.toUpperCase() });
    await expect(one.client.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await expect(other.client.readings()).rejects.toMatchObject({
      code: 'credentialsRefusedBefore',
    });
    expect(other.sent).toEqual([]);
  });

  it('is known to every client without a store', async () => {
    let sent = 0;
    const client = () =>
      new ShareClient({
        origin: 'https://without.store.example',
        accountName: NAME,
        password: 'wrong',
        fetch: async () => {
          sent++;
          return fault('AccountPasswordInvalid');
        },
      });
    await expect(client().readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await expect(client().readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    expect(sent).toBe(1);
  });

  it.each([
    ['secret\n', 'a line break'],
    ['secret\r', 'a line break'],
    [' secret', 'a blank'],
    ['"secret"', 'a quotation mark'],
  ])(
    'tells that the password %j has %s at an end, and of phone numbers',
    async (password, what) => {
      const { client } = loggingIn(() => fault('AccountPasswordInvalid'), { password });
      for (let i = 0; i < 2; i++) {
        const error = (await client.readings().catch((thrown: unknown) => thrown)) as Error;
        expect(error).toMatchObject({
          help: expect.stringMatching(
            new RegExp(
              `such account.*country code.*is not sent again.*begins or ends with ${what}`,
              's',
            ),
          ),
        });
        expect(JSON.stringify(error)).not.toContain('secret');
      }
    },
  );

  it('shows nothing of what answers it but a code on record', async () => {
    const { client } = loggingIn(() => fault('BrandNew-p&amp;ss', 'p&amp;ss'), {
      password: 'p&ss',
    });
    const error = await client.readings().catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toContain('amp;ss');
    expect(String(error)).not.toContain('amp;ss');
  });
});

describe('an answer to a login that is no id', () => {
  it.each([
    ['is a text', 'your password p&amp;ss is wrong'],
    ['is an object', '{"id":"p&amp;ss"}'],
  ])('is not shown where it %s', async (_, said) => {
    const { client } = loggingIn(() => new Response(said), { password: 'p&ss' });
    const error = (await client.readings().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'badReply' });
    expect(JSON.stringify(error) + String(error)).not.toContain('amp;ss');
  });
});

describe('the answers to a login', () => {
  it('may hold the account id in an object', async () => {
    const { client } = loggingIn((url) =>
      url.includes('Authenticate')
        ? Response.json({ accountId: ACCOUNT_ID })
        : Response.json(SESSION_ID),
    );
    await expect(client.logIn()).resolves.toBeUndefined();
  });

  it.each([
    ['a web page', '<!DOCTYPE html><title>Attention Required! | Cloudflare</title>'],
    ['its number', 'error code: 1020'],
  ])('may come from a firewall: %s', async (_, page) => {
    const { client, sent } = loggingIn(() => html(403, page), { repeats: 2 });
    await expect(client.logIn()).rejects.toMatchObject({
      code: 'blockedByFirewall',
      retryable: true,
      data: { retryAfterMs: 15 * MINUTE_MS },
    });
    expect(sent).toHaveLength(1);
  });

  it('must all come within the time of one login', async () => {
    const client = answering(() => Response.json([]), {
      loginTimeoutMs: 20,
      fetch: async (_url: string, { signal }: RequestInit) =>
        new Promise<Response>((_, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason)),
        ),
    });
    await expect(client.readings()).rejects.toMatchObject({ code: 'loginTimeout' });
  });
});

/** A clock of its own: waits end when the time that passes says so. */
function virtualTime() {
  const waits = new Set<{ readonly atMs: number; readonly end: () => void }>();
  let ms = 0;
  return {
    sleep: (forMs: number) => new Promise<void>((end) => void waits.add({ atMs: ms + forMs, end })),
    pass(forMs: number) {
      ms += forMs;
      for (const one of waits) if (one.atMs <= ms) one.end();
    },
  };
}

describe('the two calls of a login', () => {
  it('have one time limit together, however long each of them takes', async () => {
    const { sleep, pass } = virtualTime();
    const sent: string[] = [];
    const client = answering(() => Response.json([]), {
      sleep,
      timeoutMs: 1000,
      loginTimeoutMs: 1500,
      fetch: async (url: string) => {
        sent.push(url);
        pass(900);
        await new Promise((resolve) => setImmediate(resolve));
        return Response.json(sent.length === 1 ? ACCOUNT_ID : SESSION_ID);
      },
    });
    await expect(client.readings()).rejects.toMatchObject({
      code: 'loginTimeout',
      data: { afterMs: 1500 },
    });
    expect(sent).toHaveLength(2);
  });
});

describe('a login that nobody waits for any more', () => {
  it('is given up', async () => {
    const stop = new AbortController();
    let aborted = false;
    const client = answering(() => Response.json([]), {
      fetch: (_url: string, { signal }: RequestInit) => {
        setTimeout(() => stop.abort(new Error('enough')), 5);
        return new Promise<Response>(() => {
          signal?.addEventListener('abort', () => {
            aborted = true;
          });
        });
      },
    });
    await expect(client.readings({ signal: stop.signal })).rejects.toThrow('enough');
    expect(aborted).toBe(true);
  });

  it('sends nothing if it was waiting for another program', async () => {
    const store = memorySessionStore();
    const { client, sent } = loggingIn(() => Response.json(SESSION_ID), { store });
    let release = () => {};
    const held = store.exclusively(
      await client.accountKey(),
      () => new Promise<void>((done) => (release = done)),
    );
    const stop = new AbortController();
    const call = client.readings({ signal: stop.signal });
    await new Promise((done) => setTimeout(done, 5));
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    release();
    await held;
    await new Promise((done) => setTimeout(done, 20));
    expect(sent).toEqual([]);
  });
});

describe('a password that is asked for', () => {
  it('is asked for when a login needs it, and not for a session that is kept', async () => {
    const store = new OpenStore();
    let asked = 0;
    const password = async () => {
      asked++;
      return 'secret';
    };
    const client = () => answering(() => Response.json(true), { store, password });
    await client().sharing.isActive();
    await client().sharing.isActive();
    expect(asked).toBe(1);
  });
});

describe('a TLS alert', () => {
  it('in mid-connection is not "nothing was sent"', async () => {
    const client = answering(() => {
      const code = 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC';
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) });
    });
    await expect(client.sharing.stop()).rejects.toMatchObject({
      code: 'connectionLost',
      outcomeUnknown: true,
    });
  });
});

describe('plain http', () => {
  it('is for this computer by its address, not for any name that ends like it', () => {
    const at = (origin: string) => new ShareClient({ origin, accountName: NAME, password: 'x' });
    expect(() => at('http://evil.localhost')).toThrow(/unencrypted/);
    for (const origin of ['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080']) {
      expect(at(origin).origin).toBe(origin);
    }
  });
});
