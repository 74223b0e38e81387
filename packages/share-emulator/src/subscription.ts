import {
  decodeDuration,
  encodeDate,
  encodeDuration,
  type WireAlertSettings,
  type WireSubscription,
  ZERO_ID,
} from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import type { ServiceState } from './state.ts';
import type { StoredAccount, StoredSubscription } from './store.ts';

// The states on record (share §6.2).
const INVITED = 2;
const ACTIVE = 6;
const PAUSED = 7;
const REMOVED = 10;

function stateOf({ removed, subscriberId, paused }: StoredSubscription): number {
  if (removed) return REMOVED;
  if (subscriberId === undefined) return INVITED;
  return paused ? PAUSED : ACTIVE;
}

/** True if the follower is shown readings. */
export function isActive(subscription: StoredSubscription): boolean {
  return stateOf(subscription) === ACTIVE;
}

// share §6.3
/** Makes the list item of a subscription, for both sides. */
export function listed(
  { behaviour }: ServiceState,
  subscription: StoredSubscription,
  publisher: StoredAccount | undefined,
  contactName: string | null,
): WireSubscription {
  const date = (utcMs: number) => ({
    DateTime: encodeDate({ utcMs, offsetMinutes: undefined }, behaviour.dates),
    OffsetMinutes: 0,
  });
  return {
    ContactId: subscription.contactId,
    ContactName: contactName,
    DateTimeCreated: date(subscription.createdMs),
    DateTimeModified: date(subscription.modifiedMs),
    DisplayName: subscription.displayName,
    InviteExpires: date(subscription.inviteExpiresMs),
    // False while invited (share §6.3); that it is false while paused too is ours.
    IsEnabled: isActive(subscription),
    IsMonitoringSessionActive: publisher?.sharing ?? false,
    Permissions: subscription.permissions,
    State: stateOf(subscription),
    SubscriberId: subscription.subscriberId ?? ZERO_ID,
    SubscriptionId: subscription.id,
  };
}

function normalised(duration: string): string {
  const seconds = decodeDuration(duration);
  if (seconds === undefined || !Number.isInteger(seconds)) return duration;
  return seconds === 0 ? 'PT0S' : encodeDuration(seconds);
}

// The service may spell durations anew (share §6.1).
/** Gives the alerts of an invitation as they are read back. */
export function alertsReadBack(
  subscription: StoredSubscription,
  { durations }: ServiceBehaviour,
): WireAlertSettings {
  const given = JSON.parse(subscription.alerts) as WireAlertSettings;
  const spelt = <Alert extends WireAlertSettings['HighAlert']>(alert: Alert): Alert =>
    durations === 'asGiven'
      ? alert
      : {
          ...alert,
          AlarmDelay: normalised(alert.AlarmDelay),
          RealarmDelay: normalised(alert.RealarmDelay),
        };
  return {
    HighAlert: spelt(given.HighAlert),
    LowAlert: spelt(given.LowAlert),
    FixedLowAlert: spelt(given.FixedLowAlert),
    NoDataAlert: spelt(given.NoDataAlert),
  };
}
