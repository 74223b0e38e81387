import { endpoint } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as wire from '../wire.ts';
import { nothing, session } from './parts.ts';

/** The clock, signing in, and what the account says about itself. */

export const systemUtcTime = endpoint({
  area: 'General',
  method: 'SystemUtcTime',
  http: 'GET',
  effect: 'read',
  query: nothing,
  body: undefined,
  reply: replies.json(wire.zonedDate),
  secrets: [],
  doc: "The service's clock. No sign-in needed. Whether it is still served is unknown.",
  evidence: 'one source',
  source: 'spec/share §2.1, §5.2',
});

export const loginPublisherAccountByName = endpoint({
  area: 'General',
  method: 'LoginPublisherAccountByName',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: wire.loginByName,
  reply: replies.id,
  secrets: ['accountName', 'password'],
  doc: 'Account name and password to session id in one step, as until 2020. Since then often the all-zero id, which is a refusal; services that imitate Share may offer nothing else.',
  evidence: 'several sources',
  source: 'spec/share §2.1, §3.1, §10.1',
});

export const authenticatePublisherAccount = endpoint({
  area: 'General',
  method: 'AuthenticatePublisherAccount',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: wire.loginByName,
  reply: replies.id,
  secrets: ['accountName', 'password'],
  doc: 'Account name and password to account id: the first step of signing in.',
  evidence: 'captured',
  source: 'spec/share §2.1, §3.1',
});

export const loginPublisherAccountById = endpoint({
  area: 'General',
  method: 'LoginPublisherAccountById',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: wire.loginById,
  reply: replies.id,
  secrets: ['accountId', 'password'],
  doc: 'Account id and password to session id, good for about a day: the second step.',
  evidence: 'captured',
  source: 'spec/share §2.2, §3.1, §3.3',
});

export const updatePublisherAccountRuntimeInfo = endpoint({
  area: 'Publisher',
  method: 'UpdatePublisherAccountRuntimeInfo',
  http: 'POST',
  effect: 'write',
  query: nothing,
  body: wire.runtimeInfoUpdate,
  reply: replies.empty,
  secrets: ['sessionId'],
  doc: 'Tells the service which device and application publish. Not needed to upload.',
  evidence: 'several sources',
  source: 'spec/share §2.1',
});

export const readPublisherAccountEmail = endpoint({
  area: 'Publisher',
  method: 'ReadPublisherAccountEmail',
  http: 'POST',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.text,
  secrets: ['sessionId'],
  doc: "The account's own e-mail address. In XML unless JSON is asked for.",
  evidence: 'one source',
  source: 'spec/share §2.2',
});

export const readPublisherAccountImage = endpoint({
  area: 'Publisher',
  method: 'ReadPublisherAccountImage',
  http: 'GET',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.bytes,
  secrets: ['sessionId'],
  doc: "The account's picture, as the bytes of an image whose format is not on record.",
  evidence: 'one source',
  source: 'spec/share §2.2',
});
