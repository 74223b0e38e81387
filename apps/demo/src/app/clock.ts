import { signal } from '@preact/signals';

/** Unix milliseconds now, as often as ages on the page change. */
export const nowMs = signal(Date.now());

const EVERY_MS = 15_000;

/** Lets {@link nowMs} run. */
export function startClock(): void {
  setInterval(() => {
    nowMs.value = Date.now();
  }, EVERY_MS);
}
