import { createNightscoutSite, type NightscoutSite } from '@egvkit/nightscout-emulator';
import type { Random } from '@egvkit/receiver-emulator';
import { LightHeaders } from '../platform/headers.ts';
import type { NetworkAnswer, NetworkRequest } from './network.ts';
import { ServiceTroubles } from './service-state.ts';
import type { Arrived } from './share-side.ts';

export const NIGHTSCOUT_HOST = 'site.example';
const API_SECRET = 'a secret of a family';

/** Listeners of whoever watches over a family. */
export interface NightscoutListeners {
  onRequest(call: string, from: string): void;
  onStored(readings: readonly Arrived[], from: string): void;
}

interface PostedEntry {
  readonly type?: string;
  readonly date?: number;
  readonly sgv?: number;
}

/** The emulated Nightscout site of a family, behind its troubles. */
export class NightscoutSide {
  readonly troubles: ServiceTroubles;
  readonly #site: NightscoutSite;
  readonly #token: string;
  readonly #listeners: NightscoutListeners;
  /** Times of the readings that are there. */
  readonly #dates = new Set<number>();

  constructor(nowMs: () => number, random: Random, listeners: NightscoutListeners) {
    this.#listeners = listeners;
    this.troubles = new ServiceTroubles(random, nowMs);
    this.#site = createNightscoutSite({
      ...{ nowMs, apiSecret: API_SECRET, sleep: async () => {} },
    });
    this.#token = this.#site.addSubject({ name: 'uploader', roles: ['admin'] });
  }

  /** Credentials that a destination is given. */
  credentials(version: 1 | 3) {
    return version === 3 ? { token: this.#token, version } : { apiSecret: API_SECRET, version };
  }

  /** Starts anew: its web tokens end. */
  restart(): void {
    this.#site.restart();
  }

  readonly answer = async (request: NetworkRequest): Promise<NetworkAnswer | undefined> => {
    const { method, url, body, from } = request;
    const call = `${method} ${url.pathname.replace(/request\/.*/, 'request')}`;
    this.#listeners.onRequest(call, from);
    const { troubles } = this;
    const instead = troubles.instead(from);
    if (instead !== undefined) return instead === 'silent' ? undefined : instead;
    const headers = new LightHeaders({ ...request.headers, 'x-forwarded-proto': 'https' });
    const given = { method, url: url.href, headers, text: async () => body };
    const response = await this.#site.fetch(given as unknown as Request);
    if (method === 'POST' && response.status < 300 && url.pathname.includes('entries')) {
      this.#noteStored(body, from);
    }
    if (troubles.failsNow()) return troubles.answer(503, '');
    return troubles.answer(response.status, await response.text(), {
      'content-type': response.headers.get('content-type') ?? '',
    });
  };

  #noteStored(body: string, from: string): void {
    const parsed = JSON.parse(body) as PostedEntry | readonly PostedEntry[];
    const entries: readonly PostedEntry[] = Array.isArray(parsed) ? parsed : [parsed];
    const fresh = entries.flatMap(({ type, date, sgv }): Arrived[] => {
      if (type !== 'sgv' || date === undefined || sgv === undefined) return [];
      // A site recognises a reading of the same millisecond.
      if (this.#dates.has(date)) return [];
      this.#dates.add(date);
      return [{ utcMs: date, value: sgv, serialNumber: undefined }];
    });
    if (fresh.length > 0) this.#listeners.onStored(fresh, from);
  }
}
