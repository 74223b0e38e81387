import { uploadTrend } from '@egvkit/protocol/share';
import type { Plan } from './plan.ts';
import { type ServiceReading, ServiceReadings } from './reading.ts';

/** A reading as it should come back from the service. */
export interface ExpectedReading {
  readonly utcMs: number;
  /** mg/dL, with the sentinels 39 and 401. */
  readonly value: number;
  readonly trend: number;
}

/** A reading that came back otherwise. */
export interface Difference {
  readonly expected: ExpectedReading;
  readonly back: ServiceReading;
  readonly what: 'time' | 'trend';
}

export interface Verification {
  /** Came back with the same value, time and trend. */
  readonly same: number;
  /** Should have come back, and did not. */
  readonly missing: readonly ExpectedReading[];
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

/**
 * What the service should have after an upload: all that the receiver has in the window and that
 * may be uploaded, whoever brought it there. Oldest first.
 */
export function expectedReadings(plan: Plan): readonly ExpectedReading[] {
  const planned = [...plan.post, ...plan.found].map(({ utcMs, egv }) => ({
    utcMs,
    value: egv.Value,
    trend: egv.Trend,
  }));
  const known = plan.known.map(({ utcMs, record }) => ({
    utcMs,
    value: record.glucose.value,
    trend: uploadTrend(record.trend),
  }));
  return [...planned, ...known].sort((a, b) => a.utcMs - b.utcMs);
}

/** Compares what should be on the service with what it gives back. Pure. */
export function verifyReadings(
  expected: readonly ExpectedReading[],
  back: readonly ServiceReading[],
  { toleranceMs = 2000, shownFromMs }: VerifyOptions,
): Verification {
  const there = new ServiceReadings(back);
  const missing: ExpectedReading[] = [];
  const different: Difference[] = [];
  let same = 0;
  let notShown = 0;
  for (const reading of expected) {
    if (reading.utcMs < shownFromMs) {
      notShown++;
      continue;
    }
    const found = there.take(reading.utcMs, reading.value);
    if (found === undefined) missing.push(reading);
    else if (Math.abs(found.utcMs - reading.utcMs) > toleranceMs) {
      different.push({ expected: reading, back: found, what: 'time' });
    } else if (found.trend !== reading.trend) {
      different.push({ expected: reading, back: found, what: 'trend' });
    } else same++;
  }
  return { same, missing, different, notShown };
}
