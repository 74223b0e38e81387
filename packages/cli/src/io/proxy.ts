import { spawn } from 'node:child_process';
import http from 'node:http';
import { UsageError } from '../options/usage.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Ability of this Node.js to use a proxy: at once, from its start only, or not at all. */
export type ProxySupport = 'now' | 'atStart' | 'none';

/** Never asked for through a proxy: programs of this computer. */
const THIS_COMPUTER = ['localhost', '127.0.0.1', '::1', '[::1]'];

/** The experimental warning of Node.js 22 about its own proxy, which says nothing to a user. */
const QUIET = '--disable-warning=UNDICI-EHPA';

/** Variables that Node.js goes by; http is only for this computer, so its proxy is none of ours. */
const VARIABLES = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
];

/** Node.js 22 does not have it. */
const { setGlobalProxyFromEnv } = http as Partial<typeof http>;

/** Support of this Node.js for proxies. */
export function proxySupport(): ProxySupport {
  if (setGlobalProxyFromEnv !== undefined) return 'now';
  return process.allowedNodeEnvironmentFlags.has('--use-env-proxy') ? 'atStart' : 'none';
}

/**
 * The proxy that HTTPS_PROXY names; undefined if it names none, or NODE_USE_ENV_PROXY=0 says that it
 * is not for Node.js.
 *
 * @throws UsageError for what is no address of a proxy, without repeating it: it may have a password
 */
export function proxyOf(env: Env): URL | undefined {
  const text = (env.https_proxy || env.HTTPS_PROXY)?.trim();
  if (!text || env.NODE_USE_ENV_PROXY === '0') return undefined;
  // Other programs take it without the beginning.
  const address = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && isProxy(url)) return url;
  throw new UsageError('HTTPS_PROXY is not the address of a proxy that egvkit can use.', {
    help: ['Set it to http://host:port, or to nothing to use no proxy.'],
  });
}

/** True for what Node.js takes: a host and a port, and a name and password that can be decoded. */
function isProxy({ protocol, hostname, pathname, search, hash, username, password }: URL): boolean {
  if (!/^https?:$/.test(protocol) || hostname === '') return false;
  if (`${pathname}${search}${hash}` !== '/') return false;
  try {
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Lets all https of this process go through the proxy that HTTPS_PROXY names, by Node.js's own
 * switch. Where that works from the start of Node.js only, starts this program anew and does not
 * return. Does nothing where there is no proxy, or a Node.js without the switch.
 *
 * @throws UsageError as {@link proxyOf}
 */
export async function useProxy(env: Env = process.env): Promise<void> {
  const proxy = proxyOf(env);
  if (proxy === undefined) return;
  const switched = proxyEnvironment(env, proxy);
  if (setGlobalProxyFromEnv !== undefined) {
    setGlobalProxyFromEnv(switched);
    return;
  }
  const isSwitched = Object.entries(switched).every(([name, value]) => env[name] === value);
  if (proxySupport() === 'atStart' && !isSwitched) await startAnew({ ...env, ...switched });
}

/** Variables by which Node.js uses the proxy for https, and for nothing else. */
function proxyEnvironment(env: Env, proxy: URL): Record<string, string | undefined> {
  const known = (env.no_proxy || env.NO_PROXY)?.split(/[\s,]+/).filter(Boolean) ?? [];
  const names = [...new Set([...known, ...THIS_COMPUTER])].join(',');
  return {
    ...Object.fromEntries(VARIABLES.map((name) => [name, undefined])),
    HTTPS_PROXY: proxy.href,
    NO_PROXY: names,
    NODE_USE_ENV_PROXY: '1',
  };
}

/** Ends as the program that it starts does. */
async function startAnew(env: Env): Promise<never> {
  const set = Object.entries(env).filter((entry) => entry[1] !== undefined) as [string, string][];
  const args = [...process.execArgv, QUIET, ...process.argv.slice(1)];
  // Becomes the other program: the same process to whoever waits for it.
  if (process.platform !== 'win32') {
    process.execve?.(process.execPath, [process.execPath, ...args], Object.fromEntries(set));
  }
  const child = spawn(process.execPath, args, { env: Object.fromEntries(set), stdio: 'inherit' });
  // A terminal tells both; the other one decides.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => void child.kill('SIGTERM'));
  return await new Promise((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => process.exit(code ?? 1));
  });
}
