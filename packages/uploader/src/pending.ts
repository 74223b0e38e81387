import type { ClockObservation } from '@egvkit/protocol';
import { systemSecondsOfKey } from './candidate.ts';
import type { ServiceReadings } from './service-readings.ts';
import type { FindThere } from './slots.ts';
import type { PlannedReading } from './uploaded-data.ts';

/** Outcome of readings that an interrupted run noted and never confirmed. */
export interface SortedPending {
  /** The service has them, or another publisher's readings of the same measurements. */
  readonly arrived: readonly PlannedReading[];
  /** It does not have them, and would show them: they go out. */
  readonly again: readonly PlannedReading[];
  /** Certainly too old for it to show. */
  readonly abandoned: readonly PlannedReading[];
  /** It cannot be told now: neither sent nor given up, but asked about in the next run. */
  readonly open: readonly PlannedReading[];
}

export interface PendingContext {
  readonly onService: ServiceReadings;
  readonly findThere: FindThere;
  readonly clock: ClockObservation;
  /** Unix ms. */
  readonly nowMs: number;
  /** Age of the oldest reading and number of readings that the service shows. */
  readonly showsMs: number;
  readonly mostReadings: number;
}

/** Beyond what is shown a reading is given up only this much later. */
const MARGIN_MS = 600_000;

/**
 * Sorts the pending readings. How old one is, is told by this computer's clock and, from the
 * record's key, by the receiver's, which knows nothing of it. Where they disagree, one of them is
 * wrong, and nothing is given up or sent twice for that.
 */
export function sortPending(
  pending: readonly PlannedReading[],
  { onService, findThere, clock, nowMs, showsMs, mostReadings }: PendingContext,
): SortedPending {
  const arrived: PlannedReading[] = [];
  const again: PlannedReading[] = [];
  const abandoned: PlannedReading[] = [];
  const open: PlannedReading[] = [];
  const thereOf = findThere(pending, onService);
  for (const reading of pending) {
    const byHostMs = nowMs - reading.utcMs;
    const byReceiverMs = ageByReceiverMs(reading.key, clock);
    const hidden = onService.hides(reading.utcMs, mostReadings);
    if (thereOf(reading) !== undefined) arrived.push(reading);
    else if (byHostMs <= showsMs && !hidden && (byReceiverMs ?? 0) <= showsMs) again.push(reading);
    else if (
      byHostMs > showsMs + MARGIN_MS &&
      byReceiverMs !== undefined &&
      byReceiverMs > showsMs + MARGIN_MS
    ) {
      abandoned.push(reading);
    } else open.push(reading);
  }
  return { arrived, again, abandoned, open };
}

function ageByReceiverMs(key: string, clock: ClockObservation): number | undefined {
  const seconds = systemSecondsOfKey(key);
  return seconds === undefined ? undefined : (clock.systemSeconds - seconds) * 1000;
}
