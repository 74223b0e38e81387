import { type Subscription, subscriptionStatus } from '@egvkit/protocol/share';
import type { Follower } from '../machines/followers.ts';

/** Subscriptions as the page lists them; removed ones, which may linger, are left out. */
export function followersOf(list: readonly Subscription[], nowMs: number): readonly Follower[] {
  return list
    .map((one) => ({
      subscriptionId: one.subscriptionId,
      contactId: one.contactId,
      name: one.contactName ?? '',
      status: subscriptionStatus(one, nowMs),
      seesGraph: one.permissions.name === undefined ? undefined : one.permissions.name === 'graph',
    }))
    .filter(({ status }) => status !== 'removed');
}
