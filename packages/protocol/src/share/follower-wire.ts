import * as z from 'zod/mini';
import { glucoseRecord } from './calls/glucose.ts';
import { reference, zonedDate } from './wire.ts';

/** The shapes of followers on the wire. What a service adds to them is kept, not refused. */

/** One of a follower's alerts; the durations are ISO-8601 (spec/share §6.1). */
const alert = z.looseObject({
  MinValue: z.int(),
  MaxValue: z.int(),
  AlertType: z.int(),
  IsEnabled: z.boolean(),
  AlarmDelay: z.string(),
  RealarmDelay: z.string(),
  Sound: z.nullish(z.string()),
});

/** The four alerts a follower has. */
export const alertSettings = z.looseObject({
  HighAlert: alert,
  LowAlert: alert,
  FixedLowAlert: alert,
  NoDataAlert: alert,
});

/** One of a follower's alerts as it is sent and read back. */
export type WireAlert = z.output<typeof alert>;

/** All of them. */
export type WireAlertSettings = z.output<typeof alertSettings>;

/** The body of an invitation. `Permissions`: 1 may see the graph, 0 may not (§6.2). */
export const invitation = z.looseObject({
  AlertSettings: alertSettings,
  Permissions: z.int(),
  DisplayName: z.string(),
});

/** A number whose meaning may be sent as a word nowadays (§6.2). */
const numberOrWord = z.union([z.number(), z.string()]);

/**
 * One subscription. Only what says which one it is and how it stands is required: a service that
 * leaves out more still gives a list of followers.
 */
const subscription = z.looseObject({
  ContactId: z.nullish(z.string()),
  ContactName: z.nullish(z.string()),
  DateTimeCreated: z.nullish(zonedDate),
  DateTimeModified: z.nullish(zonedDate),
  DisplayName: z.nullish(z.string()),
  InviteExpires: z.nullish(zonedDate),
  IsEnabled: z.nullish(z.boolean()),
  IsMonitoringSessionActive: z.nullish(z.boolean()),
  Permissions: z.nullish(numberOrWord),
  State: numberOrWord,
  SubscriberId: z.nullish(z.string()),
  SubscriptionId: reference,
  InvitationId: z.nullish(z.string()),
});

/** One subscription as either side lists it (§6.3). */
export type WireSubscription = z.output<typeof subscription>;

export const publisherSubscriptions = z.array(subscription);
export const subscriberSubscriptions = z.array(subscription);

/** A contact. It has a name too, in a field whose name is not on record (§2.2). */
export const contact = z.looseObject({
  ContactId: reference,
  Email: z.nullish(z.string()),
});

/** The newest reading of some subscriptions; what else stands beside `Egv` is not on record. */
export const lastGlucoses = z.array(z.looseObject({ Egv: z.nullish(glucoseRecord) }));
