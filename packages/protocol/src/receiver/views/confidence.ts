/**
 * How far a derived fact can be trusted. `certain`: stored bytes say it, and captures confirm
 * the rule. `likely`: the rule comes from sources or was not captured for this receiver.
 * `doubtful`: something is missing or contradicts; show it, but do not rely on it.
 */
export interface Confidence {
  readonly level: 'certain' | 'likely' | 'doubtful';
  /** Why, in one clause for a person; no full stop. */
  readonly reason: string;
}

export function certain(reason: string): Confidence {
  return { level: 'certain', reason };
}

export function likely(reason: string): Confidence {
  return { level: 'likely', reason };
}

export function doubtful(reason: string): Confidence {
  return { level: 'doubtful', reason };
}

const LEVELS: readonly Confidence['level'][] = ['doubtful', 'likely', 'certain'];

/** What depends on both is as sure as the less sure of them. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  return LEVELS.indexOf(b.level) < LEVELS.indexOf(a.level) ? b : a;
}
