import type { Random } from '@egvkit/receiver-emulator';
import type { Host } from '../platform/host.ts';
import type { WorldTime } from '../platform/world-time.ts';

/** A request as it arrives. */
export interface NetworkRequest {
  /** Name of the program that sent it. */
  readonly from: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer on its way back. */
export interface NetworkAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Called when it has reached the program. */
  readonly onHeard?: () => void;
}

/** Service at one address; undefined leaves the request without an answer. */
export type Answerer = (request: NetworkRequest) => Promise<NetworkAnswer | undefined>;

/** State of the family's network. */
export interface NetworkState {
  /** Times that it is cut, for whatever reason. */
  cuts: number;
  /** Probabilities, per request. */
  resetBefore: number;
  resetAfter: number;
  /** Longest time that an answer takes, ms. */
  slowestMs: number;
}

const USUAL_MS = 120;

/** A network with nothing wrong. */
export const CALM = { resetBefore: 0, resetAfter: 0, slowestMs: USUAL_MS } as const;

/** Error of a failed `fetch`, as Node makes it. */
function failed(code: string, syscall?: string): TypeError {
  const cause = Object.assign(new Error(code), { code, ...(syscall && { syscall }) });
  return new TypeError('fetch failed', { cause });
}

const CUT_CODES = [
  ['ENOTFOUND', 'getaddrinfo'],
  ['ECONNREFUSED', 'connect'],
  ['ENETUNREACH', 'connect'],
] as const;

/** Place where a program is. */
export interface NetworkPlace {
  /** Name of the program. */
  readonly from: string;
  readonly host: Host;
  readonly time: WorldTime;
  readonly random: Random;
}

/** The network between a program and the services: cut, slow, or resetting connections. */
export class Network {
  readonly state: NetworkState;
  readonly #from: string;
  readonly #host: Host;
  readonly #time: WorldTime;
  readonly #random: Random;
  readonly #answerers: Map<string, Answerer>;
  #happensAtPost: (() => void) | undefined;
  /** Called for every fault that happens. */
  onFault: (kind: string) => void = () => {};

  /** @param beside another program's network: the services are the same */
  constructor(
    { from, host, time, random }: NetworkPlace,
    beside?: Network,
    state: NetworkState = { cuts: 0, ...CALM },
  ) {
    this.#from = from;
    this.#host = host;
    this.#answerers = beside?.#answerers ?? new Map();
    this.state = state;
    this.#time = time;
    this.#random = random;
  }

  /** Lets something happen when readings have been posted next, before the answer is on its way. */
  atNextPost(happens: () => void): void {
    this.#happensAtPost = happens;
  }

  serve(hostName: string, answerer: Answerer): void {
    this.#answerers.set(hostName, answerer);
  }

  /** Like the platform's, with answers that have what the product looks at. */
  readonly fetch = (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request: NetworkRequest = {
      from: this.#from,
      method: init.method ?? 'GET',
      url: urlOf(String(url)),
      headers: (init.headers ?? {}) as Record<string, string>,
      body: typeof init.body === 'string' ? init.body : '',
    };
    return this.#host.call(() => this.#send(request, init.signal ?? undefined));
  };

  #send(request: NetworkRequest, signal: AbortSignal | undefined): Promise<Response> {
    const { process } = this.#host;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      let isOpen = true;
      const abort = (): void => {
        isOpen = false;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort);
      /** Ends it where the program is: when the computer is awake, and not if it died. */
      const end = (settle: () => void): void => {
        this.#host.whenAwake(() => {
          if (!isOpen || !process.isAlive) return;
          isOpen = false;
          signal?.removeEventListener('abort', abort);
          settle();
        });
      };
      const latencyMs = this.#latencyMs();
      this.#time.after(latencyMs, () => {
        if (!isOpen || !process.isAlive) return;
        void this.#arrive(request, end, resolve, reject);
      });
    });
  }

  #latencyMs(): number {
    const { slowestMs } = this.state;
    const part = this.#random.next();
    return Math.round(30 + (slowestMs - 30) * part * part);
  }

  async #arrive(
    request: NetworkRequest,
    end: (settle: () => void) => void,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ): Promise<void> {
    const { state } = this;
    const random = this.#random;
    const fail = (kind: string, code: string, syscall?: string): void => {
      this.onFault(kind);
      end(() => reject(failed(code, syscall)));
    };
    if (state.cuts > 0) {
      const [code, syscall] = CUT_CODES[random.integer(0, 2)] ?? CUT_CODES[0];
      return fail('network cut', code, syscall);
    }
    if (random.chance(state.resetBefore)) return fail('reset before', 'ECONNRESET');
    const answer = await this.#answerers.get(request.url.hostname)?.(request);
    if (answer !== undefined && isPost(request)) {
      const happens = this.#happensAtPost;
      this.#happensAtPost = undefined;
      happens?.();
    }
    if (answer === undefined) return this.onFault('no answer');
    if (state.cuts > 0 || random.chance(state.resetAfter)) {
      return fail('reset after', 'ECONNRESET', 'read');
    }
    end(() => {
      answer.onHeard?.();
      resolve(responseOf(answer));
    });
  }
}

/** Addresses that were asked lately: most are asked every five minutes. */
const URLS = new Map<string, URL>();
const MOST_URLS = 64;

function urlOf(address: string): URL {
  const known = URLS.get(address);
  if (known !== undefined) return known;
  if (URLS.size >= MOST_URLS) URLS.clear();
  const url = new URL(address);
  URLS.set(address, url);
  return url;
}

/** True for a request that brings readings. */
function isPost({ method, url }: NetworkRequest): boolean {
  return method === 'POST' && /PostReceiverEgvRecords|entries/.test(url.pathname);
}

const decoder = new TextDecoder();

/** As much of a Response as the product looks at. */
function responseOf({ status, headers, body }: NetworkAnswer): Response {
  let isRead = false;
  const read = async () => {
    const done = isRead || body.length === 0;
    isRead = true;
    return done ? { done: true, value: undefined } : { done: false, value: body };
  };
  const light = {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    body: { getReader: () => ({ read, cancel: async () => {} }) },
    text: async () => decoder.decode(body),
    json: async () => JSON.parse(decoder.decode(body)),
  };
  return light as unknown as Response;
}
