import type { Plan } from '@egvkit/uploader';

/** `1 reading`, `2 readings`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

const REASONS = {
  specialCode: 'special codes',
  displayOnly: 'display-only',
  outOfRange: 'out of range',
  timeLost: "from before the receiver's clock lost time",
  clockNeverSet: 'from before the clock was set',
  future: 'in the future',
  tooOld: 'older than the window',
  unverifiable: 'that the service no longer shows',
  repeated: 'stored a second time',
} as const;

/** Number of records that are not uploaded, by reason. */
export type LeftOut = Partial<Record<keyof typeof REASONS, number>>;

/** Counts what a plan leaves out, by reason. */
export function leftOut({ refused, unverifiable, repeated }: Plan): LeftOut {
  const counts: LeftOut = {};
  const add = (reason: keyof typeof REASONS): void => {
    counts[reason] = (counts[reason] ?? 0) + 1;
  };
  for (const { reason, timeProblem } of refused) {
    if (reason !== 'implausibleTime') add(reason);
    else if (timeProblem !== undefined) add(timeProblem);
  }
  for (const _ of unverifiable) add('unverifiable');
  for (const _ of repeated) add('repeated');
  return counts;
}

/** `3 special codes, 2 display-only`; empty if nothing is left out. */
export function describeLeftOut(counts: LeftOut): string {
  return Object.entries(counts)
    .map(([reason, n]) => `${n} ${REASONS[reason as keyof typeof REASONS]}`)
    .join(', ');
}

/** The reason that leaves out most records: `64 from before the receiver's clock lost time`. */
export function mostLeftOut(counts: LeftOut): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return describeLeftOut(Object.fromEntries(entries.slice(0, 1)));
}

/** Clock of this computer, with which a receiver's is compared where no service tells the time. */
export const HOST_CLOCK = "this computer's";

/**
 * `98 s behind UTC`, `right`; the receiver's clock is read to a second.
 *
 * @param beside clock that it is compared with
 */
export function describeClockError(
  errorSeconds: number,
  beside: 'UTC' | typeof HOST_CLOCK = 'UTC',
): string {
  if (Math.abs(errorSeconds) <= 1) return beside === 'UTC' ? 'right' : `the same as ${beside}`;
  const size = Math.abs(errorSeconds);
  const text =
    size < 120 ? `${size} s` : size < 7200 ? `${Math.round(size / 60)} min` : hours(size);
  return `${text} ${errorSeconds > 0 ? 'ahead of' : 'behind'} ${beside}`;
}

function hours(seconds: number): string {
  return seconds < 172_800
    ? `${(seconds / 3600).toFixed(1)} h`
    : `${(seconds / 86_400).toFixed(1)} days`;
}
