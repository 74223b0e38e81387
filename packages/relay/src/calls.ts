import { ENDPOINTS, endpointAt } from '@egvkit/protocol/share';

/** A service that the relay passes calls on to. */
export interface Site {
  readonly kind: 'share' | 'nightscout';
  /** Without a slash at the end. */
  readonly origin: string;
  /** With the port, if it is not that of the scheme. */
  readonly host: string;
}

type Method = 'GET' | 'POST';

/** A call that may be passed on. */
export interface KnownCall {
  readonly site: Site;
  readonly methods: readonly Method[];
  /** From the root of the site. */
  readonly path: string;
  /** The path as it may be logged: without secrets. */
  readonly shownPath: string;
}

/** A path of a service. */
type PathRow = Pick<KnownCall, 'methods' | 'shownPath'>;

const READ: readonly Method[] = ['GET'];
const READ_AND_ADD: readonly Method[] = ['GET', 'POST'];

/** In version 1, the same path with `.json` gives the same. */
const NIGHTSCOUT_V1: Readonly<Record<string, readonly Method[]>> = {
  entries: READ_AND_ADD,
  'entries/sgv': READ,
  'entries/mbg': READ,
  'entries/cal': READ,
  'entries/current': READ,
  treatments: READ_AND_ADD,
  profile: READ,
  status: READ,
};

const NIGHTSCOUT_V3: Readonly<Record<string, readonly Method[]>> = {
  entries: READ_AND_ADD,
  treatments: READ_AND_ADD,
  profile: READ,
  status: READ,
  version: READ,
  lastModified: READ,
};

const NIGHTSCOUT_CALLS: ReadonlyMap<string, readonly Method[]> = new Map([
  ...Object.entries(NIGHTSCOUT_V1).flatMap(([name, methods]): [string, readonly Method[]][] => [
    [`/api/v1/${name}`, methods],
    [`/api/v1/${name}.json`, methods],
  ]),
  ...Object.entries(NIGHTSCOUT_V3).map(([name, methods]): [string, readonly Method[]] => [
    `/api/v3/${name}`,
    methods,
  ]),
]);

/** The token behind it is exchanged for one that version 3 takes. */
const NIGHTSCOUT_TOKEN_PATH = '/api/v2/authorization/request/';
const NIGHTSCOUT_TOKEN = /^[\w-]{1,128}$/;

function shareRow(path: string): PathRow | undefined {
  const name = endpointAt(path);
  return name && { methods: [ENDPOINTS[name].http], shownPath: path };
}

function nightscoutRow(path: string): PathRow | undefined {
  const methods = NIGHTSCOUT_CALLS.get(path);
  if (methods !== undefined) return { methods, shownPath: path };
  if (!path.startsWith(NIGHTSCOUT_TOKEN_PATH)) return undefined;
  const isToken = NIGHTSCOUT_TOKEN.test(path.slice(NIGHTSCOUT_TOKEN_PATH.length));
  return isToken ? { methods: READ, shownPath: `${NIGHTSCOUT_TOKEN_PATH}…` } : undefined;
}

const ROW_AT = { share: shareRow, nightscout: nightscoutRow } as const;

/** Beginnings of paths that belong to a kind of service, and to no file of a page. */
const OWN_PATHS = { share: '/ShareWebServices', nightscout: '/api' } as const;

const isBelow = (path: string, parent: string): boolean =>
  path === parent || path.startsWith(`${parent}/`);

/** The calls of some services, by their paths at the relay. */
export class Calls {
  readonly #sites: readonly Site[];

  constructor(sites: readonly Site[]) {
    this.#sites = sites;
  }

  /**
   * The call at a path: `/host/path`, or the path alone where only one service of its kind is there.
   * The path must be that of the call to the letter; undefined if there is none.
   */
  at(pathname: string): KnownCall | undefined {
    for (const site of this.#sites) {
      for (const path of this.#pathsAt(site, pathname)) {
        const row = ROW_AT[site.kind](path);
        const host = pathname.slice(0, pathname.length - path.length);
        if (row) return { ...row, site, path, shownPath: host + row.shownPath };
      }
    }
    return undefined;
  }

  /** The path if it is one of the relay's, known or not, as it may be logged; else undefined. */
  shownPath(pathname: string): string | undefined {
    const known = this.at(pathname);
    if (known !== undefined) return known.shownPath;
    const own = [...Object.values(OWN_PATHS), ...this.#sites.map(({ host }) => `/${host}`)].find(
      (parent) => isBelow(pathname, parent),
    );
    return own && `${own}/…`;
  }

  #pathsAt(site: Site, pathname: string): string[] {
    const alone = this.#sites.filter(({ kind }) => kind === site.kind).length === 1;
    const prefix = `/${site.host}`;
    return [
      ...(alone ? [pathname] : []),
      ...(isBelow(pathname, prefix) ? [pathname.slice(prefix.length)] : []),
    ];
  }
}
