import type { StoredAccount } from '@egvkit/share-http';
import type { Mistake } from './mistake.ts';

/** A store without some of what it was given. */
function forgetful(forget: (account: StoredAccount) => StoredAccount): Mistake['store'] {
  return (store) => ({
    load: (key) => store.load(key),
    save: async (key, account) => await store.save(key, forget(account)),
    exclusively: (key, work, options) => store.exclusively(key, work, options),
  });
}

export const LOGIN_MISTAKES = {
  refusedLoginsForgotten: (): Mistake => ({
    what: 'a refused login is sent again',
    breaks: ['refusedAgain'],
    store: forgetful(({ refused: _, ...rest }) => rest),
  }),
  locksForgotten: (): Mistake => ({
    what: 'a lock of the account is not remembered',
    breaks: ['lockedLogin', 'loginsTooOften'],
    store: forgetful(({ lockedUntilMs: _, attemptMs: __, ...rest }) => rest),
    client: (options) => ({ ...options, unattended: false }),
  }),
  sessionsForgotten: (): Mistake => ({
    what: 'every start of the program logs in',
    breaks: ['loginsTooOften'],
    store: forgetful(() => ({})),
    client: (options) => ({ ...options, unattended: false }),
  }),
  attended: (): Mistake => ({
    what: 'a login without an answer is tried again at once, as for a person who waits',
    breaks: ['loginsTooOften'],
    client: (options) => ({ ...options, unattended: false }),
  }),
  retryAfterIgnored: (): Mistake => ({
    what: 'the time that a service asks to wait is not looked at',
    breaks: ['tooSoon'],
    fetch: (fetch) => async (url, init) => {
      const response = await fetch(url, init);
      const get = (name: string): string | null =>
        name.toLowerCase() === 'retry-after' ? null : response.headers.get(name);
      return { ...response, headers: { get } } as unknown as Response;
    },
  }),
} as const;
