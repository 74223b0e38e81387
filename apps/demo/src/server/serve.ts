import { join } from 'node:path';
import type { RegionName } from '@egvkit/protocol/share';
import { type Access, type RelayServer, serveRelay } from '@egvkit/relay/node';
import { PAGE_HEADERS } from './page-headers.ts';

/** An emulated service that is offered beside the real ones, with an account to be filled in. */
export interface EmulatedShare {
  readonly origin: string;
  readonly account: { readonly name: string; readonly password: string };
}

/** Settings of the page's server: its port, and the services that its relay passes on. */
export interface WebOptions {
  /** A free one of this computer's if left out. */
  readonly port?: number;
  /** Regions of Dexcom Share that are offered. */
  readonly regions: readonly RegionName[];
  readonly emulated?: EmulatedShare;
  /** Hears of each request: method, path without query, status and time. */
  readonly onAccess?: (access: Access) => void;
}

/** The built page, from where this file is when it is built. */
const PAGE = join(import.meta.dirname, '../web');
/** The page asks for this file to learn which services the relay passes on. */
const SERVICES_FILE = 'services.json';

/**
 * Serves the built page with a relay beside it, on loopback, and tells the page of the services.
 * Throws what `serveRelay` of `@egvkit/relay/node` throws.
 */
export async function serveWeb(options: WebOptions): Promise<RelayServer> {
  const { regions, emulated, port, onAccess } = options;
  const services = [
    ...(emulated === undefined ? [] : [{ kind: 'beside', ...emulated }]),
    ...regions.map((region) => ({ kind: 'dexcom', region })),
  ];
  return await serveRelay({
    folder: PAGE,
    files: { [SERVICES_FILE]: JSON.stringify({ services }) },
    regions,
    headers: PAGE_HEADERS,
    ...(emulated && { shareOrigin: emulated.origin }),
    ...(port !== undefined && { port }),
    ...(onAccess && { onAccess }),
  });
}
