import type { Problem } from './problem.ts';

/** Someone who follows the account, or is invited to. */
export interface Follower {
  readonly subscriptionId: string;
  /** Undefined where the service does not tell: then the follower cannot be removed. */
  readonly contactId: string | undefined;
  readonly name: string;
  /** Undefined for a state nobody has recorded. */
  readonly status: 'invited' | 'active' | 'paused' | 'removed' | 'expired' | undefined;
  readonly seesGraph: boolean | undefined;
}

/** Work on the followers that is under way; undefined if there is none. */
export type FollowersWork = 'loading' | 'inviting' | 'changing' | undefined;

export interface FollowersState {
  /** Undefined until the service has told them. */
  readonly list: readonly Follower[] | undefined;
  readonly work: FollowersWork;
  readonly problem: Problem | undefined;
  /** Name of the follower who was invited last; undefined if nobody was. */
  readonly invited: string | undefined;
}

export type FollowersEvent =
  | { readonly kind: 'begin'; readonly work: NonNullable<FollowersWork> }
  | { readonly kind: 'listed'; readonly list: readonly Follower[] }
  | { readonly kind: 'invited'; readonly name: string }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'signedOut' };

export const NO_FOLLOWERS: FollowersState = {
  list: undefined,
  work: undefined,
  problem: undefined,
  invited: undefined,
};

/** The next state. One thing is done at a time. */
export function nextFollowers(state: FollowersState, event: FollowersEvent): FollowersState {
  switch (event.kind) {
    case 'begin':
      if (state.work !== undefined) return state;
      return { ...state, work: event.work, problem: undefined, invited: undefined };
    case 'listed':
      if (state.work === undefined) return state;
      return { ...state, list: event.list, work: undefined };
    case 'invited':
      return state.work === 'inviting' ? { ...state, invited: event.name } : state;
    case 'failed':
      return { ...state, work: undefined, problem: event.problem };
    case 'signedOut':
      return NO_FOLLOWERS;
  }
}
