import { decodeDate } from './date.ts';
import type { WireSubscription } from './follower-wire.ts';
import { ZERO_ID } from './wire.ts';

// share §6.2
/** States of a subscription, by the numbers on record; all others are unknown. */
export const SUBSCRIPTION_STATES = {
  2: 'invited',
  6: 'active',
  7: 'paused',
  10: 'removed',
} as const;

/** One of the states on record. */
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[keyof typeof SUBSCRIPTION_STATES];

/** Permissions of a follower: 1 is the graph, 0 the newest value and alerts only. */
export const PERMISSIONS = { alertsOnly: 0, graph: 1 } as const;

/** `graph` or `alertsOnly`. */
export type Permission = keyof typeof PERMISSIONS;

/** A state, or an invitation that nobody accepted in time. */
export type SubscriptionStatus = SubscriptionState | 'expired';

// share §6.3
/** Lifetime of an invitation: 7 days, in milliseconds. */
export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** A number or word as it came, and its meaning; `name` is undefined if that is unknown. */
export interface Meant<Name extends string> {
  readonly raw: number | string | undefined;
  readonly name: Name | undefined;
}

/** A follower, or someone who has been invited; raw record beside meaning. */
export interface Subscription {
  readonly subscriptionId: string;
  /** Id of the contact, by which it is deleted, renamed and invited. */
  readonly contactId: string | undefined;
  /** The wearer's name for the follower. */
  readonly contactName: string | undefined;
  /** The wearer's name as the follower sees it. */
  readonly displayName: string | undefined;
  /** Undefined until the invitation is accepted. */
  readonly subscriberId: string | undefined;
  /** Known to the follower's side only. */
  readonly invitationId: string | undefined;
  /** An invitation that has expired is `invited` here; {@link subscriptionStatus} tells. */
  readonly state: Meant<SubscriptionState>;
  readonly permissions: Meant<Permission>;
  /** False while the invitation is pending. */
  readonly enabled: boolean | undefined;
  /** True if the wearer is sharing. */
  readonly sharing: boolean | undefined;
  /** Unix milliseconds, like the next two. */
  readonly createdMs: number | undefined;
  readonly modifiedMs: number | undefined;
  readonly inviteExpiresMs: number | undefined;
  readonly raw: WireSubscription;
}

/** A number, also one written as text. */
function numberIn(raw: number | string | undefined): number | undefined {
  return typeof raw === 'string' && !/^\s*\d{1,9}\s*$/.test(raw) ? undefined : Number(raw);
}

function meant<Name extends string>(
  raw: number | string | undefined,
  names: readonly (readonly [number, Name])[],
): Meant<Name> {
  const number = numberIn(raw);
  return { raw, name: names.find(([known]) => known === number)?.[1] };
}

const STATES = Object.entries(SUBSCRIPTION_STATES).map(
  ([number, name]) => [Number(number), name] as const,
);
const PERMITTED = (Object.keys(PERMISSIONS) as Permission[]).map(
  (name) => [PERMISSIONS[name], name] as const,
);

const instant = (date: WireSubscription['InviteExpires']): number | undefined =>
  decodeDate(date?.DateTime)?.utcMs;

/** Decodes one item of either list of subscriptions. Unknown states are kept. */
export function decodeSubscription(raw: WireSubscription): Subscription {
  const { SubscriberId } = raw;
  return {
    subscriptionId: raw.SubscriptionId,
    contactId: raw.ContactId ?? undefined,
    contactName: raw.ContactName ?? undefined,
    displayName: raw.DisplayName ?? undefined,
    subscriberId: SubscriberId === ZERO_ID ? undefined : (SubscriberId ?? undefined),
    invitationId: raw.InvitationId ?? undefined,
    state: meant(raw.State, STATES),
    permissions: meant(raw.Permissions ?? undefined, PERMITTED),
    enabled: raw.IsEnabled ?? undefined,
    sharing: raw.IsMonitoringSessionActive ?? undefined,
    createdMs: instant(raw.DateTimeCreated),
    modifiedMs: instant(raw.DateTimeModified),
    inviteExpiresMs: instant(raw.InviteExpires),
    raw,
  };
}

/**
 * Tells the status of a subscription at an instant (Unix milliseconds). The state of an invitation
 * whose time is over is not on record, so the time decides: the one that the service says, else 7
 * days after the invitation was made.
 *
 * @returns undefined for an unknown state
 */
export function subscriptionStatus(
  { state, inviteExpiresMs, createdMs }: Subscription,
  nowMs: number,
): SubscriptionStatus | undefined {
  if (state.name !== 'invited') return state.name;
  const madeMs = createdMs ?? Number.POSITIVE_INFINITY;
  return (inviteExpiresMs ?? madeMs + INVITATION_LIFETIME_MS) <= nowMs ? 'expired' : 'invited';
}
