/**
 * Trust in a derived fact. `certain`: stored bytes say it, and captures confirm
 * the rule. `likely`: the rule comes from sources or was not captured for this receiver.
 * `doubtful`: something is missing or contradicts; show it, but do not rely on it.
 */
export interface Confidence {
  readonly level: 'certain' | 'likely' | 'doubtful';
  /** Reason in one clause for a person; no full stop. */
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

/** Picks the less sure of two: a fact that depends on both is no surer. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  return LEVELS.indexOf(b.level) < LEVELS.indexOf(a.level) ? b : a;
}
