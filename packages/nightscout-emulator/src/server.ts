import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { ConnectionDropped } from './failure.ts';
import type { NightscoutSite } from './site.ts';

/** Address of a server. */
export interface ServeOptions {
  /** Any free one if left out. */
  readonly port?: number | undefined;
  /** Called with each unexpected error; the client gets HTTP 500. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A site on a port of this computer. */
export interface NightscoutServer extends AsyncDisposable {
  /** Origin for clients, such as `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** Stops listening and ends all connections. */
  readonly close: () => Promise<void>;
}

const HOST = '127.0.0.1';
/** Longest time that a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;

/** True for a request to this computer by its own name: a page can point a name of its own at it. */
function isByName({ headers }: IncomingMessage): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(headers.host ?? '');
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] as [string, string]],
  );
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://${headers.host}${url}`, {
    ...{ method, headers: pairs, signal },
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
  });
}

async function respond(
  site: NightscoutSite,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!isByName(incoming)) {
    outgoing.writeHead(403, { connection: 'close' }).end();
    return;
  }
  const left = new AbortController();
  outgoing.once('close', () => left.abort());
  const response = await site.fetch(requestOf(incoming, left.signal));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) {
    // Handed to the system before a connection breaks, so that the first half gets through.
    await new Promise<void>((done) => outgoing.write(chunk, () => done()));
  }
  outgoing.end();
}

/**
 * Puts a site on a port of this computer. A request that the site drops ends its connection without an
 * answer.
 *
 * @throws the system's error if the port cannot be had
 *
 * @example
 * ```ts
 * import { createNightscoutSite } from '@egvkit/nightscout-emulator';
 * import { serveNightscout } from '@egvkit/nightscout-emulator/node';
 *
 * const site = createNightscoutSite({ apiSecret: 'twelve letters' });
 * await using server = await serveNightscout(site);
 * const answer = await fetch(`${server.origin}/api/v1/status.json`);
 * console.log(answer.status); // 200
 * ```
 */
export async function serveNightscout(
  site: NightscoutSite,
  { port = 0, onError }: ServeOptions = {},
): Promise<NightscoutServer> {
  const server = createServer((incoming, outgoing) => {
    respond(site, incoming, outgoing).catch((error: unknown) => {
      if (error instanceof ConnectionDropped || outgoing.headersSent || outgoing.destroyed) {
        outgoing.destroy();
        return;
      }
      onError?.(error);
      outgoing.writeHead(500).end();
    });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://${HOST}:${actual}`, close, [Symbol.asyncDispose]: close };
}
