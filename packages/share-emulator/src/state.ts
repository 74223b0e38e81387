import type { EndpointName, EndpointReply, RequestData } from '@egvkit/protocol/share';
import type { LoginQueue } from './login-queue.ts';
import type { ServiceBehaviour } from './options.ts';
import type { PasswordHasher } from './passwords.ts';
import type { ReadingCache } from './reading-cache.ts';
import type { ShareStore } from './store.ts';

/** State that a handler works with. */
export interface ServiceState {
  readonly store: ShareStore;
  readonly behaviour: ServiceBehaviour;
  readonly passwords: PasswordHasher;
  readonly now: () => number;
  readonly cache: ReadingCache;
  readonly logins: LoginQueue;
}

/** Handlers, one for every row of ENDPOINTS: each gives the answer, or throws a `Refusal`. */
export type Handlers = {
  readonly [Name in EndpointName]: (
    state: ServiceState,
    data: RequestData<Name>,
  ) => EndpointReply<Name> | Promise<EndpointReply<Name>>;
};
