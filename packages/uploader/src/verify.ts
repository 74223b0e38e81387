import type { PlannedReading, ServiceReading } from './reading.ts';
import { ServiceReadings } from './reading.ts';

/** A reading that came back otherwise than it was sent. */
export interface Difference {
  readonly sent: PlannedReading;
  readonly back: ServiceReading;
  readonly what: 'time' | 'trend';
}

export interface Verification {
  /** Came back with value, time and trend as sent. */
  readonly same: number;
  /** Should have come back, and did not. */
  readonly missing: readonly PlannedReading[];
  readonly different: readonly Difference[];
  /** Older than anything the service shows, so not looked for. */
  readonly notShown: number;
}

export interface VerifyOptions {
  /** How far the times may differ; 2 s by default: receivers count whole seconds. */
  readonly toleranceMs?: number;
  /** Readings from before this instant are no longer shown by the service. */
  readonly shownFromMs: number;
}

/** Compares what was sent with what the service gives back. Pure. */
export function verifyReadings(
  sent: readonly PlannedReading[],
  back: readonly ServiceReading[],
  { toleranceMs = 2000, shownFromMs }: VerifyOptions,
): Verification {
  const there = new ServiceReadings(back);
  const missing: PlannedReading[] = [];
  const different: Difference[] = [];
  let same = 0;
  let notShown = 0;
  for (const reading of sent) {
    if (reading.utcMs < shownFromMs) {
      notShown++;
      continue;
    }
    const found = there.take(reading.utcMs, reading.egv.Value);
    if (found === undefined) missing.push(reading);
    else if (Math.abs(found.utcMs - reading.utcMs) > toleranceMs) {
      different.push({ sent: reading, back: found, what: 'time' });
    } else if (found.trend !== reading.egv.Trend) {
      different.push({ sent: reading, back: found, what: 'trend' });
    } else same++;
  }
  return { same, missing, different, notShown };
}
