import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proxyOf } from '../src/io/proxy.ts';
import { CERTIFICATE, KEY } from './support/certificate.ts';
import { makeShare } from './support/share.ts';
import { MAIN } from './support/terminal.ts';
import { ACCOUNT } from './support/world.ts';

const RUNTIMES = join(import.meta.dirname, '../../../runtimes/node_modules');
/** One that uses a proxy at once, and one that does only from its start. */
const NODES = [process.execPath, join(RUNTIMES, 'node-22/bin/node')].filter(existsSync);
/** Has no switch for proxies. */
const OLDEST = join(RUNTIMES, 'node-oldest-egvkit/bin/node');

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

/** The emulated service at https://share.example, which only the proxy knows the way to. */
async function makeProxied() {
  const { service, server, folder } = await makeShare();
  const { port: plainPort } = new URL(server.origin);
  const tls = createTlsServer({ key: KEY, cert: CERTIFICATE }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, host: `127.0.0.1:${plainPort}` };
    const { method, url: path } = incoming;
    const onward = request(
      { host: '127.0.0.1', port: plainPort, method, path, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  const tlsPort = await listen(tls);
  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    asked.push(`plain ${incoming.url}`);
    outgoing.writeHead(502).end();
  });
  proxy.on('connect', (incoming, client) => {
    asked.push(`${incoming.url} ${incoming.headers['proxy-authorization'] ?? ''}`.trim());
    const onward = connect(tlsPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    for (const end of [client, onward]) end.on('error', () => onward.destroy());
  });
  const proxyPort = await listen(proxy);
  const authorities = join(folder, 'authority.pem');
  await writeFile(authorities, CERTIFICATE);
  return { service, server, folder, asked, proxyPort, authorities };
}

async function egvkit(node: string, args: readonly string[], env: Record<string, string>) {
  const child = spawn(node, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { out, err, code };
}

const login = (origin: string) => [
  'share',
  'login',
  '--share-url',
  origin,
  '--account',
  ACCOUNT.name,
];

describe('HTTPS_PROXY', { timeout: 30_000 }, () => {
  it.each(NODES)('is the way to the service, with no switch to turn (%s)', async (node) => {
    const { folder, asked, proxyPort, authorities } = await makeProxied();
    const env = {
      HTTPS_PROXY: `http://ann:secret@127.0.0.1:${proxyPort}`,
      NODE_EXTRA_CA_CERTS: authorities,
      DEXCOM_PASSWORD: ACCOUNT.password,
      XDG_STATE_HOME: folder,
    };
    const { out, err, code } = await egvkit(node, login('https://share.example'), env);
    expect([err, code]).toEqual(['', 0]);
    expect(out).toMatch(/^Logged in at https:\/\/share\.example; /);
    expect(new Set(asked)).toEqual(new Set(['share.example:443 Basic YW5uOnNlY3JldA==']));
  });

  it.each(NODES)('is not the way to a service on this computer (%s)', async (node) => {
    const { server, folder, asked, proxyPort } = await makeProxied();
    const proxy = `http://127.0.0.1:${proxyPort}`;
    const env = {
      ...{ HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NODE_USE_ENV_PROXY: '1' },
      DEXCOM_PASSWORD: ACCOUNT.password,
      XDG_STATE_HOME: folder,
    };
    const { code } = await egvkit(node, login(server.origin), env);
    expect([code, asked]).toEqual([0, []]);
  });

  it('that does not answer is named, without its password', async () => {
    const { folder } = await makeShare();
    const env = {
      HTTPS_PROXY: 'http://ann:secret@127.0.0.1:59',
      DEXCOM_PASSWORD: ACCOUNT.password,
      XDG_STATE_HOME: folder,
    };
    const { err, code } = await egvkit(process.execPath, login('https://share.example'), env);
    expect(err).toContain('is through the proxy 127.0.0.1:59 (HTTPS_PROXY)');
    expect(err).not.toContain('secret');
    expect(code).toBe(4);
  });

  it('that is no address is refused, without repeating it', async () => {
    const env = { HTTPS_PROXY: 'socks5://ann:secret@127.0.0.1:59' };
    const { out, err, code } = await egvkit(process.execPath, ['receivers'], env);
    expect(err).toMatch(
      /^egvkit: HTTPS_PROXY is not the address of a proxy .*\n.*http:\/\/host:port/,
    );
    expect(err + out).not.toContain('secret');
    expect(code).toBe(2);
  });

  it('may be written as other programs take it', () => {
    expect(proxyOf({ https_proxy: 'proxy.example:3128' })?.host).toBe('proxy.example:3128');
    expect(proxyOf({ HTTPS_PROXY: 'http://p:1', NODE_USE_ENV_PROXY: '0' })).toBe(undefined);
    expect(proxyOf({ HTTPS_PROXY: '' })).toBe(undefined);
  });

  it.each([
    ...['http://proxy.example/path', 'http://proxy.example:3128?x', 'http://proxy.example:3128/ x'],
    ...['http://ann:secret%zz@proxy.example', 'socks5://proxy.example', 'http://[::1'],
  ])('that Node.js would not take (%s) is refused without being repeated', async (proxy) => {
    expect(() => proxyOf({ HTTPS_PROXY: proxy })).toThrow(
      /^HTTPS_PROXY is not the address of a proxy that egvkit can use\.$/,
    );
  });

  it.runIf(existsSync(OLDEST))('is of no use to an older Node.js, which says so', async () => {
    const { folder } = await makeShare();
    const env = {
      HTTPS_PROXY: 'http://127.0.0.1:59',
      DEXCOM_PASSWORD: ACCOUNT.password,
      XDG_STATE_HOME: folder,
    };
    const { err, code } = await egvkit(OLDEST, login('https://share.invalid'), env);
    expect(err).toContain('HTTPS_PROXY is set, but Node.js 22.12.0 cannot use it');
    expect(code).toBe(4);
  });
});
