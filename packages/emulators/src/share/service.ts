import {
  decodeRequest,
  ENDPOINTS,
  type EndpointName,
  type EndpointReply,
  endpointAt,
  type RequestData,
  redactUrl,
  ZERO_ID,
} from '@egvkit/protocol/share';
import { HANDLERS, type Handlers, type ServiceState } from './handlers.ts';
import { MemoryShareStore } from './memory-store.ts';
import { type AccountSeed, DEFAULT_BEHAVIOUR, type ShareServiceOptions } from './options.ts';
import { webCryptoPasswords } from './passwords.ts';
import { Refusal, refusalBody } from './refusal.ts';
import { html, json, plain, readBody, truncated } from './responses.ts';
import type { StoredAccount, StoredReading } from './store.ts';
import { ConnectionDropped, type InjectedTrouble, type Trouble, TroubleQueue } from './trouble.ts';

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

/** A Share service in software. */
export interface ShareService {
  /** Answers a request. Rejects with {@link ConnectionDropped} where it is to be left unanswered. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** Adds a listener; the function that is returned removes it. */
  readonly onRequest: (listener: RequestListener) => () => void;
  /** Makes something go wrong with a request to come. */
  readonly failNext: (trouble: InjectedTrouble) => void;
  /** What an account has stored, oldest first; empty for an unknown account. */
  readonly readings: (accountName: string) => readonly StoredReading[];
  /** What is known of an account, without its password. */
  readonly account: (accountName: string) => Omit<StoredAccount, 'passwordHash'> | undefined;
  /** Ends all sessions at once, as if they had timed out. */
  readonly expireSessions: () => void;
}

async function addAccounts(state: ServiceState, accounts: readonly AccountSeed[]): Promise<void> {
  for (const { name, password, accountId, email, receiver, monitoring } of accounts) {
    const passwordHash = await state.passwords.hash(password);
    // A store that lasts may know the account from before.
    const known = state.store.accountByName(name);
    state.store.saveAccount({
      id: known?.id ?? accountId ?? crypto.randomUUID(),
      side: 'publisher',
      name,
      passwordHash,
      email: email ?? known?.email ?? (name.includes('@') ? name : `${name}@example.invalid`),
      receiver: receiver?.trim().toUpperCase() ?? known?.receiver,
      monitoring: monitoring ?? known?.monitoring ?? false,
      refusals: known?.refusals ?? 0,
      lockedUntilMs: known?.lockedUntilMs ?? 0,
      runtimeInfo: known?.runtimeInfo,
    });
  }
}

function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Carries a call out and words the answer by the same row the client reads it with. */
async function carryOut<Name extends EndpointName>(
  state: ServiceState,
  name: Name,
  url: URL,
  text: string,
): Promise<Response> {
  const { reply, effect } = ENDPOINTS[name];
  const { generation } = state.behaviour;
  const refuse = (refusal: Refusal) => json(500, refusalBody(refusal, generation, state.now()));
  const data = decodeRequest(name, url.searchParams, parseBody(text));
  if (!data.ok) {
    // A malformed sign-in is refused by code, anything else without one (spec/share §3.5).
    return effect === 'login' ? refuse(new Refusal('InvalidArgument')) : plain(400, 'Bad Request');
  }
  const asked = data.value.query as { sessionId?: string };
  if (name === 'ReadPublisherLatestGlucoseValues' && asked.sessionId === ZERO_ID)
    return plain(200, '');
  try {
    const handle = HANDLERS[name] as Handlers[Name] | undefined;
    if (handle === undefined) return html(404);
    const value = await handle(state, data.value as RequestData<Name>);
    const encode = reply.encode as (value: EndpointReply<Name>) => string;
    const bare = reply.kind === 'word' && generation === '2015';
    return bare ? plain(200, String(value)) : json(200, encode(value));
  } catch (error) {
    if (error instanceof Refusal) return refuse(error);
    throw error;
  }
}

/** An answer that a trouble puts in place of the real one, at its time. */
function instead(trouble: Trouble | undefined, when: 'before' | 'after'): Response | undefined {
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
    behaviour: { ...DEFAULT_BEHAVIOUR, ...given.options },
    passwords: given.passwords ?? webCryptoPasswords,
    now: given.now ?? Date.now,
  };
  const ready = addAccounts(state, given.accounts ?? []);
  ready.catch(() => {}); // every fetch reports it
  const listeners = new Set<RequestListener>();
  const troubles = new TroubleQueue();
  let requests = 0;

  const tell = async (event: RequestEvent): Promise<void> => {
    for (const listener of listeners) await listener(event);
  };

  async function answer(
    endpoint: EndpointName,
    request: number,
    url: URL,
    text: string,
  ): Promise<Response> {
    await tell({ phase: 'received', endpoint, request, status: undefined });
    const trouble = troubles.take(endpoint);
    if (trouble?.kind === 'latency') await new Promise((done) => setTimeout(done, trouble.ms));
    if (trouble?.kind === 'hang' && trouble.when === 'before') return never();
    if (trouble?.kind === 'fault') {
      const body = refusalBody(new Refusal(trouble.code), state.behaviour.generation, state.now());
      return json(500, body);
    }
    const early = instead(trouble, 'before');
    if (early !== undefined) return early;
    const response = await carryOut(state, endpoint, url, text);
    await tell({ phase: 'committed', endpoint, request, status: response.status });
    if (trouble?.kind === 'hang') return never();
    if (trouble?.kind === 'truncate') return truncated(response);
    return instead(trouble, 'after') ?? response;
  }

  async function fetch(request: Request, connection?: Connection): Promise<Response> {
    await ready;
    const url = new URL(request.url);
    const endpoint = endpointAt(url.pathname);
    if (endpoint === undefined) return html(404);
    if (request.method !== ENDPOINTS[endpoint].http) return html(405);
    const text = await readBody(request, state.behaviour.maxBodyBytes);
    if (text === undefined) return html(413);
    const number = ++requests;
    const response = await answer(endpoint, number, url, text);
    given.log?.(`${request.method} ${redactUrl(url.pathname + url.search)} ${response.status}`);
    const { status } = response;
    const event: RequestEvent = { phase: 'answered', endpoint, request: number, status };
    void (connection?.answered ?? Promise.resolve()).then(() => tell(event));
    return response;
  }

  return {
    fetch,
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failNext: (trouble) => troubles.add(trouble),
    readings(accountName) {
      const account = state.store.accountByName(accountName);
      return account === undefined ? [] : state.store.allReadings(account.id);
    },
    account(accountName) {
      const account = state.store.accountByName(accountName);
      if (account === undefined) return undefined;
      const { passwordHash: _, ...shown } = account;
      return shown;
    },
    expireSessions: () => state.store.endSessions(state.now()),
  };
}
