import type { About, Call } from '../endpoint.ts';
import type { Reply } from '../replies.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';
import { nothing } from './parts.ts';

/** Calls that log in to the wearer's account. */

/** The body of the first call of a login. */
const loginByName = is.open({
  accountName: is.filled,
  password: is.text(),
  applicationId: wire.id,
});

// share §3.1, Appendix C
/** The account id, bare or in an object: one source has seen both. */
const accountId: Reply<string> = {
  ...replies.id,
  decode(text) {
    const parsed = replies.parseJson(text);
    const { accountId } = ((parsed.ok && parsed.value) || {}) as { readonly accountId?: unknown };
    return replies.id.decode(typeof accountId === 'string' ? accountId : text);
  },
};

/** The body of the second call of a login. */
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
  reply: accountId,
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

/** Facts about these calls. */
export const about = {
  LoginPublisherAccountByName: {
    secrets: ['accountName', 'password'],
    doc: 'Account name and password to session id in one step, as until 2020. Since then often the all-zero id, which is a refusal; services that imitate Share may offer nothing else.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §3.1, §10.1',
  },
  AuthenticatePublisherAccount: {
    secrets: ['accountName', 'password'],
    doc: 'Account name and password to account id, bare or as `{"accountId": …}`: the first step of logging in.',
    evidence: 'captured',
    source: 'spec/share §2.1, §3.1, Appendix C',
  },
  LoginPublisherAccountById: {
    secrets: ['accountId', 'password'],
    doc: 'Account id and password to session id, good for about a day: the second step.',
    evidence: 'captured',
    source: 'spec/share §2.2, §3.1, §3.3',
  },
} as const satisfies Record<string, About>;
