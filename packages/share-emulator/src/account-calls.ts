import { encodeDate, ZERO_ID } from '@egvkit/protocol/share';
import { logIn, publisherOf } from './login.ts';
import type { Handlers } from './state.ts';

/** Calls about the clock, logins and the account itself. */
export const ACCOUNT_CALLS = {
  SystemUtcTime: ({ now }) => ({
    // In slashes in the only sample there is, of 2015.
    DateTime: encodeDate({ utcMs: now(), offsetMinutes: undefined }, 'slashed'),
    OffsetMinutes: 0,
  }),

  LoginPublisherAccountByName: async (state, { body }) => {
    if (state.behaviour.logins === 'twoStep') return ZERO_ID;
    const find = () => state.store.accountByName(body.accountName);
    return logIn(state, 'publisher', body.accountName, find, body.password, 'sessionId');
  },

  AuthenticatePublisherAccount: async (state, { body }) => {
    const find = () => state.store.accountByName(body.accountName);
    const gives = state.behaviour.logins === 'twoStep' ? 'accountId' : 'sessionId';
    return logIn(state, 'publisher', body.accountName, find, body.password, gives);
  },

  LoginPublisherAccountById: async (state, { body }) => {
    const find = () => state.store.accountById(body.accountId);
    return logIn(state, 'publisher', body.accountId, find, body.password, 'sessionId');
  },

  UpdatePublisherAccountRuntimeInfo: (state, { body }) => {
    const account = publisherOf(state, body.sessionId);
    state.store.saveAccount({ ...account, runtimeInfo: JSON.stringify(body.runtimeInfo) });
  },

  ReadPublisherAccountEmail: (state, { query }) => publisherOf(state, query.sessionId).email,

  ReadPublisherAccountImage: (state, { query }) => {
    publisherOf(state, query.sessionId);
    return state.behaviour.image;
  },
} satisfies Partial<Handlers>;
