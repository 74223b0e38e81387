import { InputError, ShareError } from '@egvkit/protocol';
import { isId, REGIONS, type RegionName } from '@egvkit/protocol/share';
import type { SignInOptions } from './other-sign-ins.ts';
import type { Platform } from './platform.ts';
import type { SessionStore } from './store.ts';

/** Which service: one of Dexcom's, or one that speaks the same language. */
export type ShareService =
  | { readonly region: RegionName; readonly origin?: undefined }
  | {
      /** `https://host` or `https://host:port`; http only if the host is this computer. */
      readonly origin: string | URL;
      readonly region?: undefined;
    };

/** Whose account: the wearer's, but for `signIn: 'follower'` of a `ShareClient`. */
export type ShareAccount =
  | {
      /** User name, e-mail address or phone number (`+1…`), as the account was made. */
      readonly accountName: string;
      readonly accountId?: undefined;
    }
  | {
      /** A UUID: the first step of signing in is left out. A follower's account has no name. */
      readonly accountId: string;
      readonly accountName?: undefined;
    };

/** How the client behaves; each has a default. */
export interface ShareBehaviour {
  /** The region's own if left out. No other is ever tried. */
  readonly applicationId?: string;
  /** In memory if left out. */
  readonly store?: SessionStore;
  /** How long one request may take, answer included: 30,000 if left out. */
  readonly timeoutMs?: number;
  /** Answers longer than this are given up: 1 MiB if left out. */
  readonly maxReplyBytes?: number;
  /** How long to stay away after the service has locked the account: 10 minutes if left out. */
  readonly lockedForMs?: number;
  /**
   * How often a call that only reads is repeated when the service cannot be reached or is not
   * working: 2 if left out. What signs in or changes something is never repeated.
   */
  readonly repeats?: number;
  /** `egvkit` if left out. Some browsers do not let it be changed. */
  readonly userAgent?: string;
}

/** Everything a `ShareReader` is made of. */
export type ShareReaderOptions = ShareService &
  ShareAccount & { readonly password: string } & ShareBehaviour &
  Platform;

/** Everything a `ShareClient` is made of. */
export type ShareClientOptions = ShareReaderOptions & SignInOptions;

/** Where requests go. */
export interface Target {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly host: string;
  readonly region: RegionName | undefined;
  readonly applicationId: string;
}

/** This computer, as addresses spell it. */
const LOOPBACK = /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/;

function refuse(what: string, value: string, allowed: string): never {
  throw new InputError('outOfRange', { what, value, allowed });
}

function parseOrigin(origin: string | URL): URL {
  const href = URL.canParse(String(origin)) ? new URL(origin).href : '';
  if (!/^https?:\/\/[^/@]+\/$/.test(href)) {
    throw new ShareError('badOrigin', {});
  }
  const url = new URL(href);
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new ShareError('insecureOrigin', { host: url.host });
  }
  return url;
}

/**
 * The service that is meant. Throws `InputError` for an unknown region, `ShareError` `badOrigin`
 * or `insecureOrigin` for an address that cannot be used.
 */
export function resolveTarget({
  region,
  origin,
  applicationId,
}: ShareService & ShareBehaviour): Target {
  // What imitates Share takes the id of the United States, if it looks at it at all.
  const name = region ?? 'us';
  if (!Object.hasOwn(REGIONS, name)) {
    refuse('the region', name, `one of ${Object.keys(REGIONS).join(', ')}`);
  }
  const known = REGIONS[name];
  const url = parseOrigin(origin ?? `https://${known.host}`);
  return {
    origin: url.origin,
    host: url.host,
    region,
    applicationId: applicationId ?? known.applicationId,
  };
}

/** Refuses credentials that are certainly wrong; the error shows none of them. */
export function checkCredentials(
  given: ShareAccount & ShareBehaviour & { readonly password: string },
): void {
  const { accountName, accountId, password, applicationId } = given;
  for (const [what, text] of Object.entries({ account: accountName ?? accountId, password })) {
    if (typeof text !== 'string' || text.trim() === '') refuse(`the ${what}`, 'empty', 'filled in');
  }
  for (const [what, id] of Object.entries({ account: accountId, application: applicationId })) {
    if (id !== undefined && !isId(id)) refuse(`the ${what} id`, 'not an id', 'a UUID');
  }
}
