import { type Answer, html, notFound, refusalV3, toResponse } from './answer.ts';
import { Authorization, credentialsOf } from './authorization.ts';
import { storeV1 } from './entries-v1.ts';
import { type CallName, ConnectionDropped, FailureQueue, type InjectedFailure } from './failure.ts';
import { instead } from './failure-answer.ts';
import { DEFAULT_BEHAVIOUR, type NightscoutSiteOptions, type SubjectSeed } from './options.ts';
import { OPEN, ROUTES, type Route, refusedV3 } from './routes.ts';
import type { SiteState } from './state.ts';
import { EntryStore, type Fields } from './store.ts';

/** Progress of a request: `received` whole, `committed` carried out or refused and not answered yet. */
export interface RequestEvent {
  readonly phase: 'received' | 'committed';
  readonly call: CallName;
  /** Counts the site's requests from 1. */
  readonly request: number;
  /** HTTP status; undefined while `received`. */
  readonly status: number | undefined;
}

/** Called at each step of a request. The site waits for it, so a test can act exactly then. */
export type RequestListener = (event: RequestEvent) => void | Promise<void>;

/** A Nightscout site in software: the calls of its entries. */
export interface NightscoutSite {
  /** Answers a request. Rejects with {@link ConnectionDropped} if it is to be left unanswered. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Entries of all kinds, oldest first, as they are stored. */
  readonly entries: () => readonly Fields[];
  /** Stores entries as another uploader's post of version 1 would. */
  readonly addEntries: (entries: readonly Fields[]) => void;
  /** Gives a subject an access token, in the place of one of the same name. */
  readonly addSubject: (subject: SubjectSeed) => string;
  /** Gives a subject's access token; undefined for an unknown one. */
  readonly accessToken: (name: string) => string | undefined;
  /** Takes a subject's rights away. */
  readonly removeSubject: (name: string) => void;
  readonly setApiSecret: (secret: string) => void;
  /** Starts the site anew: its JSON web tokens end, entries and access tokens stay. */
  readonly restart: () => void;
  /** Secrets and tokens that were refused so far. */
  readonly refusals: () => number;
  /** Adds a listener; the function that is returned removes it. */
  readonly onRequest: (listener: RequestListener) => () => void;
  /** Makes a request to come fail. */
  readonly failNext: (failure: InjectedFailure) => void;
  /** Ends all failures. */
  readonly clearFailures: () => void;
}

/** Never answers; ends with the request. */
const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Starts an emulated Nightscout site. It answers requests by `fetch`; `serveNightscout` puts it on a
 * port. With `nowMs` and `sleep` of a virtual time it uses no clock and no timer of the system's.
 *
 * @throws TypeError for an API secret of fewer than 12 characters
 *
 * @example
 * ```ts
 * import { createNightscoutSite } from '@egvkit/nightscout-emulator';
 *
 * const site = createNightscoutSite({ apiSecret: 'twelve letters' });
 * const token = site.addSubject({ name: 'uploader', roles: ['admin'] });
 * const url = `https://site.example/api/v2/authorization/request/${token}`;
 * const answer = await site.fetch(new Request(url));
 * console.log(answer.status); // 200
 * ```
 */
export function createNightscoutSite(given: NightscoutSiteOptions = {}): NightscoutSite {
  const behaviour = { ...DEFAULT_BEHAVIOUR, ...given.options };
  const trueNowMs = given.nowMs ?? Date.now;
  const sleep = given.sleep ?? wait;
  const nowMs = (): number => trueNowMs() + behaviour.clockOffsetMs;
  const authorization = new Authorization(behaviour, nowMs, sleep);
  authorization.setSecret(given.apiSecret);
  for (const subject of given.subjects ?? []) authorization.add(subject);
  const store = new EntryStore();
  const state: SiteState = { behaviour, store, authorization, nowMs };
  const failures = new FailureQueue();
  const listeners = new Set<RequestListener>();
  let requests = 0;

  async function carryOut(route: Route, request: Request, url: URL): Promise<Answer> {
    const body = await bodyOf(request, behaviour.maxBodyBytes);
    const isV3 = route.name.startsWith('v3');
    // nightscout §4.3
    if (body === undefined) return isV3 ? refusalV3(500, 'Internal Server Error') : html(413);
    const { headers } = request;
    const query = url.searchParams;
    const call = { path: url.pathname, query, headers, body, caller: undefined };
    if (OPEN.includes(route.name)) return route.answer(state, call);
    const credentials = credentialsOf(headers, query);
    if (isV3) {
      const early = refusedV3(behaviour.api3, headers, query, credentials);
      if (early !== undefined) return early;
    }
    const asked = isV3 ? { ...credentials, secret: undefined } : credentials;
    const caller = await authorization.caller(asked, addressOf(headers));
    if (isV3 && caller === undefined) return refusalV3(401, 'Bad access token or JWT');
    return route.answer(state, { ...call, caller });
  }

  async function answer(request: Request): Promise<Answer> {
    const url = new URL(request.url);
    // nightscout §6
    const isHttps =
      url.protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https';
    if (!behaviour.insecureUseHttp && !isHttps) {
      const location = `https://${url.host}${url.pathname}${url.search}`;
      return { ...html(307), headers: { location } };
    }
    if (request.method === 'OPTIONS' && behaviour.allowOrigin !== undefined) {
      return { status: 200, type: 'text/plain; charset=utf-8', body: 'OK' };
    }
    const route = ROUTES.find(
      ({ method, path }) => method === request.method && path.test(url.pathname),
    );
    const isThere = route?.name.startsWith('v3') ? behaviour.api3 !== 'none' : true;
    if (route === undefined || !isThere) return notFound(request.method, url.pathname);
    const number = ++requests;
    const { name: call } = route;
    const tell = async (event: RequestEvent): Promise<void> => {
      for (const listener of listeners) await listener(event);
    };
    await tell({ phase: 'received', call, request: number, status: undefined });
    const failure = failures.take(call);
    if (failure?.kind === 'latency') await sleep(failure.ms);
    if (failure?.kind === 'hang' && failure.when === 'before') return await hang(request.signal);
    const early = instead(failure, 'before');
    if (early !== undefined) return early;
    const whole = await carryOut(route, request, url);
    await tell({ phase: 'committed', call, request: number, status: whole.status });
    if (failure?.kind === 'hang') return await hang(request.signal);
    if (failure?.kind === 'truncate') return { ...whole, cut: true };
    return instead(failure, 'after') ?? whole;
  }

  async function fetch(request: Request): Promise<Response> {
    const made = await answer(request);
    const { allowOrigin } = behaviour;
    const headers = {
      ...{ ...made.headers, date: new Date(nowMs()).toUTCString() },
      ...(allowOrigin !== undefined && {
        'access-control-allow-origin': allowOrigin,
        'access-control-allow-methods': 'GET,PUT,POST,DELETE,OPTIONS',
        'access-control-allow-headers':
          'Content-Type, Authorization, Content-Length, X-Requested-With',
      }),
    };
    return toResponse({ ...made, headers });
  }

  return {
    fetch,
    entries: () => store.all(),
    addEntries(entries) {
      for (const entry of entries) storeV1(state, entry);
    },
    addSubject: (subject) => authorization.add(subject),
    accessToken: (name) => authorization.accessToken(name),
    removeSubject: (name) => authorization.remove(name),
    setApiSecret: (secret) => authorization.setSecret(secret),
    restart: () => authorization.restart(),
    refusals: () => authorization.refusals,
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failNext: (failure) => failures.add(failure),
    clearFailures: () => failures.clear(),
  };
}

/** Address of a client, as a proxy tells it; all others are one (ours). */
const addressOf = (headers: Headers): string => headers.get('x-forwarded-for') ?? 'one';

async function bodyOf(request: Request, maxBytes: number): Promise<string | undefined> {
  if (Number(request.headers.get('content-length')) > maxBytes) return undefined;
  const text = await request.text();
  return text.length > maxBytes ? undefined : text;
}
