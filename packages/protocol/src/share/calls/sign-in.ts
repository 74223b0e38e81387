import type { About, Call } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';
import { nothing } from './parts.ts';

/** Signing in to the wearer's account. */

/** The body of the two-step login's first call. */
const loginByName = is.open({
  accountName: is.filled,
  password: is.text(),
  applicationId: wire.id,
});

/** The body of its second. */
export const loginById = is.open({
  accountId: wire.id,
  password: is.text(),
  applicationId: wire.id,
});

export const loginPublisherAccountByName = {
  area: 'General',
  method: 'LoginPublisherAccountByName',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: loginByName,
  reply: replies.id,
} as const satisfies Call;

export const authenticatePublisherAccount = {
  area: 'General',
  method: 'AuthenticatePublisherAccount',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: loginByName,
  reply: replies.id,
} as const satisfies Call;

export const loginPublisherAccountById = {
  area: 'General',
  method: 'LoginPublisherAccountById',
  http: 'POST',
  effect: 'login',
  query: nothing,
  body: loginById,
  reply: replies.id,
} as const satisfies Call;

/** What is known of these calls. */
export const about = {
  LoginPublisherAccountByName: {
    secrets: ['accountName', 'password'],
    doc: 'Account name and password to session id in one step, as until 2020. Since then often the all-zero id, which is a refusal; services that imitate Share may offer nothing else.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §3.1, §10.1',
  },
  AuthenticatePublisherAccount: {
    secrets: ['accountName', 'password'],
    doc: 'Account name and password to account id: the first step of signing in.',
    evidence: 'captured',
    source: 'spec/share §2.1, §3.1',
  },
  LoginPublisherAccountById: {
    secrets: ['accountId', 'password'],
    doc: 'Account id and password to session id, good for about a day: the second step.',
    evidence: 'captured',
    source: 'spec/share §2.2, §3.1, §3.3',
  },
} as const satisfies Record<string, About>;
