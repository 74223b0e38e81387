import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ShareService } from './service.ts';

export { scryptPasswords } from './scrypt.ts';
export { openSqliteStore, ShareStoreError, SqliteShareStore } from './sqlite-store.ts';

/** Where to listen. */
export interface ServeOptions {
  /** Any free one if left out. */
  readonly port?: number;
  /** 127.0.0.1 if left out: passwords go over this connection unencrypted. */
  readonly hostname?: string;
}

/** A service on a port. */
export interface ShareServer extends AsyncDisposable {
  /** What to give a client: `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** Stops listening and ends all connections. */
  readonly close: () => Promise<void>;
}

function toRequest(incoming: IncomingMessage, origin: string): Request {
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new Request(new URL(incoming.url ?? '/', origin), {
    method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
  });
}

async function write(
  response: Response,
  outgoing: ServerResponse,
  ended: Promise<void>,
): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) {
    // Handed to the system before the next piece: that one may be a broken connection.
    const flushed = new Promise<unknown>((done) => outgoing.write(chunk, done));
    await Promise.race([flushed, ended]);
  }
  outgoing.end();
}

/**
 * Puts a service on a port. Rejects with the system's error if the port cannot be had.
 * A request the service drops ends its connection without an answer.
 */
export async function serveShare(
  service: ShareService,
  { port = 0, hostname = '127.0.0.1' }: ServeOptions = {},
): Promise<ShareServer> {
  let origin = 'http://localhost';
  const server = createServer((incoming, outgoing) => {
    // A client that leaves is no failure of the service.
    const ended = finished(outgoing).catch(() => {});
    service
      .fetch(toRequest(incoming, origin), { answered: ended })
      .then((response) => write(response, outgoing, ended))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  origin = `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { origin, close, [Symbol.asyncDispose]: close };
}
