import { ACCOUNT_CALLS } from './account-calls.ts';
import { FOLLOWER_CALLS } from './follower-calls.ts';
import { SHARING_CALLS } from './sharing-calls.ts';
import type { Handlers } from './state.ts';
import { SUBSCRIBER_CALLS } from './subscriber-calls.ts';

/** Handlers of all calls. */
export const HANDLERS: Handlers = {
  ...ACCOUNT_CALLS,
  ...SHARING_CALLS,
  ...FOLLOWER_CALLS,
  ...SUBSCRIBER_CALLS,
};
