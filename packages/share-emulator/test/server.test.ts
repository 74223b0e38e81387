import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ConnectionDropped,
  createShareService,
  type InjectedFailure,
  type RequestEvent,
} from '../src/index.ts';
import { serveShare } from '../src/node.ts';
import { ACCOUNT_ID, logIn, RECORDED_UTC_MS, SERIAL } from './wire.ts';

const UPLOAD = `{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"/Date(${RECORDED_UTC_MS})/","DT":"/Date(${RECORDED_UTC_MS})/","Value":97}],"TA":0}`;
const PATH = '/ShareWebServices/Services/Publisher/PostReceiverEgvRecords';

async function served() {
  const service = createShareService({
    now: () => RECORDED_UTC_MS,
    accounts: [
      {
        name: 'ann',
        password: 'pass word',
        accountId: ACCOUNT_ID,
        receiver: SERIAL,
        sharing: true,
      },
    ],
  });
  const session = await logIn(service);
  const server = await serveShare(service);
  onTestFinished(() => server.close());
  const post = () =>
    fetch(`${server.origin}${PATH}?sessionId=${session}`, { method: 'POST', body: UPLOAD });
  const stored = () => service.readings('ann').length;
  return { service, server, session, post, stored };
}

/**
 * Posts a body without an end; the status of the answer, or that the connection was closed. Not by
 * fetch: Node's goes on writing to a connection that is closed, and may never say so.
 */
function endless(url: string): Promise<number | 'closed'> {
  const chunk = new Uint8Array(256 * 1024).fill(0x20);
  return new Promise((resolve) => {
    const request = httpRequest(url, { method: 'POST' });
    const write = () => request.write(chunk, (error) => error ?? write());
    request.on('response', ({ statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode);
    });
    request.on('error', () => {}).on('close', () => resolve('closed'));
    write();
  });
}

describe('a service on a port', () => {
  it('answers on loopback at a free port', async () => {
    const { server } = await served();
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(
      `${server.origin}/ShareWebServices/Services/General/SystemUtcTime`,
    );
    expect(response.headers.get('content-type')).toMatch('application/json');
    expect(await response.json()).toEqual({
      DateTime: `/Date(${RECORDED_UTC_MS})/`,
      OffsetMinutes: 0,
    });
  });

  it('takes a body and answers an upload with nothing', async () => {
    const { post, stored } = await served();
    const response = await post();
    expect([
      response.status,
      response.headers.get('content-length'),
      await response.text(),
    ]).toEqual([200, '0', '']);
    expect(stored()).toBe(1);
  });

  it('says when its port is taken', async () => {
    const { server, service } = await served();
    const port = Number(new URL(server.origin).port);
    await expect(serveShare(service, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('is for this computer only, unless the caller says otherwise', async () => {
    const { service } = await served();
    await expect(serveShare(service, { hostname: '0.0.0.0' })).rejects.toThrow(/not this computer/);
    const open = await serveShare(service, { hostname: '0.0.0.0', allowOutside: true });
    expect(open.origin).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
    await open.close();
    const named = await serveShare(service, { hostname: 'localhost' });
    expect(named.origin).toMatch(/^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+$/);
    await named.close();
  });

  it('answers a body that is too long without reading all of it, said or not', async () => {
    const { server, stored } = await served();
    const said = await fetch(server.origin + PATH, {
      method: 'POST',
      body: ' '.repeat(1024 * 1024 + 1),
    });
    expect(said.status).toBe(413);
    // Endless: only an end from the other side ends it, before or after its answer has arrived.
    expect([413, 'closed']).toContain(await endless(server.origin + PATH));
    expect(stored()).toBe(0);
  });

  it('tells of what should not happen, and says 500', async () => {
    const errors: unknown[] = [];
    const { service } = await served();
    const server = await serveShare(service, { onError: (error) => errors.push(error) });
    onTestFinished(() => server.close());
    service.onRequest(() => {
      throw new Error('a defect');
    });
    const url = `${server.origin}/ShareWebServices/Services/General/SystemUtcTime`;
    expect((await fetch(url)).status).toBe(500);
    expect(errors).toEqual([new Error('a defect')]);
  });

  it('stops with everything that is under way, and stopping twice is fine', async () => {
    const { server, service, post } = await served();
    service.failNext({ kind: 'hang', when: 'before' });
    const waiting = post();
    const received = new Promise((resolve) => service.onRequest(resolve));
    await received;
    const lost = expect(waiting).rejects.toThrow();
    await server.close();
    await server.close();
    await lost;
    await expect(post()).rejects.toThrow();
  });
});

describe('what happens when', () => {
  it('is told in order: received, committed, answered', async () => {
    const { service, post, stored } = await served();
    const events: (RequestEvent & { stored: number })[] = [];
    const all = new Promise<void>((resolve) => {
      service.onRequest((event) => {
        events.push({ ...event, stored: stored() });
        if (event.phase === 'answered') resolve();
      });
    });
    await post();
    await all;
    const endpoint = 'PostReceiverEgvRecords';
    expect(events).toEqual([
      { phase: 'received', endpoint, request: 2, status: undefined, stored: 0 },
      { phase: 'committed', endpoint, request: 2, status: 200, stored: 1 },
      { phase: 'answered', endpoint, request: 2, status: 200, stored: 1 },
    ]);
  });

  it('waits for the listener, so that a client can be killed exactly then', async () => {
    const { server, service, session, stored } = await served();
    const port = Number(new URL(server.origin).port);
    const client = connect(port, '127.0.0.1');
    client.on('error', () => {});
    const gone = new Promise<void>((resolve) => {
      service.onRequest(async ({ phase }) => {
        if (phase !== 'received') return;
        client.destroy();
        await new Promise((closed) => client.once('close', closed));
        expect(stored()).toBe(0);
        resolve();
      });
    });
    const committed = new Promise<void>((resolve) => {
      service.onRequest(({ phase }) => {
        if (phase === 'committed') resolve();
      });
    });
    client.write(
      `POST ${PATH}?sessionId=${session} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${UPLOAD.length}\r\n\r\n${UPLOAD}`,
    );
    await gone;
    await committed;
    expect(stored()).toBe(1);
  });

  it('stops being told once the listener is removed', async () => {
    const { service, post } = await served();
    let heard = 0;
    const remove = service.onRequest(() => {
      heard++;
    });
    remove();
    await post();
    expect(heard).toBe(0);
  });
});

describe('failures', () => {
  it.each([
    ['a drop before', { kind: 'drop', when: 'before' }, 0],
    ['a drop after', { kind: 'drop', when: 'after' }, 1],
    ['a cut answer', { kind: 'truncate' }, 1],
  ] as [string, InjectedFailure, number][])(
    '%s it is carried out breaks the connection',
    async (_, failure, count) => {
      const { service, post, stored } = await served();
      service.failNext(failure);
      await expect(post().then((response) => response.text())).rejects.toThrow();
      expect(stored()).toBe(count);
      expect((await post()).status).toBe(count === 0 ? 200 : 500);
    },
  );

  it.each([
    [{ kind: 'html', status: 503 }, 503, 'text/html', 0],
    [{ kind: 'html', status: 502, when: 'after' }, 502, 'text/html', 1],
    [{ kind: 'body', status: 200, body: '{"a":' }, 200, 'application/json', 0],
    [{ kind: 'body', status: 500, body: '', when: 'after' }, 500, 'application/json', 1],
    [{ kind: 'fault', code: 'Unknown' }, 500, 'application/json', 0],
    [{ kind: 'latency', ms: 20 }, 200, 'application/json', 1],
  ] as [InjectedFailure, number, string, number][])(
    '%j answers so',
    async (failure, status, type, count) => {
      const { service, post, stored } = await served();
      service.failNext(failure);
      const response = await post();
      expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
      expect(stored()).toBe(count);
    },
  );

  it('cuts an answer in its middle', async () => {
    const { service, server, session } = await served();
    const url = `${server.origin}/ShareWebServices/Services/Publisher/IsRemoteMonitoringSessionActive?sessionId=${session}`;
    service.failNext({ kind: 'truncate' });
    const response = await fetch(url, { method: 'POST' });
    const first = await response.body!.getReader().read();
    expect(new TextDecoder().decode(first.value as Uint8Array)).toBe('tr');
    await expect(fetch(url, { method: 'POST' }).then((r) => r.text())).resolves.toBe('true');
  });

  it('happen to the call they are meant for, as often as they are meant to', async () => {
    const { service, server, post } = await served();
    service.failNext({ kind: 'html', status: 503, endpoint: 'PostReceiverEgvRecords', times: 2 });
    const time = () => fetch(`${server.origin}/ShareWebServices/Services/General/SystemUtcTime`);
    const statuses = [await time(), await post(), await time(), await post(), await post()];
    expect(statuses.map(({ status }) => status)).toEqual([200, 503, 200, 503, 200]);
  });

  it('a hanging call leaves others alone', async () => {
    const { service, post, stored } = await served();
    service.failNext({ kind: 'hang', when: 'after' });
    const stop = new AbortController();
    const committed = new Promise<void>((resolve) => {
      service.onRequest(({ phase }) => {
        if (phase === 'committed') resolve();
      });
    });
    const hanging = post();
    const settled = Promise.race([
      hanging,
      new Promise((done) => stop.signal.addEventListener('abort', () => done('nothing'))),
    ]);
    await committed;
    expect((await post()).status).toBe(500);
    stop.abort();
    expect(await settled).toBe('nothing');
    expect(stored()).toBe(1);
    hanging.catch(() => {}); // ends with the server
  });

  it('a drop without a server is a rejection', async () => {
    const { service } = await served();
    service.failNext({ kind: 'drop', when: 'before' });
    const request = new Request('http://x/ShareWebServices/Services/General/SystemUtcTime');
    await expect(service.fetch(request)).rejects.toBeInstanceOf(ConnectionDropped);
  });
});
