import { ENDPOINTS, type EndpointName, endpointAt, redactUrl } from '@egvkit/protocol/share';
import { acceptInvitation, addAccounts, type FollowerCredentials } from './accounts.ts';
import { type Answer, html, json, toResponse, withWrongTypes } from './answer.ts';
import { type ArrivedCall, carryOut, refused, sessionOf } from './call.ts';
import {
  ConnectionDropped,
  type Failure,
  FailureQueue,
  type InjectedFailure,
  type RandomFailure,
} from './failure.ts';
import { LoginQueue } from './login-queue.ts';
import { memoryShareStore } from './memory-store.ts';
import { resolveBehaviour, type ShareServiceOptions } from './options.ts';
import { webCryptoPasswords } from './passwords.ts';
import { ReadingCache } from './reading-cache.ts';
import { Refusal } from './refusal.ts';
import { readText } from './request-body.ts';
import type { ServiceState } from './state.ts';
import { isStoreBusy, type StoredAccount, type StoredReading } from './store.ts';

/**
 * Progress of a request: `received` whole, nothing done yet · `committed` carried out or refused,
 * nothing answered yet · `answered` the answer has been handed over (by a server: sent).
 */
export interface RequestEvent {
  readonly phase: 'received' | 'committed' | 'answered';
  readonly endpoint: EndpointName;
  /** Counts the service's requests from 1. */
  readonly request: number;
  /** HTTP status; undefined while `received`. */
  readonly status: number | undefined;
}

/** Called at each step of a request. The service waits for it, so a test can act exactly then. */
export type RequestListener = (event: RequestEvent) => void | Promise<void>;

/** Connection of a request: `answered` when the answer has been sent, or the client has gone. */
export interface Connection {
  readonly answered: Promise<void>;
}

/** A request whose body has been read. */
export interface ArrivedRequest extends ArrivedCall {
  readonly method: string;
  readonly path: string;
}

/** A Share service in software. */
export interface ShareService {
  /** Answers a request. Rejects with {@link ConnectionDropped} if it is to be left unanswered. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** The same for a server that has read the body itself, at most `maxBodyBytes` of it. */
  readonly handle: (request: ArrivedRequest, connection?: Connection) => Promise<Answer>;
  readonly maxBodyBytes: number;
  /** Adds a listener; the function that is returned removes it. */
  readonly onRequest: (listener: RequestListener) => () => void;
  /** Makes a request to come fail. */
  readonly failNext: (failure: InjectedFailure) => void;
  /** Makes requests fail by chance from now on; failures of `failNext` come first. */
  readonly failAtRandom: (failure: RandomFailure) => void;
  /** Ends all failures. */
  readonly clearFailures: () => void;
  /** Gives the readings of an account, oldest first; empty for an unknown account. */
  readonly readings: (accountName: string) => readonly StoredReading[];
  /** Stores readings of an account, also if the account would refuse them. */
  readonly addReadings: (accountName: string, readings: readonly StoredReading[]) => void;
  /** Gives the record of an account, without its password. */
  readonly account: (accountName: string) => Omit<StoredAccount, 'passwordHash'> | undefined;
  /** Ends all sessions at once, as if they had timed out. */
  readonly expireSessions: () => void;
  /** Accepts an invitation, for a new follower or one who is there; see {@link acceptInvitation}. */
  readonly acceptInvitation: (
    subscriptionId: string,
    follower?: FollowerCredentials,
  ) => Promise<FollowerCredentials>;
  /** Resolves when all accounts are there; rejects if one could not be made. */
  readonly ready: Promise<void>;
}

/** Gives the answer that a failure puts in place of the real one, at its time. */
function instead(failure: Failure | undefined, when: 'before' | 'after'): Answer | undefined {
  if (failure === undefined || !('when' in failure || 'status' in failure)) return undefined;
  if ((failure.when ?? 'before') !== when) return undefined;
  if (failure.kind === 'drop') throw new ConnectionDropped();
  if (failure.kind === 'html') return html(failure.status);
  return failure.kind === 'body' ? json(failure.status, failure.body) : undefined;
}

const never = (): Promise<never> => new Promise(() => {});

/**
 * Starts an emulated Share service. It answers requests by `fetch`; `serveShare` puts it on a port.
 *
 * @example
 * ```ts
 * import { createShareService } from '@egvkit/share-emulator';
 * import { ShareClient } from '@egvkit/share-http';
 *
 * const service = createShareService({ accounts: [{ name: 'ann', password: 'secret' }] });
 * const share = new ShareClient({
 *   region: 'us', // not asked: all requests go to the service
 *   accountName: 'ann',
 *   password: 'secret',
 *   fetch: (url, init) => service.fetch(new Request(url, init)),
 * });
 * service.failNext({ kind: 'html', status: 503 });
 * console.log(await share.readings()); // [], after a retry
 * ```
 */
export function createShareService(given: ShareServiceOptions = {}): ShareService {
  const state: ServiceState = {
    store: given.store ?? memoryShareStore(),
    behaviour: resolveBehaviour(given.options),
    passwords: given.passwords ?? webCryptoPasswords,
    now: given.now ?? Date.now,
    cache: new ReadingCache(),
    logins: new LoginQueue(),
  };
  const { store, behaviour } = state;
  const ready = addAccounts(state, given.accounts ?? []);
  ready.catch(() => {}); // every request reports it
  const listeners = new Set<RequestListener>();
  const failures = new FailureQueue();
  let requests = 0;

  const tell = async (event: RequestEvent): Promise<void> => {
    for (const listener of listeners) await listener(event);
  };

  function expire(call: ArrivedCall): void {
    const sessionId = sessionOf(call);
    const session = sessionId === undefined ? undefined : store.session(sessionId);
    if (sessionId === undefined || session === undefined) return;
    store.saveSession(sessionId, { ...session, expiresMs: state.now() });
  }

  async function answer(
    endpoint: EndpointName,
    request: number,
    call: ArrivedCall,
  ): Promise<Answer> {
    await tell({ phase: 'received', endpoint, request, status: undefined });
    const failure = failures.take(endpoint);
    if (failure?.kind === 'latency') await new Promise((done) => setTimeout(done, failure.ms));
    if (failure?.kind === 'hang' && failure.when === 'before') return never();
    if (failure?.kind === 'fault') return refused(state, new Refusal(failure.code));
    if (failure?.kind === 'expireSession') expire(call);
    const early = instead(failure, 'before');
    if (early !== undefined) return early;
    const whole = await carryOut(state, endpoint, call);
    await tell({ phase: 'committed', endpoint, request, status: whole.status });
    if (failure?.kind === 'hang') return never();
    if (failure?.kind === 'truncate') return { ...whole, cut: true };
    if (failure?.kind === 'wrongTypes') return withWrongTypes(whole);
    return instead(failure, 'after') ?? whole;
  }

  async function handle(request: ArrivedRequest, connection?: Connection): Promise<Answer> {
    await ready;
    const endpoint = endpointAt(request.path);
    if (endpoint === undefined) return html(404);
    if (request.method !== ENDPOINTS[endpoint].http) return html(405);
    const number = ++requests;
    let answered: Answer;
    try {
      answered = await answer(endpoint, number, request);
    } catch (error) {
      if (!isStoreBusy(error)) throw error;
      answered = { ...html(503), retryAfterSeconds: 1 };
    }
    const { status } = answered;
    given.log?.(`${request.method} ${redactUrl(request.path + request.search)} ${status}`);
    const event: RequestEvent = { phase: 'answered', endpoint, request: number, status };
    void (connection?.answered ?? Promise.resolve()).then(() => tell(event));
    return answered;
  }

  async function fetch(request: Request, connection?: Connection): Promise<Response> {
    const { pathname: path, search } = new URL(request.url);
    const body = await readText(request.body, behaviour.maxBodyBytes);
    if (body === undefined) return toResponse(html(413));
    const accept = request.headers.get('accept') ?? '';
    const { method } = request;
    return toResponse(await handle({ method, path, search, accept, body }, connection));
  }

  return {
    fetch,
    handle,
    maxBodyBytes: behaviour.maxBodyBytes,
    ready,
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failNext: (failure) => failures.add(failure),
    failAtRandom: (failure) => failures.roll(failure),
    clearFailures: () => failures.clear(),
    readings(accountName) {
      const account = store.accountByName(accountName);
      return account === undefined ? [] : store.allReadings(account.id);
    },
    addReadings(accountName, readings) {
      const account = store.accountByName(accountName);
      if (account === undefined) throw new Error(`There is no account ${accountName}.`);
      store.addReadings(account.id, readings);
    },
    account(accountName) {
      const account = store.accountByName(accountName);
      if (account === undefined) return undefined;
      const { passwordHash: _, ...shown } = account;
      return shown;
    },
    expireSessions: () => store.endSessions(state.now()),
    acceptInvitation: (subscriptionId, follower) =>
      acceptInvitation(state, subscriptionId, follower),
  };
}
