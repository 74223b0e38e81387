import { LOOPBACK } from '@egvkit/platform';
import { outOfRange } from '@egvkit/protocol';
import { REGIONS, type RegionName } from '@egvkit/protocol/share';
import type { Site } from './calls.ts';
import { RelayError } from './errors.ts';

/** The part of the platform's `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Services that a relay passes calls on to, and the limits of a call. */
export interface RelayServices {
  /**
   * Regions of Dexcom Share. If left out: all of them, or none where `shareOrigin` is given.
   * An account lives in one.
   */
  readonly regions?: readonly RegionName[] | undefined;
  /** Your own service that speaks like Share: `https://host`; http only on this computer. */
  readonly shareOrigin?: string | URL | undefined;
  /** One's own Nightscout site: `https://host`; http only on this computer. */
  readonly nightscout?: string | URL | undefined;
  /** Time for one call, from its first byte to the last of its answer: 30,000 if left out. */
  readonly timeoutMs?: number | undefined;
  /** Longer bodies of requests are refused: 1 MiB if left out. */
  readonly maxRequestBytes?: number | undefined;
  /** Longer answers are given up: 8 MiB if left out. */
  readonly maxReplyBytes?: number | undefined;
  /** The platform's own if left out. */
  readonly fetch?: Fetch | undefined;
}

/** Everything that a relay is made of. */
export interface RelayOptions extends RelayServices {
  /** Origins of the pages it works for, such as `https://glucose.example`; http only on this computer. */
  readonly pages: readonly string[];
}

/** The limits of one call. */
export interface Limits {
  readonly timeoutMs: number;
  readonly maxRequestBytes: number;
  readonly maxReplyBytes: number;
}

const LIMITS: Limits = {
  timeoutMs: 30_000,
  maxRequestBytes: 1024 * 1024,
  maxReplyBytes: 8 * 1024 * 1024,
};

/** No limit is above these. */
const HIGHEST: Limits = {
  timeoutMs: 60 * 60_000,
  maxRequestBytes: 2 ** 30,
  maxReplyBytes: 2 ** 30,
};

/** An origin that passwords may go to, or `RelayError` `badOrigin`, which shows none of it. */
function checkedOrigin(option: string, value: string | URL): URL {
  const text = String(value);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  const isPlain = url !== undefined && [url.origin, `${url.origin}/`].includes(url.href);
  if (!isSafe || !isPlain) throw new RelayError('badOrigin', { option });
  return url;
}

/** The services of the options. Throws `InputError` for an unknown region, and `RelayError`. */
export function sitesOf({ regions, shareOrigin, nightscout }: RelayServices): readonly Site[] {
  const names = regions ?? (shareOrigin === undefined ? Object.keys(REGIONS) : []);
  const shares = names.map((name) => {
    const allowed = `one of ${Object.keys(REGIONS).join(', ')}`;
    if (!Object.hasOwn(REGIONS, name)) {
      throw outOfRange('a region', name, allowed);
    }
    return new URL(`https://${REGIONS[name as RegionName].host}`);
  });
  if (shareOrigin !== undefined) shares.push(checkedOrigin('shareOrigin', shareOrigin));
  const origins = new Map(shares.map(({ origin, host }) => [origin, host]));
  const sites = [...origins].map(([origin, host]): Site => ({ kind: 'share', origin, host }));
  if (nightscout !== undefined) {
    const { origin, host } = checkedOrigin('nightscout', nightscout);
    sites.push({ kind: 'nightscout', origin, host });
  }
  if (sites.length === 0) throw new RelayError('noService', {});
  return sites;
}

/** The origins of pages, each as a browser writes it. */
export function pagesOf(pages: readonly string[]): ReadonlySet<string> {
  if (pages.length === 0) throw new RelayError('noPages', {});
  return new Set(pages.map((page) => checkedOrigin('pages', page).origin));
}

/** The limits of the options. Throws `InputError` for one that is not a whole number from 1. */
export function limitsOf(given: { readonly [What in keyof Limits]?: number | undefined }): Limits {
  const limit = (what: keyof Limits): number => {
    const value = given[what] ?? LIMITS[what];
    if (Number.isInteger(value) && value >= 1 && value <= HIGHEST[what]) return value;
    const allowed = `a whole number from 1 to ${HIGHEST[what]}`;
    throw outOfRange(what, value, allowed);
  };
  return {
    timeoutMs: limit('timeoutMs'),
    maxRequestBytes: limit('maxRequestBytes'),
    maxReplyBytes: limit('maxReplyBytes'),
  };
}
