import type { EndpointName, EndpointReply, RequestData } from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import type { PasswordHasher } from './passwords.ts';
import type { ReadingCache } from './reading-cache.ts';
import type { ShareStore } from './store.ts';

/** What a handler works with. */
export interface ServiceState {
  readonly store: ShareStore;
  readonly behaviour: ServiceBehaviour;
  readonly passwords: PasswordHasher;
  readonly now: () => number;
  readonly cache: ReadingCache;
}

/** One for every row of ENDPOINTS: what the call gives, or a `Refusal` thrown. */
export type Handlers = {
  readonly [Name in EndpointName]: (
    state: ServiceState,
    data: RequestData<Name>,
  ) => EndpointReply<Name> | Promise<EndpointReply<Name>>;
};
