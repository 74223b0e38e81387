import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { REGIONS } from '@egvkit/protocol/share';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mayBeMissing } from './binaries.ts';
import { type Listening, listen } from './listen.ts';
import { HERE, type Served, temporaryFolder } from './programs.ts';
import { PAGE_SERVER, RELAY, RELAY_HOSTS, servePage } from './relays.ts';

const LIMIT_MS = 30_000;
const PAGE = 'https://glucose.example';
const CALLS = '/ShareWebServices/Services/';
/** A call, whose query says what the service answers. */
const READ = `${CALLS}Publisher/ReadPublisherLatestGlucoseValues`;
const CLOCK = `${CALLS}General/SystemUtcTime`;
const SECRET = 'correct horse battery';
const JSON_TYPE = { 'content-type': 'application/json' };

interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers of the service to the query that begins like this. */
const ANSWERS: Readonly<Record<string, readonly [status: number, headers: object, body: string]>> =
  {
    readings: [200, { ...JSON_TYPE, 'set-cookie': 'a=b' }, '[{"ST":1}]'],
    nothing: [204, {}, ''],
    elsewhere: [307, { location: CLOCK }, ''],
    refusal: [500, JSON_TYPE, '{"Code":"SessionIdNotFound"}'],
    crowd: [429, { 'content-type': 'text/html', 'retry-after': '7' }, '<h1>429</h1>'],
  };

/** Writes for ever. */
function flood(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.on('drain', more);
  more();
}

async function openService(arrived: Arrived[]): Promise<Listening> {
  return listen(async (incoming, response) => {
    const { method, url = '', headers } = incoming;
    const body = (await incoming.toArray()).join('');
    arrived.push({ method, url, headers, body });
    const word = /\?(\w+)/.exec(url)?.[1] ?? 'readings';
    const answer = ANSWERS[word];
    if (word === 'flood') flood(response);
    else if (answer === undefined) incoming.socket.destroy();
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
      const headers = { ...JSON_TYPE, cookie: 'a=b', authorization: 'Basic abc' };
      const url = `${READ}?readings&sessionId=1&x=%20`;
      const read = await send(url, { body, headers });
      expect(await read.text()).toBe('[{"ST":1}]');
      expect(read.headers.get('content-type')).toBe('application/json');
      expect(read.headers.get('set-cookie')).toBeNull();
      expect(allowed(read.headers)).toBe(PAGE);
      expect(arrived).toHaveLength(1);
      const { cookie, authorization, origin, referer, ...kept } = arrived[0]!.headers;
      expect([cookie, authorization, origin, referer]).toEqual(Array(4).fill(undefined));
      expect(kept).toMatchObject({
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'egvkit-relay',
      });
      expect(arrived[0]).toMatchObject({ method: 'POST', url, body });
    });

    it('passes on a call that has no body', async () => {
      expect((await send(READ)).status).toBe(200);
      expect((await send(CLOCK, { method: 'GET' })).status).toBe(200);
      expect(arrived.map(({ method, body }) => [method, body])).toEqual([
        ['POST', ''],
        ['GET', ''],
      ]);
    });

    it.each(Object.entries(ANSWERS))('gives the answer as it is: %s', async (word, expected) => {
      const [status, headers, body] = expected as readonly [number, Record<string, string>, string];
      const answer = await send(`${READ}?${word}`);
      expect(answer.status).toBe(status);
      expect(await answer.text()).toBe(body);
      expect(answer.headers.get('retry-after')).toBe(headers['retry-after'] ?? null);
      expect(answer.headers.get('location')).toBeNull();
      expect(allowed(answer.headers)).toBe(PAGE);
      expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
      expect(arrived).toHaveLength(1);
    });

    it('tells browsers that its pages may ask', async () => {
      const headers = {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,user-agent',
      };
      const { status, headers: told } = await send(READ, { method: 'OPTIONS', headers });
      expect([status, allowed(told)]).toEqual([204, PAGE]);
      expect(told.get('access-control-allow-headers')).toBe('accept, content-type, user-agent');
      expect(told.get('vary')).toMatch(/origin/i);
      expect(arrived).toEqual([]);
    });

    it.each([
      ['the page of another', 403, READ, { headers: { origin: 'https://evil.example' } }],
      ['a page of no origin', 403, READ, { headers: { origin: 'null' } }],
      ['an origin that begins alike', 403, READ, { headers: { origin: `${PAGE}.evil` } }],
      ['the question of another', 403, READ, { method: 'OPTIONS', headers: { origin: 'null' } }],
    ])('refuses %s', async (_, status, path, init) => {
      const answer = await send(path, init);
      expect([answer.status, allowed(answer.headers), arrived]).toEqual([status, null, []]);
    });

    it.each([
      ['another path', 404, '/readings', {}],
      ['a call that there is not', 404, `${CALLS}Publisher/DeleteAccount`, {}],
      ['another host', 404, `/share2.dexcom.com${READ}`, {}],
      ['another case', 404, READ.toLowerCase(), {}],
      ['an encoded slash', 404, READ.replace('/Read', '%2fRead'), {}],
      ['another method', 405, READ, { method: 'PUT', body: 'x' }],
      ['the method of another call', 405, READ, { method: 'GET' }],
      ['what is not JSON', 415, READ, { body: 'x', headers: { 'content-type': 'text/plain' } }],
    ])('refuses %s', async (_, status, path, init) => {
      expect((await send(path, init)).status).toBe(status);
      expect(arrived).toEqual([]);
    });

    it.each(['../../readings', '%2e%2e/%2E%2e/readings', '..\\..\\readings'])(
      'refuses a way out of the path: %s',
      async (path) => {
        expect(await statusOf(relay.origin, CALLS + path)).toBe(404);
        expect(arrived).toEqual([]);
      },
    );

    it('refuses callers that are not a page', async () => {
      const { status } = await fetch(relay.origin + READ, { method: 'POST' });
      expect([status, arrived]).toEqual([403, []]);
    });

    it('refuses a body that is too long, also where its length is not said', async () => {
      const longest = 'x'.repeat(1024 * 1024);
      const inPieces = new Blob([longest, 'x']).stream();
      const streamed = { body: inPieces, duplex: 'half', headers: JSON_TYPE } as RequestInit;
      for (const init of [{ body: `${longest}x`, headers: JSON_TYPE }, streamed]) {
        expect([(await send(READ, init)).status, arrived]).toEqual([413, []]);
      }
      await send(READ, { body: longest, headers: JSON_TYPE });
      expect(arrived[0]?.body).toHaveLength(1024 * 1024);
    });

    it('gives up an answer without end', async () => {
      const answer = await send(`${READ}?flood`);
      expect([answer.status, answer.headers.get('egvkit-relay')]).toEqual([502, 'replyTooLong']);
    });

    it('says 502 if the service does not answer', async () => {
      const answer = await send(`${READ}?broken`);
      expect([answer.status, allowed(answer.headers)]).toEqual([502, PAGE]);
    });

    it('prints nothing of what goes through it', async () => {
      const before = relay.printed();
      const secret = encodeURIComponent(SECRET);
      await send(`${READ}?readings&sessionId=${secret}`, { body: SECRET, headers: JSON_TYPE });
      await send(`${READ}?broken&sessionId=${secret}`, { body: SECRET, headers: JSON_TYPE });
      await send(`/elsewhere/${secret}`);
      expect(relay.printed()).toBe(before);
    });
  });
}

describe('a page and its relay, served by Node.js', () => {
  it('passes on what the page asks, and prints nothing of it', async () => {
    const arrived: Arrived[] = [];
    await using service = await openService(arrived);
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'index.html'), '<!doctype html>');
    await using server = await servePage(folder.path, service.origin);
    const { origin } = server;
    const cookie = (await fetch(origin)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const before = server.printed();
    const body = JSON.stringify({ password: SECRET });
    const headers = { ...JSON_TYPE, origin, 'sec-fetch-site': 'same-origin' };
    const init = { method: 'POST', body, headers: { ...headers, cookie } };
    expect((await fetch(origin + READ, init)).status).toBe(200);
    expect((await fetch(origin + READ, { ...init, headers })).status).toBe(403);
    expect(arrived).toMatchObject([{ method: 'POST', url: READ, body }]);
    expect(server.printed()).toBe(before);
  });
});

describe('the recipes in docs/browsers.md', () => {
  it.each([RELAY, PAGE_SERVER])('are the files that are tested: %s', async (file) => {
    const [docs, recipe] = await Promise.all(
      [join(HERE, '../docs/browsers.md'), file].map((path) => readFile(path, 'utf8')),
    );
    expect(docs).toContain(`\`\`\`ts\n${recipe}\`\`\``);
    expect(recipe).toContain(`= 'https://${REGIONS.us.host}'`);
    expect(recipe?.trimEnd().split('\n').length).toBeLessThan(20);
  });
});
