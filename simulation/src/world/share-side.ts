import type { Random } from '@egvkit/receiver-emulator';
import {
  createShareService,
  memoryShareStore,
  type ShareService,
  type ShareStore,
  type StoredAccount,
} from '@egvkit/share-emulator';
import type { WorldTime } from '../platform/world-time.ts';
import type { NetworkAnswer, NetworkRequest } from './network.ts';
import { ServiceTroubles } from './service-state.ts';

export const SHARE_HOST = 'share.example';
export const ACCOUNT_NAME = 'wearer';

/** A program tries to log in once in so long. */
export const BETWEEN_LOGINS_MS = 15 * 60_000;

/** A reading that arrived at a service in a request that it took. */
export interface Arrived {
  readonly utcMs: number;
  readonly value: number;
  /** As whose it was sent; undefined if the destination is not told. */
  readonly serialNumber: string | undefined;
}

/** A call that logs in, and what became of it. */
export interface LoginCall {
  /** Name of the program. */
  readonly from: string;
  readonly atMs: number;
  readonly password: string;
  /** True for the first of two calls, the one by name. */
  readonly isFirst: boolean;
  readonly outcome: 'good' | 'refused' | 'locked' | 'unanswered';
}

/** Listeners of whoever watches over a family. */
export interface ShareListeners {
  onRequest(endpoint: string, from: string): void;
  /** A login has arrived; its outcome is not yet known. */
  onLogin(call: LoginCall): void;
  /** The answer to a login has reached the program. */
  onLoginHeard(call: LoginCall): void;
  onStored(readings: readonly Arrived[], from: string): void;
}

const LOGINS = new Set(['AuthenticatePublisherAccount', 'LoginPublisherAccountById']);

/** The emulated Share service of a family, behind its troubles. */
export class ShareSide {
  readonly troubles: ServiceTroubles;
  readonly #service: ShareService;
  readonly #store: ShareStore;
  readonly #time: WorldTime;
  readonly #listeners: ShareListeners;
  #loggedInMs = Number.NEGATIVE_INFINITY;
  #withoutSessionUntilMs = 0;
  /** Time when a post told the program that sharing is off; infinite while it cannot know. */
  #sharingKnownMs = 0;

  constructor(
    time: WorldTime,
    random: Random,
    account: { readonly password: string; readonly receiver: string },
    listeners: ShareListeners,
  ) {
    const now = (): number => Math.floor(time.nowMs);
    this.#time = time;
    this.#listeners = listeners;
    this.#store = memoryShareStore();
    this.troubles = new ServiceTroubles(random, now);
    this.#service = createShareService({
      ...{ now, store: this.#store },
      accounts: [{ name: ACCOUNT_NAME, sharing: true, ...account }],
      // Hashes keep passwords that are stolen; nobody steals these.
      passwords: { hash: async (it) => it, matches: async (it, hash) => it === hash },
    });
  }

  get account(): StoredAccount {
    const account = this.#store.accountByName(ACCOUNT_NAME);
    if (account === undefined) throw new Error('The account is gone.');
    return account;
  }

  change(change: Partial<StoredAccount>): void {
    this.#store.saveAccount({ ...this.account, ...change });
  }

  /** Time until when nobody can have a session: it ended so soon that the next login has to wait. */
  get withoutSessionUntilMs(): number {
    return this.#withoutSessionUntilMs;
  }

  /** Somebody stops sharing. */
  stopSharing(): void {
    this.change({ sharing: false });
    this.#sharingKnownMs = Number.POSITIVE_INFINITY;
  }

  /** Time since when the program can know whether it is sharing: only a post that is refused tells; Unix ms. */
  get sharingKnownMs(): number {
    return this.#sharingKnownMs;
  }

  expireSessions(): void {
    this.#service.expireSessions();
    const nextLoginMs = this.#loggedInMs + BETWEEN_LOGINS_MS;
    if (this.#time.nowMs < nextLoginMs) this.#withoutSessionUntilMs = nextLoginMs;
  }

  /** Another device publishes. */
  publish(readings: readonly Arrived[]): void {
    this.#service.addReadings(
      ACCOUNT_NAME,
      readings.map(({ utcMs, value, serialNumber }) => ({
        ...{
          serialNumber: serialNumber ?? '',
          stMs: utcMs,
          dtMs: utcMs,
          wtMs: utcMs,
          trend: 4,
          mgDl: value,
        },
      })),
    );
  }

  stored(): readonly Arrived[] {
    return this.#service
      .readings(ACCOUNT_NAME)
      .map(({ wtMs: utcMs, mgDl: value, serialNumber }) => ({ utcMs, value, serialNumber }));
  }

  readonly answer = async (request: NetworkRequest): Promise<NetworkAnswer | undefined> => {
    const endpoint = request.url.pathname.split('/').at(-1) ?? '';
    const { from } = request;
    this.#listeners.onRequest(endpoint, from);
    const login = LOGINS.has(endpoint) ? this.#loginOf(request, endpoint) : undefined;
    if (login !== undefined) this.#listeners.onLogin(login);
    const { troubles } = this;
    const instead = troubles.instead(from);
    if (instead !== undefined) return instead === 'silent' ? undefined : instead;
    const { method, url, headers, body } = request;
    const { pathname: path, search } = url;
    const { accept = '' } = headers;
    const answer = await this.#service.handle({ method, path, search, accept, body });
    const isGood = answer.status === 200;
    if (endpoint === 'PostReceiverEgvRecords') {
      if (isGood) this.#noteStored(body, from);
      else if (this.#sharingKnownMs > this.#time.nowMs) this.#sharingKnownMs = this.#time.nowMs;
    }
    if (troubles.failsNow()) return troubles.answer(503, '');
    const sent = troubles.answer(answer.status, answer.body, { 'content-type': answer.type });
    if (login === undefined) return sent;
    const isLocked = !isGood && new TextDecoder().decode(answer.body).includes('MaxAttempts');
    if (isGood) this.#loggedInMs = login.atMs;
    const outcome = isGood ? 'good' : isLocked ? 'locked' : 'refused';
    return { ...sent, onHeard: () => this.#listeners.onLoginHeard({ ...login, outcome }) };
  };

  #loginOf({ body, from }: NetworkRequest, endpoint: string): LoginCall {
    const { password = '' } = JSON.parse(body) as { password?: string };
    const isFirst = endpoint === 'AuthenticatePublisherAccount';
    return { from, atMs: this.#time.nowMs, password, isFirst, outcome: 'unanswered' };
  }

  #noteStored(body: string, from: string): void {
    const post = JSON.parse(body) as {
      readonly SN: string;
      readonly TA: number;
      readonly Egvs: readonly { readonly ST: string; readonly Value: number }[];
    };
    const shiftMs = (post.TA ?? 0) * 1000;
    this.#listeners.onStored(
      post.Egvs.map(({ ST, Value }) => ({
        utcMs: Number(/-?\d+/.exec(ST)?.[0]) + shiftMs,
        value: Value,
        serialNumber: post.SN.replace(/\/$/, ''),
      })),
      from,
    );
  }
}
