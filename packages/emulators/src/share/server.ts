import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN_PATH, answerAdmin } from './admin.ts';
import { type Answer, headersOf, html, sentOf } from './answer.ts';
import { isLoopback } from './loopback.ts';
import { readText } from './request-body.ts';
import type { ShareService } from './service.ts';
import { ConnectionDropped } from './trouble.ts';

/** Where to listen. */
export interface ServeOptions {
  /** Any free one if left out. */
  readonly port?: number;
  /** 127.0.0.1 if left out: passwords go over this connection unencrypted. */
  readonly hostname?: string;
  /** Must be said for a host name that is not this computer itself. */
  readonly allowOutside?: boolean;
  /** Whether faults can be scripted over `/egvkit/admin/`, from this computer only. No, if left out. */
  readonly admin?: boolean;
  /** Hears of what should not happen; the client gets HTTP 500. */
  readonly onError?: (error: unknown) => void;
}

/** A service on a port. */
export interface ShareServer extends AsyncDisposable {
  /** What to give a client: `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** Whether only programs on this computer can reach it. */
  readonly isLocal: boolean;
  /** Stops listening and ends all connections. */
  readonly close: () => Promise<void>;
}

/** A client gets this long to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The body, read without closing the connection on one that is too long: it gets an answer. */
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
 * Whether the switches may be turned: by a program on this computer that calls it by its own name,
 * and not by a web page, wherever that is from.
 */
function mayAdminister({ socket, headers }: IncomingMessage): boolean {
  const address = `http://${headers.host ?? ''}`;
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return isLoopback(socket.remoteAddress ?? '') && isLoopback(host) && headers.origin === undefined;
}

async function respond(
  service: ShareService,
  options: ServeOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  // A client that leaves is no failure of the service.
  const ended = new Promise<void>((resolve) => outgoing.once('close', resolve));
  const body = await bodyOf(incoming, service.maxBodyBytes);
  if (body === undefined) {
    outgoing.setHeader('connection', 'close');
    write(html(413), outgoing);
    return;
  }
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
 * Puts a service on a port. Rejects with the system's error if the port cannot be had, and with a
 * `TypeError` for a host name that is not this computer unless `allowOutside` is set.
 * A request the service drops ends its connection without an answer.
 */
export async function serveShare(
  service: ShareService,
  options: ServeOptions = {},
): Promise<ShareServer> {
  const { port = 0, hostname = '127.0.0.1', allowOutside = false } = options;
  if (!allowOutside && !isLoopback(hostname)) {
    throw new TypeError(`${hostname} is not this computer: that needs allowOutside.`);
  }
  const server = createServer((incoming, outgoing) => {
    respond(service, options, incoming, outgoing).catch((error: unknown) => {
      if (error instanceof ConnectionDropped || outgoing.headersSent || incoming.destroyed) {
        outgoing.destroy();
        return;
      }
      options.onError?.(error);
      write(html(500), outgoing);
    });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
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
