import { inspect } from 'node:util';
import { FAULTS } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import { memorySessionStore, ShareClient } from '../src/index.ts';
import {
  ACCOUNT_ID,
  answering,
  NAME,
  PASSWORD,
  SERIAL,
  SESSION_ID,
  start,
  upload,
} from './harness.ts';

const SECRETS = [
  NAME,
  PASSWORD,
  ACCOUNT_ID,
  SESSION_ID,
  encodeURIComponent(NAME),
  encodeURIComponent(PASSWORD),
  JSON.stringify(PASSWORD).slice(1, -1),
  'hunter2',
];

/** Everything that a program can show of something. */
function shown(value: unknown): string {
  const parts = [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: null, showHidden: true, getters: true }),
    inspect(value, { depth: null, showHidden: true, customInspect: false }),
  ];
  for (let at = value; at instanceof Error; at = at.cause) {
    const all = Object.getOwnPropertyNames(at).map(
      (name) => (at as unknown as Record<string, unknown>)[name],
    );
    parts.push(
      at.message,
      at.stack ?? '',
      JSON.stringify(all),
      JSON.stringify(at, Object.getOwnPropertyNames(at)),
    );
  }
  return parts.join('\n');
}

function expectNoSecrets(value: unknown, secrets: readonly string[] = SECRETS): void {
  const text = shown(value).toLowerCase();
  for (const secret of secrets) expect(text).not.toContain(secret.toLowerCase());
}

const failure = async (call: Promise<unknown>): Promise<Error> => {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Error);
  return outcome as Error;
};

/** Texts that a careless service or gateway may repeat. */
const ECHO = `Request for ${NAME} with ${PASSWORD} ${JSON.stringify(PASSWORD)} as ${ACCOUNT_ID}, [SessionId = ${SESSION_ID}] ?sessionId=${SESSION_ID}&accountName=${encodeURIComponent(NAME)} password=hunter2`;

describe('no secret is shown', () => {
  it('of a client, before and after it is used', async () => {
    const { client, service } = await start();
    const store = memorySessionStore();
    const share = client({ store });
    expectNoSecrets(share);
    await share.sharing.ensureReady(SERIAL, { assign: false });
    expectNoSecrets(share);
    expectNoSecrets({ share, store, service });
    expect(JSON.stringify(share)).toBe(JSON.stringify({ origin: share.origin }));
    expect(inspect(new ShareClient({ region: 'us', accountName: NAME, password: PASSWORD }))).toBe(
      'ShareClient {"origin":"https://share2.dexcom.com","region":"us"}',
    );
  });

  it.each(Object.keys(FAULTS))('in the error of a call refused with %s', async (Code) => {
    const body = JSON.stringify({ Code, Message: ECHO, SubCode: ECHO, TypeName: 'FaultException' });
    const client = answering(() => new Response(body, { status: 500 }));
    const share = [
      client.readings(),
      client.sharing.checkReceiver(SERIAL),
      client.sharing.isActive(),
    ];
    for (const call of share) expectNoSecrets(await failure(call));
  });

  it.each([
    ['its slashes escaped', 'pa/ss/word', String.raw`pa\/ss\/word`],
    ['as HTML', 'a&b<cdef', 'a&amp;b&lt;cdef'],
    ['as a form', 'top!secret', 'top%21secret'],
  ])('of a login that a gateway answers with the password, %s', async (_, password, said) => {
    const page = () => new Response(`<html>${said}`, { status: 502 });
    const client = answering(page, { password, fetch: async () => page() });
    expectNoSecrets(await failure(client.readings()), [password, said]);
  });

  it.each(Object.keys(FAULTS))('in the error of a login refused with %s', async (Code) => {
    const body = JSON.stringify({ Code, Message: ECHO, SubCode: ECHO });
    const client = answering(() => Response.json([]), {
      fetch: async () => new Response(body, { status: 500 }),
    });
    expectNoSecrets(await failure(client.readings()));
    const again = await client.readings().catch((error: unknown) => error);
    expectNoSecrets(again);
  });

  it.each([
    [
      'a code nobody knows that repeats everything',
      500,
      JSON.stringify({ Code: ECHO, Message: ECHO }),
    ],
    ['a web page', 503, `<html>${ECHO}`],
    ['a malformed call', 400, ECHO],
    ['a block', 403, ECHO],
    ['a text instead of JSON', 200, ECHO],
    [
      'another shape',
      200,
      JSON.stringify({ Echo: ECHO, sessionId: SESSION_ID, password: 'hunter2' }),
    ],
    ['a cut-off id', 200, `{"sessionId":"${SESSION_ID.slice(0, 30)}`],
    ['a cut-off password', 200, PASSWORD.slice(0, -1)],
    ['a redirect', 302, ECHO],
  ])('in the error of %s', async (_, status, body) => {
    const client = answering(() => new Response(body, { status }));
    const partial = [...SECRETS, SESSION_ID.slice(0, 30), PASSWORD.slice(0, -1)];
    const calls = [
      client.readings(),
      client.postReceiverEgvRecords(upload(0)),
      client.sharing.assignReceiver(SERIAL),
    ];
    for (const call of calls) {
      const outcome = await call.catch((error: unknown) => error);
      expectNoSecrets(outcome, partial);
    }
    expectNoSecrets(await failure(calls[0]!), partial);
  });

  it('in the error of a login whose answer is half an id', async () => {
    const client = answering(() => Response.json([]), {
      fetch: async () => new Response(`"${SESSION_ID.slice(0, 30)}`),
    });
    expectNoSecrets(await failure(client.readings()), [...SECRETS, SESSION_ID.slice(0, 8)]);
  });

  it('in the error of a fetch that repeats the address', async () => {
    const client = answering((url) => {
      const cause = Object.assign(new Error(`no route to ${url}`), { code: url, url });
      return Promise.reject(new TypeError(`Failed to fetch ${url}`, { cause }));
    });
    const error = await failure(client.postReceiverEgvRecords(upload(0)));
    expect(error).toMatchObject({ code: 'connectionLost', outcomeUnknown: true });
    expectNoSecrets(error);
  });

  it('in the errors of time, size and absence, over a real connection', async () => {
    const { client, service, server } = await start();
    const share = client({ timeoutMs: 200 });
    await share.sharing.isActive();
    for (const injected of [
      { kind: 'hang', when: 'before' },
      { kind: 'drop', when: 'after' },
      { kind: 'truncate' },
      { kind: 'html', status: 500 },
    ] as const) {
      service.failNext(injected);
      expectNoSecrets(await failure(share.postReceiverEgvRecords(upload(0))));
    }
    service.expireSessions();
    service.failNext({
      kind: 'fault',
      code: 'SessionNotValid',
      times: 9,
      endpoint: 'PostReceiverEgvRecords',
    });
    expectNoSecrets(await failure(share.postReceiverEgvRecords(upload(0))));
    await server.close();
    expectNoSecrets(await failure(share.postReceiverEgvRecords(upload(0))));
    expectNoSecrets(await failure(client({ maxReplyBytes: 1 }).readings()));
  });

  it('in the errors of mistakes by the caller', async () => {
    const client = answering(() => Response.json([]));
    expectNoSecrets(await failure(client.readGlucose({ minutes: Number.NaN })));
    expectNoSecrets(await failure(client.sharing.checkReceiver(' ')));
    expectNoSecrets(await failure(client.postReceiverEgvRecords({ SN: SERIAL, Egvs: [], TA: 0 })));
    const wrongId = async () =>
      new ShareClient({ region: 'us', accountId: PASSWORD, password: PASSWORD }).readings();
    expectNoSecrets(await failure(wrongId()));
  });
});
