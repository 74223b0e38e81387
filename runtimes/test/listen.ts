import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';

/** Something at a port of this computer. */
export interface Listening extends AsyncDisposable {
  readonly origin: string;
}

const originOf = (port: number): string => `http://127.0.0.1:${port}`;

/** Serves HTTP on a port that was free. */
export async function listen(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: originOf((server.address() as AddressInfo).port),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * A port at which nobody listens and that nobody else can get: the near end of a connection has
 * it, for as long as that is open.
 */
export async function listenNowhere(): Promise<Listening> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const nearEnd = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(nearEnd, 'connect');
  const [farEnd] = await accepted;
  return {
    origin: originOf(nearEnd.localPort ?? 0),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      nearEnd.destroy();
      farEnd.destroy();
      server.close();
      await closed;
    },
  };
}
