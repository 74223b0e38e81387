import type { About, Call } from '../endpoint.ts';
import * as followers from '../follower-wire.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';
import { session, sessionAndContact, sessionAndSubscription } from './parts.ts';

/** Contacts, invitations and subscriptions, as the wearer sees them. */

const name = is.filled;

export const doesContactExistByName = {
  area: 'Publisher',
  method: 'DoesContactExistByName',
  http: 'POST',
  effect: 'read',
  query: is.object({ sessionId: wire.id, contactName: name }),
  body: undefined,
  reply: replies.boolean,
} as const satisfies Call;

export const createContact = {
  area: 'Publisher',
  method: 'CreateContact',
  http: 'POST',
  effect: 'write',
  query: is.object({ sessionId: wire.id, contactName: name, emailAddress: name }),
  body: undefined,
  reply: replies.reference,
} as const satisfies Call;

export const createSubscriptionInvitation = {
  area: 'Publisher',
  method: 'CreateSubscriptionInvitation',
  http: 'POST',
  effect: 'write',
  query: sessionAndContact,
  body: followers.invitation,
  reply: replies.reference,
} as const satisfies Call;

export const listPublisherAccountSubscriptions = {
  area: 'Publisher',
  method: 'ListPublisherAccountSubscriptions',
  http: 'POST',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.json(followers.publisherSubscriptions),
} as const satisfies Call;

export const deleteContact = {
  area: 'Publisher',
  method: 'DeleteContact',
  http: 'POST',
  effect: 'write',
  query: sessionAndContact,
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const readContact = {
  area: 'Publisher',
  method: 'ReadContact',
  http: 'POST',
  effect: 'read',
  query: sessionAndContact,
  body: undefined,
  reply: replies.json(followers.contact),
} as const satisfies Call;

export const updateContactName = {
  area: 'Publisher',
  method: 'UpdateContactName',
  http: 'POST',
  effect: 'write',
  query: is.object({
    sessionId: wire.id,
    contactId: wire.reference,
    contactName: name,
  }),
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const updateSubscriptionPermissions = {
  area: 'Publisher',
  method: 'UpdateSubscriptionPermissions',
  http: 'POST',
  effect: 'write',
  query: is.object({
    sessionId: wire.id,
    subscriptionId: wire.reference,
    permissions: wire.count,
  }),
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const pauseSubscription = {
  area: 'General',
  method: 'PauseSubscription',
  http: 'POST',
  effect: 'write',
  query: sessionAndSubscription,
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const resumeSubscription = {
  area: 'General',
  method: 'ResumeSubscription',
  http: 'POST',
  effect: 'write',
  query: sessionAndSubscription,
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const readSubscriptionAlerts = {
  area: 'General',
  method: 'ReadSubscriptionAlerts',
  http: 'POST',
  effect: 'read',
  query: sessionAndSubscription,
  body: undefined,
  reply: replies.json(followers.alertSettings),
} as const satisfies Call;

/** Facts about these calls. */
export const about = {
  DoesContactExistByName: {
    secrets: ['sessionId', 'contactName'],
    doc: 'Whether the account has a contact of that name.',
    evidence: 'one source',
    source: 'spec/share §2.1',
  },
  CreateContact: {
    secrets: ['sessionId', 'contactName', 'emailAddress'],
    doc: 'Makes a contact and gives its id. Sends no e-mail yet. Refused if the name is taken.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  },
  CreateSubscriptionInvitation: {
    secrets: ['sessionId', 'DisplayName'],
    doc: 'Invites a contact: the service sends the e-mail, and the invitation lives 7 days. Gives what is deduced to be the subscription id. A contact made moments ago may not be found yet.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §6.1',
  },
  ListPublisherAccountSubscriptions: {
    secrets: ['sessionId'],
    doc: 'All followers: invited, active, paused, and some that were removed.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §6.3',
  },
  DeleteContact: {
    secrets: ['sessionId'],
    doc: 'Removes a follower: the contact with its invitation or subscription.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §6.4',
  },
  ReadContact: {
    secrets: ['sessionId'],
    doc: 'One contact with its e-mail address.',
    evidence: 'one source',
    source: 'spec/share §2.2',
  },
  UpdateContactName: {
    secrets: ['sessionId', 'contactName'],
    doc: 'Gives a contact another name.',
    evidence: 'one source',
    source: 'spec/share §2.2',
  },
  UpdateSubscriptionPermissions: {
    secrets: ['sessionId'],
    doc: 'Whether a follower sees the graph (1) or only the newest value and alerts (0). Other permissions are unknown.',
    evidence: 'one source',
    source: 'spec/share §2.2, §6.2',
  },
  PauseSubscription: {
    secrets: ['sessionId'],
    doc: 'Shows a follower nothing until it is resumed.',
    evidence: 'one source',
    source: 'spec/share §2.2, §6.4',
  },
  ResumeSubscription: {
    secrets: ['sessionId'],
    doc: 'Ends a pause.',
    evidence: 'one source',
    source: 'spec/share §2.2, §6.4',
  },
  ReadSubscriptionAlerts: {
    secrets: ['sessionId'],
    doc: "A follower's alerts, durations in whatever ISO-8601 spelling. Only the follower changes them.",
    evidence: 'one source',
    source: 'spec/share §2.2, §6.1',
  },
} as const satisfies Record<string, About>;
