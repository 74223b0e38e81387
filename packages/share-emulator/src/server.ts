import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN_PATH, answerAdmin } from './admin.ts';
import { hostOf, isAllowed, namesOf } from './allowed-caller.ts';
import { type Answer, headersOf, html, sentOf } from './answer.ts';
import { Connections } from './connections.ts';
import { ConnectionDropped } from './failure.ts';
import { isLoopback } from './loopback.ts';
import { readText } from './request-body.ts';
import type { ShareService } from './service.ts';
import { dropStrayQuotes, noteRequest } from './stray-quotes.ts';

/** Address and limits of a server. */
export interface ServeOptions {
  /** Any free one if left out. */
  readonly port?: number | undefined;
  /** 127.0.0.1 if left out: passwords go over this connection unencrypted. */
  readonly hostname?: string | undefined;
  /** Needed for a host name that is not this computer itself. */
  readonly allowOutside?: boolean | undefined;
  /** Lets programs on this computer script failures over `/egvkit/admin/`; false if left out. */
  readonly admin?: boolean | undefined;
  /**
   * Further names of the server, besides `hostname`, `localhost` and the address that was reached:
   * a request for any other name is refused, because a web page can point a name of its own at it.
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Most connections at a time, 200 if left out; one more ends the one that waits longest. */
  readonly maxConnections?: number | undefined;
  /** Called with each unexpected error; the client gets HTTP 500. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A service on a port. */
export interface ShareServer extends AsyncDisposable {
  /** Origin for clients, such as `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** True if only programs on this computer can reach it. */
  readonly isLocal: boolean;
  /** Stops listening and ends all connections. */
  readonly close: () => Promise<void>;
}

/** Longest time that a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 1000;
const MOST_CONNECTIONS = 200;
/** Most of a refused body that is read before the refusal, which a reset would swallow. */
const MOST_DRAINED_BYTES = 16 * 1024 * 1024;
const LONGEST_DRAIN_MS = 2000;

/** Reads the rest of a body, within limits, so that the answer behind it gets through. */
async function drain(incoming: IncomingMessage): Promise<void> {
  if (incoming.readableEnded) return;
  let left = MOST_DRAINED_BYTES;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LONGEST_DRAIN_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    incoming.once('end', done).once('close', done);
    incoming.on('data', (piece: Buffer) => {
      left -= piece.length;
      if (left < 0) done();
    });
  });
}

/** Refuses a request whose body has not been read. */
async function refuse(
  status: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  await drain(incoming);
  outgoing.setHeader('connection', 'close');
  write(html(status), outgoing);
}

/** Reads the body; leaves the connection of one that is too long open, so that it gets an answer. */
async function bodyOf(incoming: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const { headers } = incoming;
  if (Number(headers['content-length']) > maxBytes) return undefined;
  if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) {
    return '';
  }
  return await readText(incoming.iterator({ destroyOnReturn: false }), maxBytes);
}

function write(answer: Answer, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.status, headersOf(answer));
  const sent = sentOf(answer);
  if (!answer.cut) outgoing.end(sent);
  // Handed to the system before the connection breaks, so that the first half gets through.
  else outgoing.write(sent.length === 0 ? '\n' : sent, () => outgoing.destroy());
}

/**
 * True for a request that may turn the switches: of a program on this computer that calls it by its
 * own name, and never of a web page.
 */
function mayAdminister(incoming: IncomingMessage): boolean {
  const isHere = isLoopback(incoming.socket.remoteAddress ?? '');
  return isHere && isLoopback(hostOf(incoming) ?? '') && incoming.headers.origin === undefined;
}

interface Settled extends ServeOptions {
  readonly names: ReadonlySet<string>;
  readonly connections: Connections;
}

async function respond(
  service: ShareService,
  options: Settled,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!isAllowed(incoming, options.names)) return await refuse(403, incoming, outgoing);
  // A client that leaves is no failure of the service.
  const ended = new Promise<void>((resolve) => outgoing.once('close', resolve));
  const body = await bodyOf(incoming, service.maxBodyBytes);
  if (body === undefined) return await refuse(413, incoming, outgoing);
  options.connections.answering(incoming, outgoing);
  const { method = '', url = '' } = incoming;
  const [path = '', ...search] = url.split('?');
  if (options.admin && path.startsWith(ADMIN_PATH)) {
    const allowed = mayAdminister(incoming);
    write(allowed ? await answerAdmin(service, method, path, body) : html(403), outgoing);
    return;
  }
  const accept = incoming.headers.accept ?? '';
  const request = { method, path, search: search.length > 0 ? `?${search.join('?')}` : '' };
  write(await service.handle({ ...request, accept, body }, { answered: ended }), outgoing);
}

/**
 * Puts a service on a port. A request that the service drops ends its connection without an answer.
 *
 * @throws TypeError for a host name that is not this computer, unless `allowOutside` is set; the
 *   system's error if the port cannot be had
 *
 * @example
 * ```ts
 * import { createShareService } from '@egvkit/share-emulator';
 * import { serveShare } from '@egvkit/share-emulator/node';
 * import { ShareClient } from '@egvkit/share-http';
 *
 * const account = { name: 'ann', password: 'secret', sharing: true };
 * await using server = await serveShare(createShareService({ accounts: [account] }));
 * const { origin } = server;
 * const share = new ShareClient({ origin, accountName: 'ann', password: 'secret' });
 * console.log(await share.sharing.isActive()); // true
 * ```
 */
export async function serveShare(
  service: ShareService,
  options: ServeOptions = {},
): Promise<ShareServer> {
  const { port = 0, hostname = '127.0.0.1', allowOutside = false } = options;
  if (!allowOutside && !isLoopback(hostname)) {
    throw new TypeError(
      `Cannot listen on ${hostname}: it is not this computer, which needs allowOutside.`,
    );
  }
  const names = namesOf([hostname, ...(options.allowedHosts ?? [])]);
  const server = createServer({ connectionsCheckingInterval: TIMEOUT_CHECK_MS });
  const connections = new Connections(server, options.maxConnections ?? MOST_CONNECTIONS);
  const settled = { ...options, names, connections };
  server.on('request', (incoming, outgoing) => {
    noteRequest(incoming);
    respond(service, settled, incoming, outgoing).catch((error: unknown) => {
      // A request counts as destroyed too when all of it has been read: that one gets its answer.
      const isGone = outgoing.destroyed || (incoming.destroyed && !incoming.complete);
      if (error instanceof ConnectionDropped || outgoing.headersSent || isGone) {
        outgoing.destroy();
        return;
      }
      options.onError?.(error);
      write(html(500), outgoing);
    });
  });
  dropStrayQuotes(server);
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  const origin = `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { origin, isLocal: isLoopback(address), close, [Symbol.asyncDispose]: close };
}
