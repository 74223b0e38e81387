import { LOOPBACK } from '@egvkit/platform';
import { outOfRange } from '@egvkit/protocol';
import { NightscoutError } from './errors.ts';

/** Function like the platform's `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Secret of a site's owner, or a token that the owner has made for this program. */
export type NightscoutCredentials =
  | {
      /** Known as API_SECRET, as it is: its SHA-1 is sent. For version 1 only. */
      readonly apiSecret: string;
      readonly token?: undefined;
    }
  | {
      /** Access token of a subject, such as `egvkit-0123456789abcdef`. */
      readonly token: string;
      readonly apiSecret?: undefined;
    };

/** Settings of {@link nightscoutDestination}; each has a default. */
export interface NightscoutBehaviour {
  /** Version of the API: 1 if left out. */
  readonly version?: 1 | 3 | undefined;
  /**
   * Age of the oldest reading that is sent, ms: 30 days if left out. A journal keeps 45; what is older
   * is found on the site each time.
   */
  readonly windowMs?: number | undefined;
  /** Most readings that are read back, the newest: 30,000 if left out. */
  readonly mostReadings?: number | undefined;
  /**
   * Another uploader's reading so near counts as the same measurement, whatever its value, ms: half of
   * five minutes if left out, five minutes at the most. 0 sends them side by side, as for two sensors.
   */
  readonly slotMs?: number | undefined;
  /**
   * Device that the entries name: `dexcom` if left out, for which Nightscout writes LOW and HIGH in
   * its notifications.
   */
  readonly device?: string | undefined;
  /** Longest time of one request, answer included: 30,000 if left out, `Infinity` for no limit. */
  readonly timeoutMs?: number | undefined;
  /** Longest answer that is read: 8 MiB if left out. */
  readonly maxAnswerBytes?: number | undefined;
  /** The platform's `fetch` if left out; a page may give `relayFetch(…)` of `@egvkit/relay/page`. */
  readonly fetch?: Fetch | undefined;
  /** This computer's clock, Unix ms; `Date.now` if left out. */
  readonly nowMs?: (() => number) | undefined;
  /** Waits for a time limit; the platform's timer if left out. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** A site, what it takes from whom, and settings. */
export type NightscoutOptions = NightscoutCredentials &
  NightscoutBehaviour & {
    /** `https://host`, with a path if the site has one; http only on this computer. */
    readonly url: string | URL;
  };

/** Address of a site. */
export interface Site {
  /** Without a slash at the end. */
  readonly base: string;
  readonly host: string;
}

/** @throws NightscoutError `badAddress`, `insecureAddress` */
export function siteAt(address: string | URL): Site {
  const text = String(address);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && url.username + url.password + url.search + url.hash === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw new NightscoutError('badAddress', {});
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new NightscoutError('insecureAddress', { host: url.host });
  }
  return { base: url.origin + url.pathname.replace(/\/+$/, ''), host: url.host };
}

/** Beyond it is the next measurement. */
const LONGEST_SLOT_MS = 300_000;

/** @throws InputError `outOfRange` */
export function checkSlot(slotMs: number): void {
  if (slotMs >= 0 && slotMs <= LONGEST_SLOT_MS) return;
  throw outOfRange('slotMs', slotMs, `0 to ${LONGEST_SLOT_MS} ms`);
}

const HIDDEN = 'of another form (not shown)';
const TOKEN = /^[\w-]{1,128}$/;
/** A site does not start with a shorter one. */
const SHORTEST_SECRET = 12; // nightscout §3.1

/**
 * Checks that there is one of the two, and its form; never shows it.
 *
 * @throws InputError `outOfRange`; NightscoutError `tokenNeeded`
 */
export function checkCredentials({
  apiSecret,
  token,
  version = 1,
}: Pick<NightscoutOptions, 'apiSecret' | 'token' | 'version'>): void {
  const fail = (what: string, value: unknown, allowed: string): never => {
    throw outOfRange(what, value, allowed);
  };
  if (version !== 1 && version !== 3) fail("The version of Nightscout's API", version, '1 or 3');
  if ((apiSecret === undefined) === (token === undefined)) {
    fail('The number of apiSecret and token', apiSecret === undefined ? 0 : 2, '1');
  }
  if (token !== undefined && !TOKEN.test(token)) {
    fail('The token', HIDDEN, 'letters, digits, - and _, as the Admin Tools show it');
  }
  if (apiSecret === undefined) return;
  if (version === 3) throw new NightscoutError('tokenNeeded', {});
  if (apiSecret.length < SHORTEST_SECRET) {
    fail('The length of the API secret', apiSecret.length, `${SHORTEST_SECRET} or more`);
  }
}
