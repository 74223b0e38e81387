import { relayFetch } from '@egvkit/relay/page';
import { ShareClient } from '@egvkit/share-http';
import { pageSessionStore } from './page-session-store.ts';
import type { Service } from './services.ts';

/** An account and its password, on their way to a client. */
export interface Credentials {
  readonly accountName: string;
  readonly password: string;
}

/** A client for an account of a service. Sends nothing yet. */
export async function clientFor(service: Service, account: Credentials): Promise<ShareClient> {
  const credentials = { ...account, store: pageSessionStore() };
  switch (service.kind) {
    case 'dexcom':
      return new ShareClient({
        region: service.region,
        ...credentials,
        fetch: relayFetch(location.origin),
      });
    case 'beside':
      return new ShareClient({
        origin: service.origin,
        ...credentials,
        fetch: relayFetch(location.origin),
      });
    case 'inside': {
      const { INSIDE_ORIGIN, insideFetch } = await import('./emulated-service.ts');
      return new ShareClient({ origin: INSIDE_ORIGIN, ...credentials, fetch: insideFetch() });
    }
  }
}
