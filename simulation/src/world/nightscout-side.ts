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
  /** Meter values were. */
  onMeters(values: readonly Arrived[], from: string): void;
}

interface PostedEntry {
  readonly type?: string;
  readonly date?: number;
  readonly sgv?: number;
  readonly mbg?: number;
}

/** The emulated Nightscout site of a family, behind its troubles. */
export class NightscoutSide {
  readonly troubles: ServiceTroubles;
  readonly #site: NightscoutSite;
  readonly #token: string;
  readonly #listeners: NightscoutListeners;
  /** Kinds and times of the entries that are there. */
  readonly #there = new Set<string>();

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
    const freshOf = (wanted: 'sgv' | 'mbg'): readonly Arrived[] =>
      entries.flatMap(({ type, date, [wanted]: value }) => {
        if (type !== wanted || date === undefined || value === undefined) return [];
        // A site recognises an entry of the same millisecond.
        const key = `${type} ${date}`;
        if (this.#there.has(key)) return [];
        this.#there.add(key);
        return [{ utcMs: date, value, serialNumber: undefined }];
      });
    const readings = freshOf('sgv');
    if (readings.length > 0) this.#listeners.onStored(readings, from);
    const meters = freshOf('mbg');
    if (meters.length > 0) this.#listeners.onMeters(meters, from);
  }
}
