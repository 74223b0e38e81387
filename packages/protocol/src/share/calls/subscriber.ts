import type { About, Call } from '../endpoint.ts';
import * as followers from '../follower-wire.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';
import { glucoseRecord } from './glucose.ts';
import { loginById } from './login.ts';
import { nothing, session } from './parts.ts';

/**
 * Calls of followers. The account is an anonymous id with a password that the Follow application
 * makes when an invitation is accepted; it is unknown how.
 */

export const loginSubscriberAccount = {
  area: 'General',
  method: 'LoginSubscriberAccount',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: loginById,
  reply: replies.id,
} as const satisfies Call;

export const listSubscriberAccountSubscriptions = {
  area: 'Subscriber',
  method: 'ListSubscriberAccountSubscriptions',
  http: 'POST',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.json(followers.subscriberSubscriptions),
} as const satisfies Call;

export const readLastGlucoseFromSubscriptions = {
  area: 'Subscriber',
  method: 'ReadLastGlucoseFromSubscriptions',
  http: 'POST',
  effect: 'read',
  query: session,
  body: is.list(wire.reference),
  reply: replies.json(followers.lastGlucoses),
} as const satisfies Call;

export const readSubscriptionLatestGlucoseValues = {
  area: 'Subscriber',
  method: 'ReadSubscriptionLatestGlucoseValues',
  http: 'POST',
  effect: 'read',
  query: is.object({
    sessionId: wire.id,
    subscriptionId: wire.reference,
    minutes: wire.count,
    maxCount: wire.count,
  }),
  body: undefined,
  reply: replies.jsonList(glucoseRecord),
} as const satisfies Call;

/** Facts about these calls. */
export const about = {
  LoginSubscriberAccount: {
    secrets: ['accountId', 'password'],
    doc: "A follower's account id and password to session id.",
    evidence: 'several sources',
    source: 'spec/share §2.2',
  },
  ListSubscriberAccountSubscriptions: {
    secrets: ['sessionId'],
    doc: 'Whom a follower follows.',
    evidence: 'several sources',
    source: 'spec/share §2.2, §6.3',
  },
  ReadLastGlucoseFromSubscriptions: {
    secrets: ['sessionId'],
    doc: 'The newest reading of each subscription whose id is sent.',
    evidence: 'several sources',
    source: 'spec/share §2.2',
  },
  ReadSubscriptionLatestGlucoseValues: {
    secrets: ['sessionId'],
    doc: 'The readings of one subscription, as `ReadPublisherLatestGlucoseValues` gives them.',
    evidence: 'several sources',
    source: 'spec/share §2.2',
  },
} as const satisfies Record<string, About>;
