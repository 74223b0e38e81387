import { glucoseRecord } from './calls/glucose.ts';
import * as is from './schema.ts';
import { reference, zonedDate } from './wire.ts';

/** The shapes of followers on the wire. What a service adds to them is kept, not refused. */

/** One of a follower's alerts; the durations are ISO-8601 (spec/share §6.1). */
const alert = is.open({
  MinValue: is.integer(),
  MaxValue: is.integer(),
  AlertType: is.integer(),
  IsEnabled: is.flag(),
  AlarmDelay: is.text(),
  RealarmDelay: is.text(),
  Sound: is.nullish(is.text()),
});

/** The four alerts a follower has. */
export const alertSettings = is.open({
  HighAlert: alert,
  LowAlert: alert,
  FixedLowAlert: alert,
  NoDataAlert: alert,
});

/** One of a follower's alerts as it is sent and read back. */
export type WireAlert = is.Infer<typeof alert>;

/** All of them. */
export type WireAlertSettings = is.Infer<typeof alertSettings>;

/** The body of an invitation. `Permissions`: 1 may see the graph, 0 may not (§6.2). */
export const invitation = is.open({
  AlertSettings: alertSettings,
  Permissions: is.integer(),
  DisplayName: is.text(),
});

/** A number whose meaning may be sent as a word nowadays (§6.2). */
const numberOrWord = is.numberOrText();

/**
 * One subscription. Only what says which one it is and how it stands is required: a service that
 * leaves out more still gives a list of followers.
 */
const subscription = is.open({
  ContactId: is.nullish(is.text()),
  ContactName: is.nullish(is.text()),
  DateTimeCreated: is.nullish(zonedDate),
  DateTimeModified: is.nullish(zonedDate),
  DisplayName: is.nullish(is.text()),
  InviteExpires: is.nullish(zonedDate),
  IsEnabled: is.nullish(is.flag()),
  IsMonitoringSessionActive: is.nullish(is.flag()),
  Permissions: is.nullish(numberOrWord),
  State: numberOrWord,
  SubscriberId: is.nullish(is.text()),
  SubscriptionId: reference,
  InvitationId: is.nullish(is.text()),
});

/** One subscription as either side lists it (§6.3). */
export type WireSubscription = is.Infer<typeof subscription>;

export const publisherSubscriptions = is.list(subscription);
export const subscriberSubscriptions = is.list(subscription);

/** A contact. It has a name too, in a field whose name is not on record (§2.2). */
export const contact = is.open({
  ContactId: reference,
  Email: is.nullish(is.text()),
});

/** The newest reading of some subscriptions; what else stands beside `Egv` is not on record. */
export const lastGlucoses = is.list(is.open({ Egv: is.nullish(glucoseRecord) }));
