import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RefusalCode } from '../refusals.ts';
import type { Pages } from '../relay.ts';

/** Headers that would mean two things if they were there twice. */
const SINGLE = [
  'host',
  'origin',
  'cookie',
  'content-type',
  'content-length',
  'authorization',
  'api-secret',
  'sec-fetch-site',
  'sec-fetch-mode',
] as const;

/** Names by which a server on loopback is called. */
const HOSTS = ['127.0.0.1', 'localhost'] as const;

/** The path of a request as it came, without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

/** Tells whether a target is a path as a browser writes it: tidied up, without a host. */
function isTidy(target: string): boolean {
  if (!/^\/(?!\/)[!-~]*$/.test(target) || /[\\#]/.test(target)) return false;
  const path = target.split('?', 1)[0] ?? '';
  const base = 'http://host';
  return URL.canParse(base + path) && new URL(base + path).pathname === path;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Keeps others than the served page away from the server: by the name it is called by (a web page
 * can point a name of its own at this computer), by the page's origin, and by a random token of this
 * run in a cookie that goes out with the page.
 */
export class Gate {
  readonly #port: number;
  readonly #token = randomBytes(32).toString('base64url');

  constructor(port: number) {
    this.#port = port;
  }

  /** The origins that the page can have, and the refusal of all others. */
  get pages(): Pages {
    const origins = new Set(HOSTS.map((host) => `http://${host}:${this.#port}`));
    return { origins, others: 'otherPage' };
  }

  /** Header `Set-Cookie` with the token. All ports of a host share cookies, so the port is in the name. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Refusal of a request that nobody may make; undefined if it may be answered. */
  refuses(incoming: IncomingMessage): RefusalCode | undefined {
    const { url = '', method, headers, headersDistinct } = incoming;
    // Node.js takes versions for HTTP/1.1 that frame bodies in other ways or not at all.
    if (!isTidy(url) || incoming.httpVersion !== '1.1') return 'badRequest';
    if (SINGLE.some((name) => (headersDistinct[name]?.length ?? 0) > 1)) return 'badRequest';
    const host = `http://${headers.host}`;
    if (!this.pages.origins.has(host)) return 'unknownHost';
    // No browser sends either to a server like this, and what frames bodies is left to nobody.
    if (headers['transfer-encoding'] !== undefined) return 'unknownLength';
    if (headers.upgrade !== undefined || headers.trailer !== undefined) return 'badRequest';
    if (method !== 'POST' && Number(headers['content-length'] ?? 0) !== 0) return 'badRequest';
    return headers.origin === undefined || headers.origin === host ? undefined : 'otherPage';
  }

  /** Refusal of a call that {@link Gate.refuses} lets in; undefined if it may be passed on. */
  refusesCall({ headers }: IncomingMessage): RefusalCode | undefined {
    const site = headers['sec-fetch-site'];
    const isOwn = site === 'same-origin' || (site === undefined && headers.origin !== undefined);
    if (!isOwn) return 'otherPage';
    return this.#hasToken(headers.cookie ?? '') ? undefined : 'wrongToken';
  }

  #hasToken(cookies: string): boolean {
    const expected = digest(this.#token);
    const start = `${this.#cookieName}=`;
    return cookies
      .split(';')
      .map((cookie) => cookie.trim())
      .filter((cookie) => cookie.startsWith(start))
      .some((cookie) => timingSafeEqual(digest(cookie.slice(start.length)), expected));
  }

  get #cookieName(): string {
    return `egvkit-relay-${this.#port}`;
  }
}
