import type { RegionName } from '@egvkit/protocol/share';
import {
  createShareService,
  type ShareService,
  type ShareServiceOptions,
} from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { serveWeb } from '@egvkit/web-page/server';

export const ACCOUNT = { name: 'ann', password: 'correct horse' } as const;

/** The built page with its relay and an emulated service beside it, as `egvkit web` serves it. */
export interface Site extends AsyncDisposable {
  readonly origin: string;
  readonly service: ShareService;
  /** Takes the emulated service off the network; the relay stays. */
  readonly stopService: () => Promise<void>;
}

export interface SiteOptions {
  /** Real regions that are offered besides; no test logs in there. */
  readonly regions?: readonly RegionName[];
  readonly share?: ShareServiceOptions;
}

export async function serveSite({ regions = [], share = {} }: SiteOptions = {}): Promise<Site> {
  await using started = new AsyncDisposableStack();
  const service = createShareService({ accounts: [ACCOUNT], ...share });
  const server = started.use(await serveShare(service));
  await service.ready;
  const emulated = { origin: server.origin, account: ACCOUNT };
  const { origin } = started.use(await serveWeb({ regions, emulated }));
  const resources = started.move();
  return {
    origin,
    service,
    stopService: () => server.close(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
