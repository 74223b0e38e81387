import type { Plan } from './plan.ts';
import type { Posted, Poster } from './poster.ts';
import type { SourceTime } from './source.ts';
import type { PlannedReading } from './uploaded-data.ts';

/** Sessions of odd and of even seconds take turns of this length (ours). */
const TURN_MS = 4000;
/** A session begins in the first second of its turn: look and post have the rest of it. */
const BEGIN_WITHIN_MS = 1000;

export interface FirstPost {
  readonly plan: Plan;
  /** Of an interrupted run: these go first, as they were. */
  readonly again: readonly PlannedReading[];
  readonly clock: SourceTime;
  readonly poster: Pick<Poster, 'post'>;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal | undefined;
  /** Looks at the service and plans anew. */
  readonly replan: () => Promise<Plan>;
}

/**
 * Settles which second the readings of a receiver are sent with, where the service has none of them
 * to go by: posts a single reading, the oldest, and plans anew by what is there then. So sessions
 * that begin at once and come to different seconds double that one at the most. Where the clock says
 * that they may, those of odd and those of even seconds take turns, and the later ones see what
 * the earlier have sent: none is doubled.
 */
export async function postFirst(
  first: FirstPost,
): Promise<{ readonly plan: Plan; readonly posted: Posted }> {
  const { plan, again, clock, poster, replan } = first;
  const nothing: Posted = { posted: [], found: [], open: [] };
  if (plan.isAgreed || again.length + plan.post.length === 0) return { plan, posted: nothing };
  if (clock.isBetweenSeconds === true) {
    await waitForTurn(first);
    const seen = await replan();
    if (seen.isAgreed) return { plan: seen, posted: nothing };
  }
  const [reading] = [...again, ...plan.post];
  if (reading === undefined) return { plan, posted: nothing };
  const posted = await poster.post([reading]);
  if (again.length + plan.post.length === 1) return { plan, posted };
  return { plan: withFirst(await replan(), plan, reading), posted };
}

async function waitForTurn({ clock, nowMs, sleep, signal }: FirstPost): Promise<void> {
  const second = Math.round(clock.hostUnixMs / 1000) - clock.systemSeconds;
  for (;;) {
    const turn = Math.floor(nowMs() / TURN_MS);
    const intoMs = nowMs() - turn * TURN_MS;
    const isOurs = (turn - second) % 2 === 0;
    if (isOurs && intoMs <= BEGIN_WITHIN_MS) return;
    await sleep((isOurs ? 2 : 1) * TURN_MS - intoMs, signal);
  }
}

/** The new plan, in which what this run has brought is not what was known before. */
function withFirst(next: Plan, before: Plan, reading: PlannedReading): Plan {
  if (!before.post.includes(reading)) return next;
  const known = next.known.filter(({ record }) => record.key !== reading.key);
  return { ...next, known, post: [reading, ...next.post] };
}
