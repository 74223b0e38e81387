import { glucoseRecord } from './calls/glucose.ts';
import * as is from './schema.ts';
import { reference, zonedDate } from './wire.ts';

/** Shapes of followers on the wire. Fields that a service adds to them are kept, not refused. */

// share §6.1
/** One of a follower's alerts; the durations are ISO-8601. */
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

// share §6.2
/** The body of an invitation. `Permissions`: 1 may see the graph, 0 may not. */
export const invitation = is.open({
  AlertSettings: alertSettings,
  Permissions: is.integer(),
  DisplayName: is.text(),
});

/** A number whose meaning may be sent as a word nowadays. */
const numberOrWord = is.numberOrText();

/**
 * One subscription. Only its id and its state are required: a service that leaves out more still
 * gives a list of followers.
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

// share §6.3
/** One subscription as either side lists it. */
export type WireSubscription = is.Infer<typeof subscription>;

export const publisherSubscriptions = is.list(subscription);
export const subscriberSubscriptions = is.list(subscription);

// share §2.2
/** A contact. It has a name too, in a field that is not on record. */
export const contact = is.open({
  ContactId: reference,
  Email: is.nullish(is.text()),
});

/** The newest reading of some subscriptions; other fields beside `Egv` are not on record. */
export const lastGlucoses = is.list(is.open({ Egv: is.nullish(glucoseRecord) }));
