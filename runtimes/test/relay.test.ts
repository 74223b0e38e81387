import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { REGIONS } from '@egvkit/protocol/share';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mayBeMissing } from './binaries.ts';
import { type Listening, listen } from './listen.ts';
import { HERE, type Served } from './programs.ts';
import { RELAY, RELAY_HOSTS } from './relays.ts';

const LIMIT_MS = 30_000;
const PAGE = 'https://glucose.example';
const CALLS = '/ShareWebServices/Services/';
const SECRET = 'correct horse battery';

interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the service answers on the path that ends like this. */
const ANSWERS: Readonly<Record<string, readonly [status: number, headers: object, body: string]>> =
  {
    readings: [200, { 'content-type': 'application/json', 'set-cookie': 'a=b' }, '[{"ST":1}]'],
    nothing: [204, {}, ''],
    elsewhere: [307, { location: '/ShareWebServices/Services/readings' }, ''],
    refusal: [500, { 'content-type': 'application/json' }, '{"Code":"SessionIdNotFound"}'],
    crowd: [429, { 'content-type': 'text/html', 'retry-after': '7' }, '<h1>429</h1>'],
  };

async function openService(arrived: Arrived[]): Promise<Listening> {
  return listen(async (incoming, response) => {
    const { method, url = '', headers } = incoming;
    const body = (await incoming.toArray()).join('');
    arrived.push({ method, url, headers, body });
    const word = /(\w+)(?:\?.*)?$/.exec(url)?.[1] ?? '';
    const answer = ANSWERS[word];
    if (answer === undefined) incoming.socket.destroy();
    else response.writeHead(answer[0], { ...answer[1] }).end(answer[2]);
  });
}

const allowed = (headers: Headers) => headers.get('access-control-allow-origin');

/** The status of a request whose path goes out as it is given, which `fetch` would tidy up. */
async function statusOf(origin: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(origin);
  const headers = { origin: PAGE, 'content-length': 0 };
  const sent = request({ hostname, port, path, method: 'POST', headers }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  return answer.statusCode;
}

for (const { name, binary, start } of RELAY_HOSTS) {
  const isLeftOut = binary === undefined && mayBeMissing;
  const missing = `npm has no ${name} for this platform`;
  describe.skipIf(isLeftOut)(isLeftOut ? `${name}, left out: ${missing}` : name, () => {
    const arrived: Arrived[] = [];
    let service: Listening;
    let relay: Served;

    beforeAll(async () => {
      if (binary === undefined) throw new Error(missing);
      service = await openService(arrived);
      relay = await start({ upstream: service.origin, pages: ['https://other.example', PAGE] });
    }, LIMIT_MS);
    beforeEach(() => {
      arrived.length = 0;
    });
    afterAll(async () => {
      await relay?.[Symbol.asyncDispose]();
      await service?.[Symbol.asyncDispose]();
    });

    const send = (path: string, init: RequestInit = {}) =>
      fetch(relay.origin + path, {
        method: 'POST',
        redirect: 'manual',
        ...init,
        headers: { origin: PAGE, ...init.headers },
      });

    it('passes a call on as it is, without what belongs to the page', async () => {
      const body = JSON.stringify({ password: SECRET, name: 'Ü' });
      const headers = {
        accept: 'application/json',
        'content-type': 'application/json',
        cookie: 'a=b',
        authorization: 'Basic abc',
      };
      const answer = await send(`${CALLS}General/readings?sessionId=1&x=%20`, { body, headers });
      expect(await answer.text()).toBe('[{"ST":1}]');
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(allowed(answer.headers)).toBe(PAGE);
      expect(arrived).toHaveLength(1);
      const { cookie, authorization, origin, referer, ...kept } = arrived[0]!.headers;
      expect([cookie, authorization, origin, referer]).toEqual(Array(4).fill(undefined));
      expect(kept).toMatchObject({
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'egvkit-relay',
      });
      const url = `${CALLS}General/readings?sessionId=1&x=%20`;
      expect(arrived[0]).toMatchObject({ method: 'POST', url, body });
    });

    it('passes on a call that has no body', async () => {
      expect((await send(`${CALLS}readings`)).status).toBe(200);
      expect((await send(`${CALLS}readings`, { method: 'GET' })).status).toBe(200);
      expect(arrived.map(({ method, body }) => [method, body])).toEqual([
        ['POST', ''],
        ['GET', ''],
      ]);
    });

    it.each(Object.entries(ANSWERS))('gives the answer as it is: %s', async (word, expected) => {
      const [status, headers, body] = expected as readonly [number, Record<string, string>, string];
      const answer = await send(CALLS + word);
      expect(answer.status).toBe(status);
      expect(await answer.text()).toBe(body);
      expect(answer.headers.get('retry-after')).toBe(headers['retry-after'] ?? null);
      expect(answer.headers.get('location')).toBeNull();
      expect(allowed(answer.headers)).toBe(PAGE);
      expect(answer.headers.get('access-control-expose-headers')).toBe('retry-after');
      expect(arrived).toHaveLength(1);
    });

    it('tells browsers that its pages may ask', async () => {
      const headers = {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,user-agent',
      };
      const { status, headers: told } = await send(`${CALLS}x`, { method: 'OPTIONS', headers });
      expect([status, allowed(told)]).toEqual([204, PAGE]);
      expect(told.get('access-control-allow-headers')).toBe('accept, content-type, user-agent');
      expect(told.get('vary')).toBe('origin');
      expect(arrived).toEqual([]);
    });

    it.each([
      ['the page of another', `${CALLS}readings`, { headers: { origin: 'https://evil.example' } }],
      ['a page of no origin', `${CALLS}readings`, { headers: { origin: 'null' } }],
      ['an origin that begins alike', `${CALLS}readings`, { headers: { origin: `${PAGE}.evil` } }],
      ['the question of another', `${CALLS}x`, { method: 'OPTIONS', headers: { origin: 'null' } }],
      ['another path', '/readings', {}],
      ['another method', `${CALLS}readings`, { method: 'PUT', body: 'x' }],
    ])('refuses %s', async (_, path, init) => {
      const answer = await send(path, init);
      expect([answer.status, await answer.text(), allowed(answer.headers)]).toEqual([
        403,
        '',
        null,
      ]);
      expect(arrived).toEqual([]);
    });

    it.each(['../../readings', '%2e%2e/%2E%2e/readings', '..\\..\\readings'])(
      'refuses a way out of the path: %s',
      async (path) => {
        expect(await statusOf(relay.origin, CALLS + path)).toBe(403);
        expect(arrived).toEqual([]);
      },
    );

    it('refuses who is no page', async () => {
      const { status } = await fetch(`${relay.origin}${CALLS}readings`, { method: 'POST' });
      expect([status, arrived]).toEqual([403, []]);
    });

    it('refuses a body that is too long', async () => {
      const { status } = await send(`${CALLS}readings`, { body: 'x'.repeat(1024 * 1024 + 1) });
      expect([status, arrived]).toEqual([413, []]);
      await send(`${CALLS}readings`, { body: 'x'.repeat(1024 * 1024) });
      expect(arrived[0]?.body).toHaveLength(1024 * 1024);
    });

    it('says 502 if the service does not answer', async () => {
      const answer = await send(`${CALLS}broken`);
      expect([answer.status, await answer.text(), allowed(answer.headers)]).toEqual([
        502,
        '',
        PAGE,
      ]);
    });

    it('prints nothing of what goes through it', async () => {
      const before = relay.printed();
      await send(`${CALLS}readings?sessionId=${encodeURIComponent(SECRET)}`, { body: SECRET });
      await send(`${CALLS}broken?sessionId=${encodeURIComponent(SECRET)}`, { body: SECRET });
      await send(`/elsewhere/${encodeURIComponent(SECRET)}`);
      expect(relay.printed()).toBe(before);
    });
  });
}

describe('the recipe in docs/browsers.md', () => {
  it('is the file that is tested', async () => {
    const docs = await readFile(join(HERE, '../docs/browsers.md'), 'utf8');
    expect(docs).toContain(`\`\`\`ts\n${await readFile(RELAY, 'utf8')}\`\`\``);
  });

  it('passes on to a service that there is, without anything that needs to be installed', async () => {
    const relay = await readFile(RELAY, 'utf8');
    expect(relay).toContain(`= 'https://${REGIONS.us.host}'`);
    expect(relay).not.toMatch(/\bimport\b|\brequire\b/);
    expect(relay.trimEnd().split('\n').length).toBeLessThan(50);
  });
});
