import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveShare } from '../src/node.ts';
import {
  ACCOUNT_ID,
  ANN,
  APPLICATION,
  ask,
  codeOf,
  logIn,
  make,
  READY,
  RECORDED_UPLOAD,
  read,
  SERIAL,
} from './wire.ts';

/** Requests in the order and with the bytes of clients in the wild (share §7, Appendix C). */

const SERVICES = '/ShareWebServices/Services';

async function served(seed: typeof ANN = READY) {
  const { service } = make({ accounts: [seed] });
  const server = await serveShare(service);
  onTestFinished(() => server.close());
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return { service, socket };
}

/** Reads one answer with a length: its status and its body. Undefined when the connection ends. */
async function answer(socket: Socket): Promise<{ status: number; body: string } | undefined> {
  let got = '';
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    got += String(piece);
    const head = got.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(got)?.[1]);
    if (head < 0 || got.length < head + 4 + length) continue;
    return { status: Number(got.slice(9, 12)), body: got.slice(head + 4) };
  }
  return undefined;
}

const post = (path: string, headers: string, body: string) =>
  `POST ${SERVICES}/${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const sized = (path: string, body: string) =>
  post(path, `Content-Length: ${body.length}\r\n`, body);

async function exchange(socket: Socket, bytes: string) {
  socket.write(bytes);
  const got = await answer(socket);
  if (got === undefined) throw new Error('the connection ended');
  return got;
}

describe('share2nightscout-bridge', () => {
  it('logs in by both steps and reads, with two stray quotes behind each read', async () => {
    const { service, socket } = await served();
    const session = await logIn(service);
    await exchange(
      socket,
      sized(`Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD),
    );
    const credentials = `"password":"pass word","applicationId":"${APPLICATION}"`;
    const named = `{"accountName":"${ANN.name}",${credentials}}`;
    const first = await exchange(socket, sized('General/AuthenticatePublisherAccount', named));
    expect(first.body).toBe(`"${ACCOUNT_ID}"`);
    const byId = `{"accountId":"${ACCOUNT_ID}",${credentials}}`;
    const second = await exchange(socket, sized('General/LoginPublisherAccountById', byId));
    const path = read(JSON.parse(second.body) as string, 1440, 1);
    // On one connection, again and again; then the quotes in a packet of their own, and split.
    for (let i = 0; i < 3; i++) {
      const { status, body } = await exchange(socket, post(path, 'Content-Length: 0\r\n', '""'));
      expect([status, JSON.parse(body)]).toMatchObject([200, [{ Value: 97 }]]);
    }
    const late = await exchange(socket, post(path, 'Content-Length: 0\r\n', ''));
    expect(late.status).toBe(200);
    socket.write('"');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const again = await exchange(socket, `"${post(path, 'Content-Length: 0\r\n', '""')}`);
    expect(JSON.parse(again.body)).toMatchObject([{ Value: 97 }]);
  });

  const clock = `GET ${SERVICES}/General/SystemUtcTime HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const active = 'Publisher/IsRemoteMonitoringSessionActive?sessionId=x';
  it.each([
    ['three quotes', post(active, 'Content-Length: 0\r\n', `"""${clock}`)],
    ['another text', post(active, 'Content-Length: 0\r\n', `xx${clock}`)],
    [
      'both lengths',
      post(active, 'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n', `""${clock}`),
    ],
    ['two lengths', post(active, 'Content-Length: 0\r\nContent-Length: 2\r\n', `""${clock}`)],
    ['quotes behind a body', post(active, 'Content-Length: 2\r\n', `{}""${clock}`)],
  ])('is the only one that is excused: %s', async (_, bytes) => {
    const { service, socket } = await served();
    const seen: string[] = [];
    service.onRequest(({ endpoint, phase }) => {
      if (phase === 'received') seen.push(endpoint);
    });
    socket.on('error', () => {});
    socket.write(bytes);
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(seen).not.toContain('SystemUtcTime');
  });

  const last = clock.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  /** Sends each piece when the one before it was answered, and gives the statuses of all answers. */
  async function statusesOf(pieces: readonly string[]): Promise<string[]> {
    const { socket } = await served();
    const ended = once(socket, 'close');
    let got = '';
    socket.on('data', (piece) => {
      got += String(piece);
    });
    for (const piece of pieces) {
      const answered = once(socket, 'data');
      socket.write(piece);
      await answered;
    }
    await ended;
    return [...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status!);
  }

  const empty = post(active, 'Content-Length: 0\r\n', '');
  const quoted = post(active, 'Content-Length: 2\r\n', '""');
  it('leaves the quotes of the next request alone: those of its body', async () => {
    expect(await statusesOf([`${empty}${quoted}${last}`])).toEqual(['400', '400', '200']);
  });

  it('leaves the quotes of the next request alone: those of its headers', async () => {
    const [before, after] = ['Transfer-Encoding: ', '""chunked\r\n\r\n0\r\n\r\n'];
    const head = `POST ${SERVICES}/${active} HTTP/1.1\r\nHost: localhost\r\n${before}`;
    const whole = await statusesOf([`${head}${after}${last}`]);
    expect(await statusesOf([`${empty}${head}`, `${after}${last}`])).toEqual(['400', ...whole]);
  });
});

describe('xDrip+', () => {
  it('starts monitoring before it assigns the receiver, and works from its second start', async () => {
    const { service } = make();
    const session = await logIn(service);
    const start = () =>
      ask(
        service,
        `Publisher/StartRemoteMonitoringSession?sessionId=${session}&serialNumber=${SERIAL}`,
      );
    const order = async () => {
      const started = await start();
      const check = await ask(
        service,
        `Publisher/CheckMonitoredReceiverAssignmentStatus?sessionId=${session}&serialNumber=${SERIAL}`,
      );
      if (check.text !== '"AssignedToYou"') {
        await ask(
          service,
          `Publisher/ReplacePublisherAccountMonitoredReceiver?sessionId=${session}&serialNumber=${SERIAL}/`,
        );
      }
      const posted = await ask(
        service,
        `Publisher/PostReceiverEgvRecords?sessionId=${session}`,
        RECORDED_UPLOAD,
      );
      return [started.status, posted.status];
    };
    expect(await order()).toEqual([500, 500]);
    expect(await order()).toEqual([200, 200]);
    expect(service.readings(ANN.name)).toHaveLength(1);
  });
});

describe('xdripswift', () => {
  it('posts first, then logs in, then starts monitoring, as it is told to', async () => {
    const { service } = make({ accounts: [{ ...READY, sharing: false }] });
    const upload = (session: string) =>
      ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD);
    expect(codeOf(await upload('99999999-0000-4000-8000-000000000000'))).toBe('SessionIdNotFound');
    const session = await logIn(service);
    expect(codeOf(await upload(session))).toBe('MonitoringSessionNotActive');
    const started = await ask(
      service,
      `Publisher/StartRemoteMonitoringSession?sessionId=${session}&serialNumber=${SERIAL}`,
    );
    expect(started).toMatchObject({ status: 200, text: '' });
    expect(await upload(session)).toMatchObject({ status: 200, text: '' });
    expect(codeOf(await upload(session))).toBe('DuplicateEgvPosted');
  });
});

describe('what readers look for', () => {
  it.each([
    ['AuthenticatePublisherAccount', '"accountName":"","password":"x"', 'accountName'],
    ['AuthenticatePublisherAccount', '"accountName":"ann","password":""', 'password'],
    ['LoginPublisherAccountById', '"accountId":"x","password":"x"', 'UUID'],
  ])('an InvalidArgument of %s names the argument: %s', async (call, fields, named) => {
    const { service } = make();
    const body = `{${fields},"applicationId":"${APPLICATION}"}`;
    const answered = await ask(service, `General/${call}`, body);
    expect([answered.status, codeOf(answered)]).toEqual([500, 'InvalidArgument']);
    expect((JSON.parse(answered.text) as { Message: string }).Message).toContain(named);
  });

  it('an empty session is Forbidden, in plain words', async () => {
    const { service } = make();
    expect(await ask(service, read(''))).toMatchObject({
      status: 403,
      text: 'Forbidden',
      type: 'text/plain',
    });
  });
});
