import { computed, signal } from '@preact/signals';
import { nowMs } from '../app/clock.ts';
import { readSoFar } from '../app/receiver-session.ts';
import { type Span, within } from '../chart/points.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The lengths that have a button. */
export const LENGTHS = { day: DAY_MS, month: 30 * DAY_MS } as const;

export type LengthName = keyof typeof LENGTHS;

/** Time that the user has chosen to see; undefined while the newest readings are followed. */
const chosen = signal<Span | undefined>(undefined);
const follows = signal<LengthName | undefined>('day');

/** The end of what there is to see: now, or the newest reading if it is later. */
const endMs = computed(() => {
  const newestMs = readSoFar.value.history.readings.at(-1)?.utcMs ?? 0;
  return nextMinute(Math.max(nowMs.value, newestMs));
});

/** The minute that begins after a time: nothing is drawn anew for every tick, and what is at it is shown. */
export function nextMinute(utcMs: number): number {
  return (Math.floor(utcMs / MINUTE_MS) + 1) * MINUTE_MS;
}

/** Everything there is to see. */
const bounds = computed<Span>(() => ({
  fromMs: endMs.value - LENGTHS.month,
  toMs: endMs.value,
}));

/** The time that is shown, in chart, table and statistics alike. */
export const span = computed<Span>(() => {
  const length = follows.value;
  if (length !== undefined) return { fromMs: endMs.value - LENGTHS[length], toMs: endMs.value };
  return within(chosen.value ?? bounds.value, bounds.value);
});

/** The button whose length is shown; undefined after zooming or moving. */
export const lengthShown = computed<LengthName | undefined>(() => {
  const length = span.value.toMs - span.value.fromMs;
  return Math.abs(length - LENGTHS.day) < MINUTE_MS
    ? 'day'
    : Math.abs(length - LENGTHS.month) < MINUTE_MS
      ? 'month'
      : undefined;
});

/** Shows the newest of a length. */
export function showLength(name: LengthName): void {
  follows.value = name;
  chosen.value = undefined;
}

/** Shows a span, kept to where there is something. */
export function showSpan(wanted: Span): void {
  follows.value = undefined;
  chosen.value = within(wanted, bounds.value);
}
