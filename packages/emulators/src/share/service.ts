import { ENDPOINTS, type EndpointName, endpointAt, redactUrl } from '@egvkit/protocol/share';
import { acceptInvitation, addAccounts, type FollowerCredentials } from './accounts.ts';
import { type Answer, html, json, toResponse, withWrongTypes } from './answer.ts';
import { type ArrivedCall, carryOut, refused, sessionOf } from './call.ts';
import { MemoryShareStore } from './memory-store.ts';
import { resolveBehaviour, type ShareServiceOptions } from './options.ts';
import { webCryptoPasswords } from './passwords.ts';
import { ReadingCache } from './reading-cache.ts';
import { Refusal } from './refusal.ts';
import { readText } from './request-body.ts';
import type { ServiceState } from './state.ts';
import type { StoredAccount, StoredReading } from './store.ts';
import {
  ConnectionDropped,
  type InjectedTrouble,
  type RandomTrouble,
  type Trouble,
  TroubleQueue,
} from './trouble.ts';

/**
 * How far a request has come: `received` whole, nothing done yet · `committed` carried out or
 * refused, nothing answered yet · `answered` the answer has been handed over (by a server: sent).
 */
export interface RequestEvent {
  readonly phase: 'received' | 'committed' | 'answered';
  readonly endpoint: EndpointName;
  /** Counts the service's requests from 1. */
  readonly request: number;
  /** HTTP status; undefined while `received`. */
  readonly status: number | undefined;
}

/** Hears of every request. The service waits for it, so a test can do something exactly then. */
export type RequestListener = (event: RequestEvent) => void | Promise<void>;

/** Told by a server: when the answer has been sent, or its client has gone. */
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
  /** Answers a request. Rejects with {@link ConnectionDropped} where it is to be left unanswered. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** The same for a server that has read the body itself, at most `maxBodyBytes` of it. */
  readonly handle: (request: ArrivedRequest, connection?: Connection) => Promise<Answer>;
  readonly maxBodyBytes: number;
  /** Adds a listener; the function that is returned removes it. */
  readonly onRequest: (listener: RequestListener) => () => void;
  /** Makes something go wrong with a request to come. */
  readonly failNext: (trouble: InjectedTrouble) => void;
  /** Makes things go wrong by chance from now on; what comes in `failNext` comes first. */
  readonly failAtRandom: (trouble: RandomTrouble) => void;
  /** Lets everything go right again. */
  readonly clearTroubles: () => void;
  /** What an account has stored, oldest first; empty for an unknown account. */
  readonly readings: (accountName: string) => readonly StoredReading[];
  /** Stores readings of an account without asking whether it would take them. */
  readonly addReadings: (accountName: string, readings: readonly StoredReading[]) => void;
  /** What is known of an account, without its password. */
  readonly account: (accountName: string) => Omit<StoredAccount, 'passwordHash'> | undefined;
  /** Ends all sessions at once, as if they had timed out. */
  readonly expireSessions: () => void;
  /** Accepts an invitation, for a new follower or one who is there; see {@link acceptInvitation}. */
  readonly acceptInvitation: (
    subscriptionId: string,
    follower?: FollowerCredentials,
  ) => Promise<FollowerCredentials>;
  /** Done when all accounts are there; rejects if one could not be made. */
  readonly ready: Promise<void>;
}

/** An answer that a trouble puts in place of the real one, at its time. */
function instead(trouble: Trouble | undefined, when: 'before' | 'after'): Answer | undefined {
  if (trouble === undefined || !('when' in trouble || 'status' in trouble)) return undefined;
  if ((trouble.when ?? 'before') !== when) return undefined;
  if (trouble.kind === 'drop') throw new ConnectionDropped();
  if (trouble.kind === 'html') return html(trouble.status);
  return trouble.kind === 'body' ? json(trouble.status, trouble.body) : undefined;
}

const never = (): Promise<never> => new Promise(() => {});

/** Starts an emulated Share service. It answers requests by `fetch`; `serveShare` puts it on a port. */
export function createShareService(given: ShareServiceOptions = {}): ShareService {
  const state: ServiceState = {
    store: given.store ?? new MemoryShareStore(),
    behaviour: resolveBehaviour(given.options),
    passwords: given.passwords ?? webCryptoPasswords,
    now: given.now ?? Date.now,
    cache: new ReadingCache(),
  };
  const { store, behaviour } = state;
  const ready = addAccounts(state, given.accounts ?? []);
  ready.catch(() => {}); // every request reports it
  const listeners = new Set<RequestListener>();
  const troubles = new TroubleQueue();
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
    const trouble = troubles.take(endpoint);
    if (trouble?.kind === 'latency') await new Promise((done) => setTimeout(done, trouble.ms));
    if (trouble?.kind === 'hang' && trouble.when === 'before') return never();
    if (trouble?.kind === 'fault') return refused(state, new Refusal(trouble.code));
    if (trouble?.kind === 'expireSession') expire(call);
    const early = instead(trouble, 'before');
    if (early !== undefined) return early;
    const whole = await carryOut(state, endpoint, call);
    await tell({ phase: 'committed', endpoint, request, status: whole.status });
    if (trouble?.kind === 'hang') return never();
    if (trouble?.kind === 'truncate') return { ...whole, cut: true };
    if (trouble?.kind === 'wrongTypes') return withWrongTypes(whole);
    return instead(trouble, 'after') ?? whole;
  }

  async function handle(request: ArrivedRequest, connection?: Connection): Promise<Answer> {
    await ready;
    const endpoint = endpointAt(request.path);
    if (endpoint === undefined) return html(404);
    if (request.method !== ENDPOINTS[endpoint].http) return html(405);
    const number = ++requests;
    const answered = await answer(endpoint, number, request);
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
    failNext: (trouble) => troubles.add(trouble),
    failAtRandom: (trouble) => troubles.roll(trouble),
    clearTroubles: () => troubles.clear(),
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
