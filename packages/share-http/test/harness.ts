import type { EgvUpload, EndpointName } from '@egvkit/protocol/share';
import {
  type AccountSeed,
  createShareService,
  type ServiceBehaviour,
} from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { onTestFinished } from 'vitest';
import type { Platform } from '../src/http/platform.ts';
import {
  memorySessionStore,
  ShareClient,
  type ShareClientOptions,
  type StoredAccount,
} from '../src/index.ts';
import { MemorySessionStore } from '../src/session/store.ts';

export const NAME = 'ann@example.com';
export const PASSWORD = 'correct horse "battery"';
export const ACCOUNT_ID = '11111111-2222-4333-8444-555555555555';
export const SESSION_ID = 'e3e3e6a5-0123-4567-89ab-cdefcdefcdef';
export const SERIAL = 'SM12345678';
export const NOW_MS = 1_700_000_000_000;

export const ACCOUNT: AccountSeed = { name: NAME, password: PASSWORD, accountId: ACCOUNT_ID };
export const READY: AccountSeed = { ...ACCOUNT, receiver: SERIAL, sharing: true };

/** Options of a client, with a clock, timer and chance that a test moves. */
export type TestOptions = Partial<ShareClientOptions> & Platform;

interface Setup {
  readonly account?: AccountSeed;
  readonly behaviour?: Partial<ServiceBehaviour>;
}

/** An emulated service on loopback, a clock that tests move, and clients for it. */
export async function start({ account = READY, behaviour = {} }: Setup = {}) {
  const time = { ms: NOW_MS };
  const now = () => time.ms;
  const service = createShareService({ now, accounts: [account], options: behaviour });
  const calls: EndpointName[] = [];
  service.onRequest(({ phase, endpoint }) => {
    if (phase === 'received') calls.push(endpoint);
  });
  const server = await serveShare(service);
  onTestFinished(() => server.close());
  const client = (more: TestOptions = {}) =>
    new ShareClient({
      origin: server.origin,
      accountName: NAME,
      password: PASSWORD,
      now,
      repeats: 0,
      store: memorySessionStore(),
      ...more,
    } as ShareClientOptions & Platform);
  const count = (name: EndpointName) => calls.filter((call) => call === name).length;
  return { service, server, client, calls, count, time };
}

/** An upload of readings so many seconds old. */
export function upload(...ages: number[]): EgvUpload {
  const Egvs = ages.map((age) => {
    const date = `/Date(${NOW_MS - age * 1000})/`;
    return { Trend: 4, ST: date, DT: date, Value: 100 };
  });
  return { SN: SERIAL, Egvs, TA: 0 };
}

/** A client whose every call after logging in gets what `respond` makes; nothing goes out. */
export function answering(
  respond: (url: string, init: RequestInit) => Response | Promise<Response>,
  more: TestOptions = {},
): ShareClient {
  return new ShareClient({
    region: 'us',
    accountName: NAME,
    password: PASSWORD,
    repeats: 0,
    store: memorySessionStore(),
    fetch: async (url: string, init: RequestInit) => {
      if (url.includes('AuthenticatePublisherAccount')) return Response.json(ACCOUNT_ID);
      if (url.includes('LoginPublisherAccountById')) return Response.json(SESSION_ID);
      return respond(url, init);
    },
    ...more,
  } as ShareClientOptions & Platform);
}

/** A refusal as the service words it. */
export const fault = (Code: string, Message = '') =>
  Response.json({ Code, Message }, { status: 500 });

/** A store whose whole content can be looked at. */
export class OpenStore extends MemorySessionStore {
  readonly saved = new Map<string, StoredAccount>();

  override async save(key: string, account: StoredAccount): Promise<void> {
    this.saved.set(key, account);
    await super.save(key, account);
  }
}

/** A client that is told what to answer to each login. */
export function loggingIn(respond: (url: string) => Response, more: object = {}) {
  const sent: string[] = [];
  const client = answering(() => Response.json(true), {
    fetch: async (url: string) => {
      sent.push(url.split('/').at(-1)!.split('?')[0]!);
      return respond(url);
    },
    ...more,
  });
  return { client, sent };
}
