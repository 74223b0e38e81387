import * as is from '../schema.ts';
import * as wire from '../wire.ts';

/** The queries that several calls have; marked so that a bundle can leave out what it does not use. */

export const nothing = /* @__PURE__ */ is.object({});
export const session = /* @__PURE__ */ is.object({ sessionId: wire.id });
export const sessionAndReceiver = /* @__PURE__ */ is.object({
  sessionId: wire.id,
  serialNumber: is.filled,
});
export const sessionAndContact = /* @__PURE__ */ is.object({
  sessionId: wire.id,
  contactId: wire.reference,
});
export const sessionAndSubscription = /* @__PURE__ */ is.object({
  sessionId: wire.id,
  subscriptionId: wire.reference,
});
