import * as z from 'zod/mini';
import * as wire from '../wire.ts';

/** The queries that several calls have. */

export const nothing = z.object({});
export const session = z.object({ sessionId: wire.id });
export const sessionAndReceiver = z.object({
  sessionId: wire.id,
  serialNumber: z.string().check(z.minLength(1)),
});
export const sessionAndContact = z.object({
  sessionId: wire.id,
  contactId: wire.reference,
});
export const sessionAndSubscription = z.object({
  sessionId: wire.id,
  subscriptionId: wire.reference,
});
