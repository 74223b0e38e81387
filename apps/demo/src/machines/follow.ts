import type { TrendName } from '@egvkit/protocol';
import type { Problem } from './problem.ts';

/** A reading as a follower sees it. */
export interface Followed {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** mg/dL; LOW and HIGH are told by `status`. */
  readonly mgDl: number;
  readonly status: 'inRange' | 'low' | 'high' | 'special';
  /** A name of the scale of ten; undefined if the service's word is unknown. */
  readonly trend: TrendName | undefined;
}

export type FollowState =
  | { readonly at: 'off'; readonly problem?: Problem }
  | { readonly at: 'starting' }
  | {
      readonly at: 'following';
      /** Oldest first, of the last 24 hours. */
      readonly readings: readonly Followed[];
      /** Reason why nothing new comes, if the service cannot be asked at the moment. */
      readonly trouble: Problem | undefined;
    };

export type FollowEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'came'; readonly readings: readonly Followed[]; readonly nowMs: number }
  | { readonly kind: 'troubled'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'stop' };

export const NOT_FOLLOWING: FollowState = { at: 'off' };

const DAY_MS = 86_400_000;
/** Two missed readings: what is older is not what the glucose is now. */
const STALE_MS = 11 * 60_000;

/** The next state. An event that a state does not expect changes nothing. */
export function nextFollow(state: FollowState, event: FollowEvent): FollowState {
  switch (event.kind) {
    case 'start':
      return state.at === 'off' ? { at: 'starting' } : state;
    case 'stop':
      return NOT_FOLLOWING;
    case 'failed':
      return state.at === 'off' ? state : { at: 'off', problem: event.problem };
    case 'came':
      return state.at === 'off' ? state : followed(state, event.readings, event.nowMs, undefined);
    case 'troubled':
      return state.at === 'off'
        ? state
        : { ...followed(state, [], Number.NEGATIVE_INFINITY, event.problem) };
  }
}

function followed(
  state: Exclude<FollowState, { at: 'off' }>,
  fresh: readonly Followed[],
  nowMs: number,
  trouble: Problem | undefined,
): FollowState {
  const before = state.at === 'following' ? state.readings : [];
  const times = new Set(fresh.map(({ utcMs }) => utcMs));
  const readings = [...before.filter(({ utcMs }) => !times.has(utcMs)), ...fresh]
    .filter(({ utcMs }) => utcMs > nowMs - DAY_MS)
    .sort((a, b) => a.utcMs - b.utcMs);
  return { at: 'following', readings, trouble };
}

/** True if a reading is too old to say what the glucose is now. */
export function isStale(utcMs: number, nowMs: number): boolean {
  return nowMs - utcMs > STALE_MS;
}
