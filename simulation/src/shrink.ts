import type { RuleName } from './checks/violation.ts';
import type { Pool } from './pool.ts';
import type { HistorySpec } from './world/history.ts';

/** A history that breaks a rule, to be made shorter. */
export interface Failing {
  readonly spec: HistorySpec;
  readonly rule: RuleName;
  readonly mistake?: string | undefined;
}

/** No history is tried so often: each takes a second or more. */
const MOST_TRIES = 200;

/**
 * Finds a shorter history that breaks the same rule: as few days as it takes, and only the events
 * without which it does not happen. Events are left out in halves, quarters, and one by one.
 *
 * @param onTry called with the number of events that are left
 */
export async function shrink(
  pool: Pool,
  { spec, rule, mistake }: Failing,
  onTry: (events: number) => void = () => {},
): Promise<HistorySpec> {
  let tries = 0;
  const days = async (one: HistorySpec): Promise<number | undefined> => {
    if (++tries > MOST_TRIES) return undefined;
    onTry(one.events.length);
    const { seed, days } = one;
    const { outcome } = await pool.run({ seed, days, spec: one, mistake });
    return outcome.violation?.rule === rule ? outcome.days : undefined;
  };
  const shortened = (one: HistorySpec, lived: number): HistorySpec => {
    const until = lived + 0.01;
    return {
      ...one,
      days: until,
      events: one.events.filter(({ atMs }) => atMs < until * 86_400_000),
    };
  };
  let best = spec;
  const first = await days(best);
  if (first === undefined) return best;
  best = shortened(best, first);
  for (let size = Math.ceil(best.events.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.events.length; ) {
      const events = best.events.toSpliced(from, size);
      const lived = await days({ ...best, events });
      if (lived === undefined) from += size;
      else best = shortened({ ...best, events }, lived);
    }
  }
  return best;
}
