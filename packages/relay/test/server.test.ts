import { rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REFUSAL_HEADER } from '../src/index.ts';
import { type Access, type RelayServerOptions, serveRelay } from '../src/node/index.ts';
import { CERTIFICATE, KEY } from './localhost-certificate.ts';
import {
  bytesOf,
  CLOCK,
  cookieOf,
  ENTRIES,
  openService,
  PASSWORD,
  pageFolder,
  READINGS,
  raw,
} from './support.ts';

const FILES = {
  'index.html': '<!doctype html><title>Page</title>',
  'app.js': 'export {};',
  'assets/a b.css': 'p {}',
  'assets/ü.svg': '<svg/>',
  'sub/index.html': '<!doctype html><title>Sub</title>',
  'data.webmanifest': '{}',
  noext: 'x',
  '.env': 'secret',
  '.git/config': 'secret',
};

async function served(options: Partial<RelayServerOptions> = {}) {
  const folder = await pageFolder(FILES);
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const server = await serveRelay({ folder: folder.path, regions: ['us'], ...options });
  onTestFinished(() => server.close());
  return { server, folder: folder.path, origin: server.origin };
}

/** Asks as the served page does. */
async function pageOf(origin: string) {
  const cookie = await cookieOf(origin);
  return (path: string, init: RequestInit = {}) =>
    fetch(origin + path, {
      method: 'POST',
      redirect: 'manual',
      ...init,
      headers: { origin, 'sec-fetch-site': 'same-origin', cookie, ...init.headers },
    });
}

describe('who may ask', () => {
  it.each([
    ['a page of another origin', { origin: 'https://elsewhere.example' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a call that is opened as a page', { 'sec-fetch-mode': 'navigate' }],
  ])('is not %s: it is told to open the page of the server', async (_, headers) => {
    const { origin } = await served();
    const { status, text } = await raw(
      Number(new URL(origin).port),
      bytesOf({
        method: 'GET',
        target: CLOCK,
        version: 'HTTP/1.1',
        headers: [
          `Host: ${new URL(origin).host}`,
          'Connection: close',
          ...Object.entries({
            'sec-fetch-site': 'same-origin',
            cookie: await cookieOf(origin),
            ...headers,
          }).map(([name, value]) => `${name}: ${value}`),
        ],
        body: '',
        eol: '\r\n',
      }),
    );
    expect(status).toBe(403);
    expect(text).toMatch(/address that the server printed/);
    expect(text).not.toMatch(/list of pages/);
  });
});

describe('the page', () => {
  it('has the files that its caller makes, in place of those of the folder', async () => {
    const files = { 'services.json': '{"services":[]}', 'data.webmanifest': '{"name":"made"}' };
    const accesses: Access[] = [];
    const { origin } = await served({ files, onAccess: (one) => void accesses.push(one) });
    for (const [name, text] of Object.entries(files)) {
      const answer = await fetch(`${origin}/${name}`);
      expect([answer.status, await answer.text()]).toEqual([200, text]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await fetch(`${origin}/services.json`)).headers.get('content-type')).toBe(
      'application/json',
    );
    expect((await fetch(`${origin}/services`)).status).toBe(404);
    expect(accesses[0]?.path).toBe('/services.json');
  });

  it.each([
    ['/', FILES['index.html'], 'text/html; charset=utf-8'],
    ['/index.html', FILES['index.html'], 'text/html; charset=utf-8'],
    ['/?from=bookmark', FILES['index.html'], 'text/html; charset=utf-8'],
    ['/app.js', FILES['app.js'], 'text/javascript; charset=utf-8'],
    ['/assets/a%20b.css', FILES['assets/a b.css'], 'text/css; charset=utf-8'],
    ['/assets/%C3%BC.svg', FILES['assets/ü.svg'], 'image/svg+xml'],
    ['/sub/', FILES['sub/index.html'], 'text/html; charset=utf-8'],
    ['/data.webmanifest', '{}', 'application/manifest+json'],
    ['/noext', 'x', 'application/octet-stream'],
  ])('has %s', async (path, text, type) => {
    const { origin } = await served();
    const answer = await fetch(origin + path);
    expect([answer.status, await answer.text()]).toEqual([200, text]);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const head = await fetch(origin + path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
  });

  it('comes with a token that no script can read and no other site sends, new in each run', async () => {
    const [one, other] = [await served(), await served()];
    const cookies = await Promise.all(
      [one, other].map(async ({ origin }) => (await fetch(origin)).headers.get('set-cookie') ?? ''),
    );
    for (const [at, { server }] of [one, other].entries()) {
      expect(cookies[at]).toMatch(
        new RegExp(`^egvkit-relay-${server.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
      );
    }
    const tokens = cookies.map((cookie) => /=([\w-]+)/.exec(cookie)?.[1]);
    expect(new Set(tokens).size).toBe(2);
    expect((await fetch(`${one.origin}/app.js`)).headers.get('set-cookie')).toBeNull();
  });

  it('takes the headers that it is told', async () => {
    const csp = "default-src 'none'; script-src 'self'";
    const { origin } = await served({
      headers: { 'Content-Security-Policy': csp, 'Permissions-Policy': 'usb=(self)' },
    });
    const { headers } = await fetch(origin);
    expect(headers.get('content-security-policy')).toBe(csp);
    expect(headers.get('permissions-policy')).toBe('usb=(self)');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it.each([
    ...[
      '/.env',
      '/.git/config',
      '/%2eenv',
      '/missing',
      '/sub',
      '/noext/',
      '/link',
      '/folder/passwd',
    ],
    ...[
      '/../passwd',
      '/%2e%2e/passwd',
      '/..%2fpasswd',
      '/sub/..%2findex.html',
      '/sub%2findex.html',
    ],
    ...[
      '/sub%5cindex.html',
      '/sub/..%5c..%5cpasswd',
      '//etc/passwd',
      '/index.html%00',
      '/%',
      '/%ff',
    ],
    ...[
      '/index.html/',
      '/index.html/.',
      '/./index.html',
      '/INDEX.HTML',
      '/C:/passwd',
      '/index.html::$DATA',
    ],
    ...[
      '/sub/../index.html',
      '/%2fetc%2fpasswd',
      '/~/passwd',
      '/file:/etc/passwd',
      '/....//passwd',
    ],
  ])('has no %s', async (path) => {
    const { server, folder } = await served();
    await symlink('/etc/passwd', join(folder, 'link'));
    await symlink('/etc', join(folder, 'folder'));
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`;
    const { status, text } = await raw(server.port, request);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/secret|root:|<title>/);
  });

  it('has no link that was there at the start, or that a file has become', async () => {
    const folder = await pageFolder(FILES);
    onTestFinished(() => folder[Symbol.asyncDispose]());
    await symlink('/etc/passwd', join(folder.path, 'link'));
    await symlink('/etc', join(folder.path, 'folder'));
    await using server = await serveRelay({ folder: folder.path });
    await rm(join(folder.path, 'app.js'));
    await symlink('/etc/passwd', join(folder.path, 'app.js'));
    for (const path of ['/link', '/folder/passwd', '/app.js']) {
      expect([path, (await fetch(server.origin + path)).status]).toEqual([path, 404]);
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('is only read, not %s', async (method) => {
    const { origin } = await served();
    expect((await fetch(origin, { method })).status).toBe(405);
  });
});

describe('the relay beside it', () => {
  it('passes on what the page asks, by both of its names', async () => {
    await using share = await openService();
    const { server } = await served({ shareOrigin: share.origin });
    for (const host of ['127.0.0.1', 'localhost']) {
      const ask = await pageOf(`http://${host}:${server.port}`);
      const body = JSON.stringify({ password: PASSWORD });
      const headers = { 'content-type': 'application/json', 'api-secret': 'a'.repeat(40) };
      const answer = await ask(`/${share.host}${READINGS}?sessionId=1`, { body, headers });
      expect([answer.status, await answer.text()]).toEqual([200, '[]']);
      expect(share.arrived.at(-1)).toMatchObject({
        method: 'POST',
        url: `${READINGS}?sessionId=1`,
        body,
      });
      const { headers: sent } = share.arrived.at(-1)!;
      expect(Object.keys(sent).sort()).toEqual([
        'accept',
        'accept-encoding',
        'accept-language',
        'connection',
        'content-length',
        'content-type',
        'host',
        'sec-fetch-mode',
        'user-agent',
      ]);
      expect(sent.host).toBe(share.host);
    }
  });

  it('passes on to Nightscout, with its secret', async () => {
    await using nightscout = await openService();
    const { origin } = await served({ nightscout: nightscout.origin });
    const ask = await pageOf(origin);
    const headers = { 'content-type': 'application/json', 'api-secret': 'a'.repeat(40) };
    expect((await ask(ENTRIES, { body: '[]', headers })).status).toBe(200);
    expect((await ask(`${ENTRIES}?count=1`, { method: 'GET', headers })).status).toBe(200);
    expect(nightscout.arrived).toMatchObject([
      { method: 'POST', url: ENTRIES, body: '[]', headers: { 'api-secret': 'a'.repeat(40) } },
      { method: 'GET', url: `${ENTRIES}?count=1` },
    ]);
  });

  it("does not pass its own clock for the service's", async () => {
    const date = 'Sun, 01 Mar 2026 12:00:00 GMT';
    await using share = await openService((incoming, outgoing) => {
      outgoing.sendDate = false;
      if (incoming.url?.endsWith('?dated')) outgoing.setHeader('date', date);
      outgoing.end('[]');
    });
    const ask = await pageOf((await served({ regions: [], shareOrigin: share.origin })).origin);
    expect((await ask(`${READINGS}?dated`)).headers.get('date')).toBe(date);
    expect((await ask(READINGS)).headers.get('date')).toBeNull();
  });

  it.each([
    ['nothing', '', undefined, []],
    ['half a request', 'GET / HTTP/1.1\r\nHost: ', 408, [408]],
    ['no request', 'nonsense\r\n\r\n', 400, [400]],
  ])('ends a connection with %s on it, answering only what was asked', async (_, sent, ...said) => {
    const [status, told] = said;
    const accesses: Access[] = [];
    const onAccess = (access: Access) => void accesses.push(access);
    const { server } = await served({ timeoutMs: 100, onAccess });
    // Ended by the server alone.
    expect((await raw(server.port, sent, () => {})).status).toBe(status);
    expect(accesses.map((access) => access.status)).toEqual(told);
  });

  it('tells method, path, status and time of each request, and nothing else', async () => {
    await using share = await openService();
    const told: Access[] = [];
    const { origin } = await served({
      regions: [],
      shareOrigin: share.origin,
      nightscout: share.origin,
      onAccess: (access) => told.push(access),
    });
    const ask = await pageOf(origin);
    await ask(`${READINGS}?sessionId=${encodeURIComponent(PASSWORD)}`, {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    await ask('/api/v2/authorization/request/secret-0123456789abcdef', { method: 'GET' });
    await ask('/api/v2/authorization/requests/secret', { method: 'GET' });
    await ask('/app.js?secret', { method: 'GET' });
    await ask('/apiv2/authorization/request/secret', { method: 'GET' });
    expect(told.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/', 200],
      ['POST', READINGS, 200],
      ['GET', '/api/v2/authorization/request/…', 200],
      ['GET', '/api/…', 404],
      ['GET', '/app.js', 200],
      ['GET', '', 404],
    ]);
    expect(Object.keys(told[0]!).sort()).toEqual(['atMs', 'method', 'path', 'status', 'tookMs']);
    expect(Math.abs(told[0]!.atMs - Date.now())).toBeLessThan(60_000);
    expect(told.every(({ tookMs }) => tookMs >= 0 && tookMs < 60_000)).toBe(true);
  });

  it('trusts no certificate that nobody has signed, and says so', async () => {
    let requests = 0;
    const tls = createTlsServer({ key: KEY, cert: CERTIFICATE }, (_, outgoing) => {
      requests++;
      outgoing.end('[]');
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void tls.close());
    const { port } = tls.address() as AddressInfo;
    const ask = await pageOf(
      (await served({ regions: [], shareOrigin: `https://localhost:${port}` })).origin,
    );
    const answer = await ask(READINGS, {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.headers.get(REFUSAL_HEADER)]).toEqual([502, 'unreachable']);
    expect(await answer.text()).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(requests).toBe(0);
  });

  it('does not start where certificates are not looked at', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await expect(serveRelay({ folder: '.' })).rejects.toMatchObject({ code: 'tlsUnverified' });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});

describe('starting and closing', () => {
  it('says which port is taken, which folder is no page, which header cannot be sent', async () => {
    const { server, folder } = await served();
    const start = (options: Partial<RelayServerOptions>) => serveRelay({ folder, ...options });
    await expect(start({ port: server.port })).rejects.toMatchObject({
      code: 'portTaken',
      message: `Port ${server.port} of this computer is in use.`,
      retryable: true,
    });
    for (const port of [65536, -1, 1.5, Number.NaN]) {
      await expect(start({ port })).rejects.toMatchObject({ code: 'outOfRange' });
    }
    await expect(start({ folder: join(folder, 'none') })).rejects.toThrow('ENOENT');
    await expect(start({ folder: join(folder, 'app.js') })).rejects.toThrow('ENOTDIR');
    await expect(start({ folder: join(folder, 'assets') })).rejects.toMatchObject({
      code: 'noIndexPage',
    });
    for (const headers of [{ 'a b': 'x' }, { a: 'x\r\ny' }, { a: 'x\0' }]) {
      await expect(start({ headers })).rejects.toMatchObject({ code: 'badHeader' });
    }
    const headers = { 'Set-Cookie': 'a=b' };
    await expect(start({ headers })).rejects.toMatchObject({ code: 'reservedHeader' });
  });

  it('listens on loopback only', async () => {
    const { server, origin } = await served();
    expect(origin).toBe(`http://127.0.0.1:${server.port}`);
  });

  it('ends all connections, and gives up the call that is under way', async () => {
    let gone: Promise<unknown> = Promise.resolve();
    const arrived = Promise.withResolvers<void>();
    await using share = await openService((incoming) => {
      gone = new Promise((resolve) => incoming.socket.once('close', resolve));
      arrived.resolve();
    });
    const { server, origin } = await served({ regions: [], shareOrigin: share.origin });
    const ask = await pageOf(origin);
    const waiting = ask(READINGS).catch(() => 'ended');
    await arrived.promise;
    await server.close();
    await server.close();
    expect(await waiting).toBe('ended');
    await gone;
    await expect(fetch(origin)).rejects.toThrow();
  });

  it('serves what was built before the start', async () => {
    const { folder, origin } = await served();
    await writeFile(join(folder, 'later.js'), 'x');
    expect((await fetch(`${origin}/later.js`)).status).toBe(404);
  });
});
