import { logIn, subscriberOf } from './login.ts';
import { latestReadings } from './reading-back.ts';
import { Refusal } from './refusal.ts';
import type { Handlers, ServiceState } from './state.ts';
import type { StoredAccount, StoredSubscription } from './store.ts';
import { isActive, listed } from './subscription.ts';

/** Finds a subscription of the follower; refuses an unknown one. */
function subscriptionOf(
  { store, behaviour }: ServiceState,
  follower: StoredAccount,
  id: string,
): StoredSubscription {
  const subscription = store.subscription(id);
  if (subscription === undefined || subscription.subscriberId !== follower.id) {
    throw new Refusal(behaviour.unknownSubscriptionCode);
  }
  return subscription;
}

/**
 * Gives the readings that a follower may see: none while it is paused or removed; without the
 * permission for the graph only the newest. Ours: the way in which the service enforces that.
 */
function visible(
  state: ServiceState,
  subscription: StoredSubscription,
  wanted: { readonly minutes: number; readonly maxCount: number },
) {
  if (!isActive(subscription)) return [];
  const maxCount = subscription.permissions === 0 ? Math.min(1, wanted.maxCount) : wanted.maxCount;
  return latestReadings(state, subscription.accountId, { ...wanted, maxCount });
}

/** Calls of followers. */
export const SUBSCRIBER_CALLS = {
  LoginSubscriberAccount: async (state, { body }) => {
    const find = () => state.store.accountById(body.accountId);
    return logIn(state, 'subscriber', body.accountId, find, body.password, 'sessionId');
  },

  // The wearer's name for the follower is not told to the follower (share §2.2).
  ListSubscriberAccountSubscriptions: (state, { query }) => {
    const follower = subscriberOf(state, query.sessionId);
    return state.store.subscriptionsTo(follower.id).map((subscription) => {
      const publisher = state.store.accountById(subscription.accountId);
      const { invitationId } = subscription;
      return {
        ...listed(state, subscription, publisher, null),
        InvitationId: invitationId,
      };
    });
  },

  // Ours: the order of the ids, and `SubscriptionId` beside `Egv` to tell them apart.
  ReadLastGlucoseFromSubscriptions: (state, { query, body }) => {
    const follower = subscriberOf(state, query.sessionId);
    const day = { minutes: state.behaviour.maxMinutes, maxCount: 1 };
    return body.map((id) => {
      const subscription = subscriptionOf(state, follower, id);
      const [newest = null] = visible(state, subscription, day);
      return { SubscriptionId: subscription.id, Egv: newest };
    });
  },

  ReadSubscriptionLatestGlucoseValues: (state, { query }) => {
    const follower = subscriberOf(state, query.sessionId);
    return visible(state, subscriptionOf(state, follower, query.subscriptionId), query);
  },
} satisfies Partial<Handlers>;
