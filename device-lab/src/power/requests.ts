/** Counts requests at the service, and logins that nothing explains: a session lasts over restarts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShareService } from '@egvkit/share-emulator';

const LOGIN = 'LoginPublisherAccountById';
const AUTHENTICATE = 'AuthenticatePublisherAccount';
const POST = 'PostReceiverEgvRecords';
const OK = 200;
const PAUSE_MS = 20;
const IDLE_LIMIT_MS = 30_000;

export class Requests {
  readonly #service: ShareService;
  readonly #nowMs: () => number;
  readonly #sessionMs: number;
  #lastLoginMs: number | undefined;
  /** The last login was since the last start: its session may not have got to the disk. */
  #isFresh = false;
  #wasCut = false;
  #open = 0;
  logins = 0;
  refused = 0;
  unexplained = 0;
  posts = 0;
  /** Unix ms; undefined before the first post. */
  firstPostMs: number | undefined;

  /** @param sessionMs lifetime of a session */
  constructor(service: ShareService, nowMs: () => number, sessionMs: number) {
    this.#service = service;
    this.#nowMs = nowMs;
    this.#sessionMs = sessionMs;
    service.onRequest(({ endpoint, phase, status }) => {
      if (phase === 'received') this.#open++;
      if (phase === 'answered') this.#open--;
      if (phase === 'received' && endpoint === POST) this.#post();
      if (phase !== 'committed') return;
      if (endpoint === LOGIN && status === OK) this.#login();
      if ((endpoint === LOGIN || endpoint === AUTHENTICATE) && status !== OK) this.refused++;
    });
  }

  #post(): void {
    this.posts++;
    this.firstPostMs ??= this.#nowMs();
  }

  #login(): void {
    const nowMs = this.#nowMs();
    const since = nowMs - (this.#lastLoginMs ?? Number.NEGATIVE_INFINITY);
    if (since < this.#sessionMs && !this.#wasCut) this.unexplained++;
    this.logins++;
    this.#lastLoginMs = nowMs;
    this.#isFresh = true;
    this.#wasCut = false;
  }

  /** Resolves when no request is being carried out; one that was held by a cut goes on after it. */
  async idle(): Promise<void> {
    const end = performance.now() + IDLE_LIMIT_MS;
    while (this.#open > 0) {
      if (performance.now() > end) throw new Error(`${this.#open} requests are never answered.`);
      await sleep(PAUSE_MS);
    }
  }

  /** Ends all sessions, as the service does when a password is changed. */
  endSessions(): void {
    this.#service.expireSessions();
    this.#lastLoginMs = undefined;
  }

  /** The power was cut, or the guest went down in order. */
  startOver({ cut }: { readonly cut: boolean }): void {
    this.#wasCut = cut && this.#isFresh;
    this.#isFresh = false;
  }
}
