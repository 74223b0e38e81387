import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { outOfRange } from '@egvkit/protocol';
import { RelayError } from '../errors.ts';
import type { RelayServices } from '../options.ts';
import { refusal } from '../refusals.ts';
import { Relay } from '../relay.ts';
import { Gate, pathOf } from './gate.ts';
import { pageHeaders } from './headers.ts';
import { requestOf, send } from './messages.ts';
import { PageFiles } from './page-files.ts';

/** One request that was answered, or that ended without an answer. */
export interface Access {
  /** '' for what could not be read. */
  readonly method: string;
  /** Of a call or a file, without its query, with "…" for what may be a secret; else ''. */
  readonly path: string;
  /** Undefined if the connection ended before. */
  readonly status: number | undefined;
  /** Time of its beginning, Unix milliseconds. */
  readonly atMs: number;
  readonly tookMs: number;
}

/** A page, the services that it may call, and where to serve both. */
export interface RelayServerOptions extends RelayServices {
  /** The folder of the built page, in which its index.html is. It is listed once, at the start. */
  readonly folder: string;
  /** Texts to serve as files beside those of the folder, by name: `services.json`. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** A free one of this computer's if left out. */
  readonly port?: number | undefined;
  /** Headers of the page's files, such as `content-security-policy`, in place of the strict defaults. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Hears of each request; nothing else is logged anywhere. */
  readonly onAccess?: ((access: Access) => void) | undefined;
}

/** A page and its relay, on a port of this computer. */
export interface RelayServer extends AsyncDisposable {
  /** Address of the page: `http://127.0.0.1:4711`. */
  readonly origin: string;
  readonly port: number;
  /** Stops listening, ends all connections, and gives up what is being passed on. */
  readonly close: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const HIGHEST_PORT = 65_535;
const TIMEOUT_CHECK_MS = 1000;
const IDLE_TIMEOUT_MS = 60_000;
const MOST_CONNECTIONS = 200;
const MOST_HEADERS = 100;
const LONGEST_HEADERS = 16 * 1024;

interface Parts {
  readonly relay: Relay;
  readonly gate: Gate;
  readonly files: PageFiles;
  readonly headers: Readonly<Record<string, string>>;
}

async function answerFile({ files, headers, gate }: Parts, incoming: IncomingMessage) {
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return refusal('wrongMethod');
  const file = await files.read(pathOf(incoming));
  if (file === undefined) return refusal('unknownFile');
  const isPage = file.type.startsWith('text/html');
  return new Response(Buffer.from(file.content), {
    headers: {
      ...headers,
      'content-type': file.type,
      ...(isPage ? { 'set-cookie': gate.cookie } : {}),
    },
  });
}

async function answerOf(
  parts: Parts,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Response> {
  const { gate, relay } = parts;
  const refused = gate.refuses(incoming);
  if (refused !== undefined) return refusal(refused);
  if (relay.calls.shownPath(pathOf(incoming)) === undefined) return answerFile(parts, incoming);
  const refusedCall = gate.refusesCall(incoming);
  if (refusedCall !== undefined) return refusal(refusedCall);
  return relay.handle(requestOf(incoming, signal), gate.pages);
}

/** A path as it may be told: anything else may be a secret in the wrong place. */
function shownPath({ relay, files }: Parts, incoming: IncomingMessage): string {
  const path = pathOf(incoming);
  return relay.calls.shownPath(path) ?? (files.has(path) ? path : '');
}

function serveOne(
  parts: Parts,
  onAccess: RelayServerOptions['onAccess'],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const atMs = Date.now();
  const startMs = performance.now();
  const left = new AbortController();
  outgoing.once('close', () => {
    left.abort();
    onAccess?.({
      method: incoming.method ?? '',
      path: shownPath(parts, incoming),
      status: outgoing.headersSent ? outgoing.statusCode : undefined,
      atMs,
      tookMs: performance.now() - startMs,
    });
  });
  answerOf(parts, incoming, left.signal)
    .then((answer) => send(answer, parts.relay.timeoutMs, incoming, outgoing))
    .catch(() => outgoing.destroy());
}

/** Answers bytes that are no request, or none in time, and ends the connection. */
function refuseBytes(
  { code }: NodeJS.ErrnoException,
  socket: Socket,
  onAccess: RelayServerOptions['onAccess'],
): void {
  socket.on('error', () => {});
  // Where nothing was asked, an answer would be taken for that of the next request: browsers open
  // connections ahead, and ask again on another if one is closed. Behind part of an answer, for more of it.
  if (!socket.writable || socket.bytesRead === 0 || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
  setTimeout(() => socket.destroy(), TIMEOUT_CHECK_MS).unref();
  onAccess?.({ method: '', path: '', status, atMs: Date.now(), tookMs: 0 });
}

async function listen(server: Server, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    const allowed = `a whole number from 0 to ${HIGHEST_PORT}`;
    throw outOfRange('the port', port, allowed);
  }
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, LOOPBACK, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    const { code: systemCode = 'nothing' } = cause as NodeJS.ErrnoException;
    if (systemCode === 'EADDRINUSE') throw new RelayError('portTaken', { port }, { cause });
    throw new RelayError('portDenied', { port, systemCode }, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/**
 * Serves a page on loopback with a relay beside it, for this page only. The page calls the services
 * through `relayFetch(location.origin)` of `@egvkit/relay/page`.
 *
 * @throws RelayError `folderUnreadable`, `noIndexPage`, `tooManyFiles`, `badHeader`,
 *   `reservedHeader`, `badOrigin`, `noService`, `portTaken`, `portDenied`, `tlsUnverified`
 * @throws InputError `outOfRange` for an unknown region, limit or port
 *
 * @example
 * ```ts
 * import { serveRelay } from '@egvkit/relay/node';
 *
 * await using server = await serveRelay({ folder: 'dist', regions: ['ous'] });
 * console.log(`The page is at ${server.origin}`);
 * ```
 */
export async function serveRelay(options: RelayServerOptions): Promise<RelayServer> {
  if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') throw new RelayError('tlsUnverified', {});
  const relay = new Relay(options);
  const headers = pageHeaders(options.headers);
  const files = await PageFiles.list(options.folder, options.files);
  const { timeoutMs } = relay;
  const server = createServer({
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, timeoutMs),
    // A little later than the relay itself, which says more.
    requestTimeout: timeoutMs + TIMEOUT_CHECK_MS,
    headersTimeout: timeoutMs,
    maxHeaderSize: LONGEST_HEADERS,
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = MOST_HEADERS;
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = IDLE_TIMEOUT_MS + timeoutMs;
  const port = await listen(server, options.port ?? 0);
  const parts: Parts = { relay, headers, files, gate: new Gate(port) };
  const { onAccess } = options;
  server.on('request', (incoming, outgoing) => serveOne(parts, onAccess, incoming, outgoing));
  // Said before the body is sent: no browser asks.
  server.on('checkContinue', (_, outgoing) =>
    outgoing.writeHead(417, { connection: 'close' }).end(),
  );
  server.on('clientError', (error, socket) => refuseBytes(error, socket as Socket, onAccess));
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://${LOOPBACK}:${port}`, port, close, [Symbol.asyncDispose]: close };
}
