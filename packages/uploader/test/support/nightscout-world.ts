import {
  createNightscoutSite,
  type Fields,
  type NightscoutSite,
  type NightscoutSiteOptions,
} from '@egvkit/nightscout-emulator';
import {
  type NightscoutOptions,
  nightscoutDestination,
} from '../../src/destinations/nightscout/index.ts';
import type { DestinationLimits, PlannedReading, PostOutcome, ReadBack } from '../../src/index.ts';
import { FakeDestination, NOW_MS } from './world.ts';

export const API_SECRET = 'a secret of the owner';
const UPLOADER = 'uploader';

/** A request as it went out. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Options of a world: of the destination, and of the site. */
export interface WorldOptions
  extends Partial<Omit<NightscoutOptions, 'url' | 'apiSecret' | 'token'>> {
  readonly with?: 'secret' | 'token';
  readonly site?: NightscoutSiteOptions;
}

/** An emulated site, and what a destination needs to reach it without a port. */
export function nightscoutWorld({ with: by, site: given, ...options }: WorldOptions = {}) {
  const site = createNightscoutSite({
    ...{ apiSecret: API_SECRET, nowMs: () => NOW_MS, sleep: async () => {} },
    subjects: [{ name: UPLOADER, permissions: ['api:entries:create,read,update'] }],
    ...given,
  });
  const sent: Sent[] = [];
  const reach = async (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const { method, headers } = request;
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    sent.push({ method, url: request.url, headers, body });
    return await site.fetch(request);
  };
  const token = site.accessToken(UPLOADER) ?? '';
  const isByToken = (by ?? (options.version === 3 ? 'token' : 'secret')) === 'token';
  const destination = nightscoutDestination({
    ...{ url: 'https://site.example', fetch: reach, nowMs: () => NOW_MS, ...options },
    ...(isByToken ? { token } : { apiSecret: API_SECRET }),
  });
  return { site, sent, token, destination };
}

/** Entries of a kind, oldest first. */
export function entriesOf(site: NightscoutSite, type = 'sgv'): readonly Fields[] {
  return site.entries().filter((entry) => entry.type === type);
}

/** The same as times and values. */
export function storedIn(site: NightscoutSite): { utcMs: number; value: number }[] {
  return entriesOf(site).map(({ date, sgv }) => ({ utcMs: Number(date), value: Number(sgv) }));
}

/** A Nightscout destination whose posts fail as they are told to. */
export class FailingNightscout extends FakeDestination {
  readonly #world: ReturnType<typeof nightscoutWorld>;
  readonly limits: DestinationLimits;
  readonly readBack: ReadBack | undefined;

  constructor(version: 1 | 3) {
    super();
    this.#world = nightscoutWorld({ version });
    const { limits, readBack } = this.#world.destination;
    this.limits = limits;
    this.readBack = readBack && {
      ...readBack,
      read: async (options) => {
        this.checkpoint('read');
        return await readBack.read(options);
      },
    };
  }

  values(): number[] {
    return storedIn(this.#world.site).map(({ value }) => value);
  }

  protected store(readings: readonly PlannedReading[], serialNumber: string): Promise<PostOutcome> {
    return this.#world.destination.post(readings, { serialNumber });
  }
}
