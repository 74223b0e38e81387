import * as is from '../schema.ts';
import * as wire from '../wire.ts';

/** The queries that several calls have. */

export const nothing = is.object({});
export const session = is.object({ sessionId: wire.id });
export const sessionAndReceiver = is.object({
  sessionId: wire.id,
  serialNumber: is.filled,
});
export const sessionAndContact = is.object({
  sessionId: wire.id,
  contactId: wire.reference,
});
export const sessionAndSubscription = is.object({
  sessionId: wire.id,
  subscriptionId: wire.reference,
});
