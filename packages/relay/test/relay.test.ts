import { InputError } from '@egvkit/protocol';
import { ENDPOINTS, type EndpointName, endpointPath, REGIONS } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import {
  createRelay,
  REFUSAL_HEADER,
  type RelayError,
  type RelayErrorCode,
  type RelayOptions,
} from '../src/index.ts';
import { relayFetch } from '../src/page.ts';
import { CLOCK, ENTRIES, PASSWORD, READINGS } from './support.ts';

const PAGE = 'https://glucose.example';
const NIGHTSCOUT = 'https://ann.nightscout.example';
const HASH = 'a'.repeat(40);

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: RequestRedirect | undefined;
}

type Options = Partial<RelayOptions> & { readonly answer?: () => Response };

/** A relay whose services are a function, and what was sent to them. */
function make({ answer = () => Response.json([]), ...options }: Options = {}) {
  const sent: Sent[] = [];
  const relay = createRelay({
    pages: [PAGE],
    ...options,
    fetch: async (url, init) => {
      const { method, headers, body } = new Request(url, init);
      const { redirect } = init;
      const text = await new Response(body).text();
      sent.push({ url, method, headers: Object.fromEntries(headers), body: text, redirect });
      return answer();
    },
  });
  const ask = (path: string, init: RequestInit = {}) =>
    relay(
      new Request(`https://relay.example${path}`, {
        method: 'POST',
        ...init,
        headers: { origin: PAGE, ...init.headers },
      }),
    );
  return { relay, ask, sent };
}

const json = { 'content-type': 'application/json' };
const codeOf = (answer: Response) => answer.headers.get(REFUSAL_HEADER);

describe('what is passed on', () => {
  it.each(Object.keys(ENDPOINTS) as EndpointName[])(
    '%s, with its own method only',
    async (name) => {
      const { ask, sent } = make({ regions: ['ous'] });
      const { http } = ENDPOINTS[name];
      const path = `${endpointPath(name)}?sessionId=1&x=%20%2B`;
      expect((await ask(path, { method: http })).status).toBe(200);
      expect(sent.map(({ url, method }) => [method, url])).toEqual([
        [http, `https://shareous1.dexcom.com${path}`],
      ]);
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
        if (method === http) continue;
        const answer = await ask(path, { method });
        expect([method, answer.status, codeOf(answer)]).toEqual([method, 405, 'wrongMethod']);
      }
      expect(sent).toHaveLength(1);
    },
  );

  it.each(Object.values(REGIONS).map(({ host }) => host))(
    'calls of %s by its name',
    async (host) => {
      const { ask, sent } = make();
      expect((await ask(`/${host}${READINGS}?sessionId=1`)).status).toBe(200);
      expect(sent.map(({ url }) => url)).toEqual([`https://${host}${READINGS}?sessionId=1`]);
    },
  );

  it('no call of which it cannot be told for which region it is', async () => {
    const { ask, sent } = make();
    expect(codeOf(await ask(READINGS))).toBe('unknownCall');
    expect(sent).toEqual([]);
  });

  it.each([
    ['GET', ['entries', 'entries/sgv', 'entries/mbg', 'entries/cal', 'entries/current'], 'v1'],
    ['GET', ['treatments', 'profile', 'status'], 'v1'],
    ['POST', ['entries', 'treatments'], 'v1'],
    ['GET', ['entries', 'treatments', 'profile', 'status', 'version', 'lastModified'], 'v3'],
    ['POST', ['entries', 'treatments'], 'v3'],
    ['GET', ['authorization/request/egvkit-0123456789abcdef'], 'v2'],
  ] as const)('%s of Nightscout: %j of %s', async (method, names, version) => {
    const { ask, sent } = make({ nightscout: NIGHTSCOUT });
    const ends = version === 'v1' ? ['', '.json'] : [''];
    const paths = names.flatMap((name) => ends.map((end) => `/api/${version}/${name}${end}`));
    for (const path of paths) {
      expect((await ask(`${path}?count=2&find%5Bdate%5D%5B$gte%5D=1`, { method })).status).toBe(
        200,
      );
      expect((await ask(`/ann.nightscout.example${path}`, { method })).status).toBe(200);
    }
    expect(sent.map(({ url }) => url)).toEqual(
      paths.flatMap((path) => [
        `${NIGHTSCOUT}${path}?count=2&find%5Bdate%5D%5B$gte%5D=1`,
        NIGHTSCOUT + path,
      ]),
    );
  });

  it('nothing of Nightscout where no site is configured, of Share where no region is', async () => {
    const share = make({ regions: ['us'] });
    expect(codeOf(await share.ask(ENTRIES))).toBe('unknownCall');
    const nightscout = make({ regions: [], nightscout: NIGHTSCOUT });
    expect(codeOf(await nightscout.ask(READINGS))).toBe('unknownCall');
    expect([share.sent, nightscout.sent]).toEqual([[], []]);
  });

  it('the body to the byte, and of the headers what the call needs', async () => {
    const { ask, sent } = make({ regions: ['us'] });
    const body = JSON.stringify({ password: PASSWORD, name: 'Ü' });
    const of = {
      cookie: 'a=b',
      authorization: 'Bearer abc',
      'api-secret': HASH,
      'x-forwarded-for': '1.2.3.4',
      'x-http-method-override': 'DELETE',
      referer: 'https://glucose.example/secret',
    };
    await ask(READINGS, { body, headers: { ...json, accept: 'text/html', ...of } });
    expect(sent).toEqual([
      {
        url: `https://share2.dexcom.com${READINGS}`,
        method: 'POST',
        headers: { ...json, accept: 'application/json', 'user-agent': 'egvkit-relay' },
        body,
        redirect: 'manual',
      },
    ]);
  });

  it.each([
    ['api-secret', HASH],
    ['api-secret', 'A1'.repeat(64)],
    ['authorization', 'Bearer eyJhbGciOi.eyJhY2Nlc3M-_.x'],
  ])('%s to Nightscout, in the form it has there', async (name, value) => {
    const { ask, sent } = make({ nightscout: NIGHTSCOUT });
    expect((await ask(ENTRIES, { headers: { [name]: value } })).status).toBe(200);
    expect(sent[0]?.headers).toMatchObject({ [name]: value });
    for (const wrong of ['my secret', 'Basic YTpi', `${value}, ${value}`]) {
      expect(codeOf(await ask(ENTRIES, { headers: { [name]: wrong } }))).toBe('badSecret');
    }
    expect(sent).toHaveLength(1);
  });
});

describe('what comes back', () => {
  it.each([
    [200, '[{"ST":1}]', { 'retry-after': '7', date: 'Sun, 01 Mar 2026 12:00:00 GMT' }],
    [204, '', {}],
    [304, '', {}],
    [307, 'elsewhere', { location: 'https://evil.example/' }],
    [401, '{}', { 'www-authenticate': 'Basic' }],
    [429, '<h1>429</h1>', { 'retry-after': '7', 'content-type': 'text/html' }],
    [500, '{"Code":"SessionIdNotFound"}', {}],
  ])('status %i, its body, and four headers at most', async (status, body, headers) => {
    const more = { ...json, 'set-cookie': 'a=b', 'x-trace-id': '1', 'clear-site-data': '"*"' };
    const answer = () => new Response(body || null, { status, headers: { ...more, ...headers } });
    const { ask } = make({ regions: ['us'], answer });
    const got = await ask(READINGS);
    expect([got.status, await got.text(), codeOf(got)]).toEqual([status, body, null]);
    const names = ['content-type', 'retry-after', 'date', 'access-control-allow-origin'];
    expect(names.map((name) => got.headers.get(name))).toEqual([
      ...names.slice(0, 3).map((name) => ({ ...json, ...headers })[name as 'content-type'] ?? null),
      PAGE,
    ]);
    for (const name of ['set-cookie', 'location', 'x-trace-id', 'clear-site-data']) {
      expect([name, got.headers.get(name)]).toEqual([name, null]);
    }
    // Opened as a document, it can do nothing in the relay's origin.
    expect(got.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect(got.headers.get('cache-control')).toBe('no-store');
  });

  it('tells browsers that its pages may ask', async () => {
    const { ask, sent } = make({ regions: ['us'] });
    const { status, headers } = await ask(READINGS, { method: 'OPTIONS' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    expect(headers.get('access-control-allow-headers')).toBe('accept, content-type, user-agent');
    expect(headers.get('access-control-expose-headers')).toBe('retry-after, date, egvkit-relay');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toBe('origin');
    const both = await make({ nightscout: NIGHTSCOUT }).ask(ENTRIES, { method: 'OPTIONS' });
    expect(both.headers.get('access-control-allow-headers')).toContain('api-secret, authorization');
    expect(sent).toEqual([]);
  });

  it('says 502 with the code of a connection that failed, and none of the address', async () => {
    const { ask } = make({
      regions: ['us'],
      answer: () => {
        const cause = Object.assign(new Error(`secret ${PASSWORD}`), { code: 'ECONNREFUSED' });
        throw new TypeError(`fetch of ?sessionId=${PASSWORD} failed`, { cause });
      },
    });
    const answer = await ask(`${READINGS}?sessionId=${encodeURIComponent(PASSWORD)}`);
    expect([answer.status, codeOf(answer)]).toEqual([502, 'unreachable']);
    expect(await answer.text()).toBe(
      'The relay cannot reach the service. (ECONNREFUSED) Check the connection of the computer on which the relay runs.\n',
    );
  });
});

describe('limits', () => {
  const endless = (piece: string, everyMs = 0) =>
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        controller.enqueue(new TextEncoder().encode(piece));
      },
    });
  const stream = (body: ReadableStream) => ({ body, duplex: 'half', headers: json }) as RequestInit;

  it('takes a body of up to so many bytes, whatever is said of its length', async () => {
    const { ask, sent } = make({ regions: ['us'], maxRequestBytes: 100 });
    expect((await ask(READINGS, { body: 'x'.repeat(100), headers: json })).status).toBe(200);
    const long = [
      { body: 'x'.repeat(101), headers: json },
      { body: 'x', headers: { ...json, 'content-length': '101' } },
      stream(endless('x'.repeat(30))),
    ];
    for (const init of long) expect(codeOf(await ask(READINGS, init))).toBe('bodyTooLong');
    expect(sent).toHaveLength(1);
  });

  it('ends a request that is slow, or that never ends', async () => {
    const { ask, sent } = make({ regions: ['us'], timeoutMs: 50 });
    const never = new ReadableStream({ pull: () => new Promise(() => {}) });
    for (const body of [never, endless('x', 5)]) {
      const answer = await ask(READINGS, stream(body));
      expect([answer.status, codeOf(answer)]).toEqual([408, 'bodyTooSlow']);
    }
    expect(sent).toEqual([]);
  });

  it('gives back an answer of up to so many bytes', async () => {
    let length = 100;
    const answer = () => new Response(endless('x'.repeat(50)));
    const { ask } = make({
      regions: ['us'],
      maxReplyBytes: 100,
      answer: () => new Response('x'.repeat(length)),
    });
    expect((await ask(READINGS)).status).toBe(200);
    length = 101;
    expect(codeOf(await ask(READINGS))).toBe('replyTooLong');
    const unending = make({ regions: ['us'], maxReplyBytes: 100, answer });
    expect(codeOf(await unending.ask(READINGS))).toBe('replyTooLong');
  });

  it('ends an answer that is slow, or that never ends', async () => {
    const never = () => new ReadableStream({ pull: () => new Promise(() => {}) });
    for (const body of [never, () => endless('x', 5)]) {
      const { ask } = make({ regions: ['us'], timeoutMs: 50, answer: () => new Response(body()) });
      const answer = await ask(READINGS);
      expect([answer.status, codeOf(answer)]).toEqual([504, 'replyTooSlow']);
    }
  });

  it('gives up what the page no longer waits for', async () => {
    const { relay } = make({ regions: ['us'] });
    const left = new AbortController();
    let given: AbortSignal | null | undefined;
    const waiting = createRelay({
      pages: [PAGE],
      regions: ['us'],
      fetch: (_, { signal }) => {
        given = signal;
        left.abort();
        return new Promise((_, reject) => reject(signal?.reason));
      },
    });
    const init = { method: 'POST', headers: { origin: PAGE }, signal: left.signal };
    await waiting(new Request(`https://relay.example${READINGS}`, init));
    expect(given?.aborted).toBe(true);
    expect(relay).toBeTypeOf('function');
  });
});

describe('options', () => {
  const code = (options: RelayOptions): RelayErrorCode | undefined => {
    try {
      createRelay(options);
    } catch (error) {
      expect((error as RelayError).message).not.toContain('secret');
      expect((error as RelayError).help).not.toBe('');
      return (error as RelayError).code;
    }
    return undefined;
  };

  it.each([
    ...['http://share.example', 'https://ann:secret@share.example', 'https://share.example/path'],
    ...[
      'https://share.example?secret',
      'https://share.example#secret',
      'ftp://localhost',
      'secret',
    ],
    ...['', '*', 'null', 'http://x.localhost', 'http://localhost.secret', 'file:///secret'],
    ...['https://', '//share.example', 'javascript:secret', 'https://share.example//'],
  ])('refuse the address %j', (address) => {
    expect(code({ pages: [PAGE], shareOrigin: address })).toBe('badOrigin');
    expect(code({ pages: [PAGE], nightscout: address })).toBe('badOrigin');
    expect(code({ pages: [PAGE, address] })).toBe('badOrigin');
  });

  it.each(['https://share.example', 'https://share.example:8443/', 'http://localhost:1337'])(
    'take the address %j',
    (address) => {
      expect(code({ pages: [address], shareOrigin: address, nightscout: address })).toBeUndefined();
    },
  );

  it('refuse a relay for nobody, or to nowhere', () => {
    expect(code({ pages: [] })).toBe('noPages');
    expect(code({ pages: [PAGE], regions: [] })).toBe('noService');
  });

  it.each([
    { regions: ['eu' as 'us'] },
    { regions: ['__proto__' as 'us'] },
    { timeoutMs: 0 },
    { timeoutMs: 60 * 60_000 + 1 },
    { maxRequestBytes: 1.5 },
    { maxReplyBytes: Number.NaN },
  ])('refuse %j', (more) => {
    expect(() => createRelay({ pages: [PAGE], ...more })).toThrow(InputError);
  });
});

describe('a client in a page', () => {
  it('calls the service by its name, through the relay', async () => {
    const { relay, sent } = make();
    const via = relayFetch('https://relay.example/page', (url, init) =>
      relay(new Request(url, { ...init, headers: { origin: PAGE } })),
    );
    const answer = await via(`https://share.dexcom.jp${CLOCK}?x=1`, { method: 'GET' });
    expect(answer.status).toBe(200);
    expect(sent.map(({ url }) => url)).toEqual([`https://share.dexcom.jp${CLOCK}?x=1`]);
  });
});

describe('who may ask', () => {
  it.each([
    ['no page', {}],
    ['another page', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['an origin that begins alike', { origin: `${PAGE}.evil.example` }],
    ['another port', { origin: `${PAGE}:8443` }],
    ['another scheme', { origin: 'http://glucose.example' }],
    ['two origins', { origin: `${PAGE}, ${PAGE}` }],
    ['a page that is opened there', { origin: PAGE, 'sec-fetch-mode': 'navigate' }],
    ['the page of its own site, which is none', { 'sec-fetch-site': 'same-origin' }],
  ])('is not %s', async (_, headers) => {
    const { relay, sent } = make({ regions: ['us'] });
    for (const method of ['POST', 'OPTIONS']) {
      const answer = await relay(
        new Request(`https://relay.example${READINGS}`, {
          method,
          headers: headers as HeadersInit,
        }),
      );
      expect([answer.status, codeOf(answer)]).toEqual([403, 'unknownPage']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(sent).toEqual([]);
  });

  it('is a page at the address of the relay, which browsers let read without an origin', async () => {
    const { relay, sent } = make({ regions: ['us'] });
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect((await relay(new Request(PAGE + CLOCK, { headers }))).status).toBe(200);
    expect(sent).toHaveLength(1);
  });
});

describe('paths that only look like a call', () => {
  const host = 'share2.dexcom.com';
  const changes: readonly ((path: string) => string)[] = [
    ...['%2f', '%5c', '//', '/%20', '/x/', '/%2e%2e%2f', '%2f..%2f'].flatMap((by) =>
      [1, 2, 3, 4].map((nth) => (path: string) => {
        let at = 0;
        return path.replace(/\//g, (is) =>
          ++at === nth ? by.replace(/^(?!\/)/, at === 1 ? '/' : '') : is,
        );
      }),
    ),
    (path) => `/${host}:443${path}`,
    (path) => `/ann@${host}${path}`,
    (path) => `/${host}.evil.example${path}`,
    (path) => `/${host.toUpperCase()}${path}`,
    (path) => `/evil.example/${host}${path}`,
    (path) => `/${host}/${host}${path}`,
    (path) => `/https://${host}${path}`,
    (path) => path.toLowerCase(),
    (path) => path.toUpperCase(),
    (path) => `${path}/`,
    (path) => `${path}%00`,
    (path) => `${path};x`,
    (path) => `${path}/x/..`,
    (path) => path.replace('S', '%53'),
    (path) => path.replace('e', '%2565'),
  ];

  it('are not passed on', async () => {
    const { ask, sent } = make({ regions: ['us'], nightscout: NIGHTSCOUT });
    const got: unknown[] = [];
    for (const path of [READINGS, ENTRIES, `/${host}${READINGS}`]) {
      expect((await ask(path)).status).toBe(200);
      for (const change of changes) {
        if (change(path) === path) continue;
        got.push([change(path), codeOf(await ask(change(path)))]);
      }
    }
    expect(sent).toHaveLength(3);
    expect(got.length).toBeGreaterThan(100);
    expect(got.filter((line) => (line as string[])[1] !== 'unknownCall')).toEqual([]);
  });
});
