import type { Problem } from './problem.ts';

/** The page and a Share account. The password is in no state: the client has it. */
export type AccountState =
  | { readonly at: 'signedOut'; readonly problem?: Problem }
  | { readonly at: 'signingIn'; readonly service: string; readonly accountName: string }
  | { readonly at: 'loggedIn'; readonly service: string; readonly accountName: string };

export type AccountEvent =
  | { readonly kind: 'logIn'; readonly service: string; readonly accountName: string }
  | { readonly kind: 'loggedIn' }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'logOut' };

export const SIGNED_OUT: AccountState = { at: 'signedOut' };

/** The next state. An event that a state does not expect changes nothing. */
export function nextAccount(state: AccountState, event: AccountEvent): AccountState {
  switch (event.kind) {
    case 'logIn':
      if (state.at !== 'signedOut') return state;
      return { at: 'signingIn', service: event.service, accountName: event.accountName };
    case 'loggedIn':
      return state.at === 'signingIn' ? { ...state, at: 'loggedIn' } : state;
    case 'refused':
      return state.at === 'signedOut' ? state : { at: 'signedOut', problem: event.problem };
    case 'logOut':
      return state.at === 'signedOut' ? state : SIGNED_OUT;
  }
}
