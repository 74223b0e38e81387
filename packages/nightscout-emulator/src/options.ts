const MINUTE_MS = 60_000;

/** Somebody whom the site's owner has given an access token. */
export interface SubjectSeed {
  readonly name: string;
  /** Names of {@link ROLES}; none if left out. */
  readonly roles?: readonly string[] | undefined;
  /** Permissions of a role that the owner has made for it; none if left out. */
  readonly permissions?: readonly string[] | undefined;
}

// nightscout §3.3
/** The roles that each site has. */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  admin: ['*'],
  denied: [],
  'status-only': ['api:status:read'],
  readable: ['*:*:read'],
  careportal: ['api:treatments:create'],
  'devicestatus-upload': ['api:devicestatus:create'],
  activity: ['api:activity:create'],
};

/**
 * Behaviour of the site. "Ours" marks a choice of this emulator, because the behaviour of real sites is
 * unknown or depends on where they run; everything else is as the sources of Nightscout say.
 */
export interface SiteBehaviour {
  // nightscout §1
  /** Version of the software that it tells. */
  readonly version: string;
  // nightscout §5.1, §5.4
  /**
   * Version 3 of the API: `current`; `bare`, whose answers are not in a `result`, as of 2020; `dated`,
   * which wants the time with each request, as before; `none`, as before 2020.
   */
  readonly api3: 'current' | 'bare' | 'dated' | 'none';
  // nightscout §3.3
  /** Roles of a request without secret and token. */
  readonly defaultRoles: readonly string[];
  // nightscout §3.2
  /** Life of a JSON web token: 8 hours, once 1. */
  readonly tokenLifetimeMs: number;
  // nightscout §3.4
  /** Time by which each refused secret or token delays all later requests of the same address. */
  readonly refusalDelayMs: number;
  // nightscout §4.2
  /** Entries of an answer of version 1 to a request without `count`. */
  readonly defaultCount: number;
  // nightscout §4.2
  /** Age of the oldest entry of such an answer to a request without a time. */
  readonly defaultWindowMs: number;
  // nightscout §5.4
  /** Most entries of an answer of version 3. */
  readonly maxLimit: number;
  // nightscout §5.3
  /** Lets version 3 know an entry without identifier again by time and type. */
  readonly dedupFallback: boolean;
  // nightscout §4.3
  /** Longest request. */
  readonly maxBodyBytes: number;
  // nightscout §6
  /** Origin that pages may have, or `*`; undefined without ENABLE=cors, the default. */
  readonly allowOrigin: string | undefined;
  // nightscout §6
  /**
   * False to redirect http to https. Ours: that the emulator, which is reached by http, does not; a
   * request that a proxy marks as https (`x-forwarded-proto`) is never redirected.
   */
  readonly insecureUseHttp: boolean;
  /** The site's clock minus the true time. */
  readonly clockOffsetMs: number;
}

/** Behaviour without options. */
export const DEFAULT_BEHAVIOUR: SiteBehaviour = {
  version: '15.0.7',
  api3: 'current',
  defaultRoles: ['readable'],
  tokenLifetimeMs: 8 * 60 * MINUTE_MS,
  refusalDelayMs: 5000,
  defaultCount: 10,
  defaultWindowMs: 4 * 24 * 60 * MINUTE_MS,
  maxLimit: 1000,
  dedupFallback: true,
  maxBodyBytes: 50 * 1024 * 1024,
  allowOrigin: undefined,
  insecureUseHttp: true,
  clockOffsetMs: 0,
};

/** Options of `createNightscoutSite`; everything may be left out. */
export interface NightscoutSiteOptions {
  /** Known as API_SECRET: 12 characters or more. Without one nothing can be written. */
  readonly apiSecret?: string | undefined;
  readonly subjects?: readonly SubjectSeed[] | undefined;
  readonly options?: Partial<SiteBehaviour> | undefined;
  /** True time, Unix ms; the platform's clock if left out. */
  readonly nowMs?: (() => number) | undefined;
  /** Waits; the platform's timer if left out. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}
