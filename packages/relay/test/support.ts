import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A call of Share that is a POST, and one that is a GET; the same of Nightscout. */
export const READINGS =
  '/ShareWebServices/Services/Publisher/ReadPublisherLatestGlucoseValues' as const;
export const CLOCK = '/ShareWebServices/Services/General/SystemUtcTime' as const;
export const ENTRIES = '/api/v1/entries' as const;

export const PASSWORD = 'correct horse battery';

/** A request as it came to a service. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service on loopback that notes what comes. */
export interface Service extends AsyncDisposable {
  readonly origin: string;
  readonly host: string;
  readonly arrived: Arrived[];
}

/** Serves on a free port. What answers may leave out to read the body: it has been read. */
export async function openService(
  answer: RequestListener = (_, outgoing) =>
    void outgoing.writeHead(200, { 'content-type': 'application/json' }).end('[]'),
): Promise<Service> {
  const arrived: Arrived[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const body = (await incoming.toArray().catch(() => [])).join('');
    arrived.push({ method, url, headers, body });
    answer(incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    arrived,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A folder with these files, which is gone afterwards. */
export async function pageFolder(
  files: Readonly<Record<string, string>> = { 'index.html': '<!doctype html><title>Page</title>' },
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-relay-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The answer to some bytes. */
export interface RawAnswer {
  /** Undefined if the connection ended without an answer. */
  readonly status: number | undefined;
  readonly text: string;
}

/** A server that has said nothing for so long waits for more. */
const PATIENCE_MS = 500;

/**
 * Writes bytes and reads until the server ends the connection, or waits for more bytes than there
 * are. With `keep`, which goes on writing, until the server ends it.
 */
export async function raw(
  port: number,
  bytes: string,
  keep?: (socket: Socket) => void,
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // 'latin1' sends each character as one byte.
  socket.write(bytes, 'latin1', () => keep?.(socket));
  if (keep === undefined) socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  await closed;
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return { status: status === undefined ? undefined : Number(status), text };
}

/** The cookie that the page of a server comes with, as a browser sends it back. */
export async function cookieOf(origin: string): Promise<string> {
  const page = await fetch(origin);
  return page.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** The parts of a raw request, each of which an attack can change. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Lines without their ends. */
  readonly headers: readonly string[];
  readonly body: string;
  /** The end of a line. */
  readonly eol: string;
}

export function bytesOf({ method, target, version, headers, body, eol }: RawRequest): string {
  return [`${method} ${target} ${version}`, ...headers, '', body].join(eol);
}

/** The request with another value for a header, or without it. */
export function withHeader(request: RawRequest, name: string, value: string | undefined) {
  const start = `${name.toLowerCase()}:`;
  const others = request.headers.filter((line) => !line.toLowerCase().startsWith(start));
  return { ...request, headers: value === undefined ? others : [...others, `${name}: ${value}`] };
}

/** The request with more lines among its headers. */
export function withLines(request: RawRequest, ...lines: string[]): RawRequest {
  return { ...request, headers: [...request.headers, ...lines] };
}
