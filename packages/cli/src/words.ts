import type { Plan } from '@egvkit/uploader';

/** `1 reading`, `2 readings`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

const REASONS = {
  specialCode: 'special codes',
  displayOnly: 'display-only',
  outOfRange: 'out of range',
  clockNeverSet: 'from before the clock was set',
  future: 'in the future',
  tooOld: 'older than the window',
  unverifiable: 'that the service no longer shows',
} as const;

/** Why records are not uploaded, and how many for each reason. */
export type LeftOut = Partial<Record<keyof typeof REASONS, number>>;

/** Counts what a plan leaves out, by reason. */
export function leftOut({ refused, unverifiable }: Plan): LeftOut {
  const counts: LeftOut = {};
  const add = (reason: keyof typeof REASONS): void => {
    counts[reason] = (counts[reason] ?? 0) + 1;
  };
  for (const { reason, timeProblem } of refused) {
    if (reason !== 'implausibleTime') add(reason);
    else if (timeProblem !== undefined) add(timeProblem);
  }
  for (const _ of unverifiable) add('unverifiable');
  return counts;
}

/** `3 special codes, 2 display-only`; empty if nothing is left out. */
export function describeLeftOut(counts: LeftOut): string {
  return Object.entries(counts)
    .map(([reason, n]) => `${n} ${REASONS[reason as keyof typeof REASONS]}`)
    .join(', ');
}

/** `98 s behind UTC`, `right`; the receiver's clock is read to a second. */
export function describeClockError(errorSeconds: number): string {
  if (Math.abs(errorSeconds) <= 1) return 'right';
  const size = Math.abs(errorSeconds);
  const text =
    size < 120 ? `${size} s` : size < 7200 ? `${Math.round(size / 60)} min` : hours(size);
  return `${text} ${errorSeconds > 0 ? 'ahead of' : 'behind'} UTC`;
}

function hours(seconds: number): string {
  return seconds < 172_800
    ? `${(seconds / 3600).toFixed(1)} h`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

/** An instant on this computer's wall clock, `14:05`. */
export function formatTime(utcMs: number): string {
  const date = new Date(utcMs);
  const pad = (n: number): string => String(n).padStart(2, '0');
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
