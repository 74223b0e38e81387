import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { REFUSAL_HEADER } from '../src/index.ts';
import { type Access, serveRelay } from '../src/node/index.ts';
import { rightRequest, type Scene } from './attacks/change.ts';
import {
  bytesOf,
  cookieOf,
  openService,
  pageFolder,
  READINGS,
  raw,
  withHeader,
} from './support.ts';

/** A thousand times as long once it is unpacked. */
const BOMB = gzipSync('x'.repeat(10_000_000));

const LIMITS = { maxRequestBytes: 100_000, maxReplyBytes: 100_000 };

async function between(answer: RequestListener, more: object = {}) {
  await using stack = new AsyncDisposableStack();
  const share = stack.use(await openService(answer));
  const folder = stack.use(await pageFolder());
  const options = { folder: folder.path, shareOrigin: share.origin, ...LIMITS, ...more };
  const server = stack.use(await serveRelay(options));
  const { origin, port } = server;
  const cookie = await cookieOf(origin);
  const ask = () =>
    fetch(origin + READINGS, {
      method: 'POST',
      body: '{"password":"correct horse battery"}',
      redirect: 'manual',
      headers: {
        origin,
        'sec-fetch-site': 'same-origin',
        cookie,
        'content-type': 'application/json',
      },
    });
  const scene: Scene = { port, cookie, otherCookie: '', elsewhere: '', maxRequestBytes: 0 };
  const right = rightRequest(scene, 'POST', READINGS);
  const resources = stack.move();
  return { ask, share, port, right, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Writes for ever, as fast as the other side reads or one piece now and then. */
function pour(outgoing: ServerResponse, piece: string, everyMs?: number): void {
  const timer =
    everyMs === undefined ? undefined : setInterval(() => outgoing.write(piece), everyMs);
  outgoing.once('close', () => clearInterval(timer));
  if (everyMs !== undefined) return;
  const more = () => {
    while (!outgoing.destroyed && outgoing.write(piece));
  };
  outgoing.on('drain', more);
  more();
}

describe.concurrent('a service that misbehaves', () => {
  const elsewheres = (host: string): string[] => [
    `http://${host}/`,
    `http://${host}${READINGS}`,
    `//${host}/`,
    `http://ann:secret@${host}/`,
    READINGS,
    'https://share2.dexcom.com/',
    'javascript:alert(1)',
    '',
  ];

  it.each([301, 302, 303, 307, 308])('redirects with %i, and is not followed', async (status) => {
    await using elsewhere = await openService();
    const places = elsewheres(elsewhere.host);
    let location = '';
    await using scene = await between((_, outgoing) => {
      outgoing
        .writeHead(status, { location, refresh: `0; url=${location}`, link: `<${location}>` })
        .end('moved');
    });
    for (location of places) {
      const answer = await scene.ask();
      expect([answer.status, await answer.text()]).toEqual([status, 'moved']);
      for (const name of ['location', 'refresh', 'link'])
        expect(answer.headers.get(name)).toBeNull();
    }
    expect(scene.share.arrived).toHaveLength(places.length);
    expect(elsewhere.arrived).toEqual([]);
  });

  it('sets cookies and other headers, which stay behind', async () => {
    await using scene = await between((_, outgoing) => {
      outgoing.writeHead(200, {
        'set-cookie': ['a=b', 'c=d'],
        'content-security-policy': "script-src 'unsafe-inline'",
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': 'true',
        'service-worker-allowed': '/',
        'strict-transport-security': 'max-age=1',
        'content-type': 'text/html',
      });
      outgoing.end('<script>alert(1)</script>');
    });
    const { headers } = await scene.ask();
    await scene.ask();
    const names = [
      'set-cookie',
      'access-control-allow-credentials',
      'service-worker-allowed',
      'strict-transport-security',
    ];
    expect(names.map((name) => headers.get(name))).toEqual([null, null, null, null]);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('access-control-allow-origin')).not.toBe('*');
    expect(scene.share.arrived.map(({ headers: { cookie } }) => cookie)).toEqual([
      undefined,
      undefined,
    ]);
  });

  const json = { 'content-type': 'application/json' };
  it.each<[string, string, number, RequestListener]>([
    [
      'never ends',
      'replyTooLong',
      502,
      (_, outgoing) => pour(outgoing.writeHead(200, json), 'x'.repeat(10_000)),
    ],
    [
      'says it is long',
      'replyTooLong',
      502,
      (_, outgoing) => outgoing.writeHead(200, json).end('x'.repeat(100_001)),
    ],
    [
      'unpacks to more',
      'replyTooLong',
      502,
      (_, outgoing) => outgoing.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(BOMB),
    ],
    ['says nothing', 'replyTooSlow', 504, () => {}],
    [
      'stops in the middle',
      'replyTooSlow',
      504,
      (_, outgoing) => void outgoing.writeHead(200, json).write('['),
    ],
    [
      'trickles',
      'replyTooSlow',
      504,
      (_, outgoing) => pour(outgoing.writeHead(200, json), ' ', 20),
    ],
    [
      'trickles headers',
      'replyTooSlow',
      504,
      ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nX-A: '),
    ],
    ['hangs up', 'unreachable', 502, ({ socket }) => socket.destroy()],
    [
      'hangs up in the middle',
      'badReply',
      502,
      ({ socket }, outgoing) => {
        outgoing.writeHead(200, { 'content-length': 100 }).write('[');
        setTimeout(() => socket.destroy(), 50);
      },
    ],
    [
      'speaks another language',
      'unreachable',
      502,
      ({ socket }) => void socket.end('220 smtp.example ESMTP\r\n'),
    ],
    [
      'has a status that is none',
      'unreachable',
      502,
      ({ socket }) => void socket.end('HTTP/1.1 999999 X\r\n\r\n'),
    ],
    [
      'has headers without end',
      'unreachable',
      502,
      (incoming) =>
        void incoming.socket.write(
          `HTTP/1.1 200 OK\r\n${'X-A: bbbbbbbbbbbbbbbb\r\n'.repeat(5000)}`,
        ),
    ],
  ])('%s: %s', async (_, code, status, answer) => {
    await using scene = await between(answer, code === 'replyTooSlow' ? { timeoutMs: 300 } : {});
    const got = await scene.ask();
    expect([got.status, got.headers.get(REFUSAL_HEADER)]).toEqual([status, code]);
  });
});

describe.concurrent('a page that misbehaves', () => {
  /** Goes on writing, a piece now and then or as fast as it is taken. */
  const writing = (piece: string, everyMs: number) => (socket: Socket) => {
    const timer = setInterval(() => socket.writable && socket.write(piece), everyMs);
    socket.once('close', () => clearInterval(timer));
  };

  it.each([
    ['a body that trickles', 'x', 20, /^HTTP\/1\.1 408/],
    ['a body that stops', '', 1000, /^HTTP\/1\.1 408/],
    ['a body that never ends', 'x'.repeat(50_000), 1, /^HTTP\/1\.1 4(?:08|13)/],
  ])('%s', async (_, piece, everyMs, expected) => {
    await using scene = await between((_, outgoing) => outgoing.end('[]'), {
      timeoutMs: 300,
    });
    const length = piece.length > 1 ? '1000000000' : '50000';
    const request = { ...withHeader(scene.right, 'Content-Length', length), body: '{' };
    const { text } = await raw(scene.port, bytesOf(request), writing(piece, everyMs));
    expect(text).toMatch(expected);
    expect(scene.share.arrived).toEqual([]);
  });

  it.each([
    ['headers that trickle', (bytes: string) => bytes.slice(0, 60), 'a', 20],
    ['headers that stop', (bytes: string) => bytes.slice(0, 60), '', 1000],
    ['a request line that stops', (bytes: string) => bytes.slice(0, 10), '', 1000],
    ['nothing at all', () => '', '', 1000],
  ])('%s', async (_, cut, piece, everyMs) => {
    await using scene = await between((_, outgoing) => outgoing.end('[]'), {
      timeoutMs: 300,
    });
    const { text } = await raw(scene.port, cut(bytesOf(scene.right)), writing(piece, everyMs));
    expect(text).toMatch(/^(?:HTTP\/1\.1 4|$)/);
    expect(scene.share.arrived).toEqual([]);
  });

  it('does not take its answer, and loses the connection', async () => {
    const ended = Promise.withResolvers<Access>();
    await using scene = await between((_, outgoing) => outgoing.end('x'.repeat(12_000_000)), {
      timeoutMs: 1500,
      maxReplyBytes: 64_000_000,
      onAccess: (access: Access) => access.path === READINGS && ended.resolve(access),
    });
    const socket = connect(scene.port, '127.0.0.1');
    socket.pause().on('error', () => {});
    socket.write(bytesOf(scene.right));
    const { status, tookMs } = await ended.promise;
    socket.destroy();
    expect(status).toBe(200);
    expect(tookMs).toBeGreaterThan(1490);
  });
});
