import { type Reading, SAME_READING_WITHIN_MS } from '@egvkit/protocol';
import type { CallOptions } from './call-options.ts';
import { readingOfCandidate } from './candidate.ts';
import type { Destination } from './destination.ts';
import type { Plan } from './plan.ts';
import type { UploadResult } from './run.ts';
import { SAME_SECOND_MS, ServiceReadings } from './service-readings.ts';
import type { FindInSlots } from './slots.ts';
import type { PlannedReading } from './uploaded-data.ts';

/** A reading as it should come back from the service. */
export interface ExpectedReading extends Reading {
  /** True if this run brought it: then it comes back exactly as it was sent. */
  readonly ours: boolean;
}

/** A reading that came back otherwise. */
export interface Difference {
  readonly expected: ExpectedReading;
  readonly back: Reading;
  readonly what: 'time' | 'trend';
}

export interface Verification {
  /** Came back with the same value, time and trend. */
  readonly same: number;
  /** There at another second or with another trend: another device or session brought them. */
  readonly byOthers: number;
  /** Should have come back, and did not. */
  readonly missing: readonly ExpectedReading[];
  readonly different: readonly Difference[];
  /** Older than anything the service shows, so not looked for. */
  readonly notShown: number;
}

export interface VerifyOptions {
  /** Greatest difference of times, ms; 2 s by default: receivers count whole seconds. */
  readonly toleranceMs?: number | undefined;
  /** Readings from before this instant are no longer shown by the service. */
  readonly shownFromMs: number;
  /** See `ReadBack`. */
  readonly inSlots?: FindInSlots | undefined;
}

/**
 * Readings that the service should have after an upload: all of the receiver in the window that
 * may be uploaded, whoever brought it there. Oldest first.
 *
 * @param posted readings that this run brought; all that was planned if left out
 */
export function expectedReadings(
  plan: Plan,
  posted: readonly PlannedReading[] = plan.post,
): readonly ExpectedReading[] {
  const ours = new Set(posted.map(({ key }) => key));
  const planned = [...plan.post, ...plan.found].map(
    ({ key, sourceClocks: _, details: __, ...reading }) => ({ ...reading, ours: ours.has(key) }),
  );
  const known = plan.known.map(({ utcMs, record }) => ({
    ...readingOfCandidate(record, utcMs),
    ours: ours.has(record.key),
  }));
  return [...planned, ...known].sort((a, b) => a.utcMs - b.utcMs);
}

/** Compares what should be on the service with what it gives back. Pure. */
export function verifyReadings(
  expected: readonly ExpectedReading[],
  back: readonly Reading[],
  { toleranceMs = SAME_SECOND_MS, shownFromMs, inSlots }: VerifyOptions,
): Verification {
  const there = new ServiceReadings(back);
  const foundInSlots = inSlots?.(expected, there);
  const missing: ExpectedReading[] = [];
  const different: Difference[] = [];
  let same = 0;
  let byOthers = 0;
  let notShown = 0;
  for (const reading of expected) {
    const { utcMs, trend, ours } = reading;
    if (utcMs < shownFromMs) {
      notShown++;
      continue;
    }
    const copies = there.copies(reading);
    const exact = copies.filter((one) => Math.abs(one.utcMs - utcMs) <= toleranceMs);
    const [nearest] = copies;
    if (nearest === undefined) {
      if (!ours && foundInSlots?.has(reading)) byOthers++;
      // The copy of another device may be a little older, and so no longer shown.
      else if (!ours && utcMs < shownFromMs + SAME_READING_WITHIN_MS) notShown++;
      else missing.push(reading);
    } else if (exact.some((one) => one.trend.name === trend.name)) same++;
    else if (!ours) byOthers++;
    else {
      const what = exact.length === 0 ? 'time' : 'trend';
      different.push({ expected: reading, back: nearest, what });
    }
  }
  return { same, byOthers, missing, different, notShown };
}

/** The service's window moves on while an upload runs: what was at its edge is no longer shown. */
const EDGE_MS = 60_000;

/**
 * Reads a destination back after an upload, and compares it with the receiver: value, time and
 * trend of every reading. Of a destination that cannot be read back nothing is looked for.
 *
 * @param destination the one that was uploaded to, as any of its readers sees it
 */
export async function verifyUpload(
  { plan, posted, nowMs }: Pick<UploadResult, 'plan' | 'posted' | 'nowMs'>,
  { readBack }: Pick<Destination, 'readBack'>,
  options: CallOptions = {},
): Promise<Verification> {
  const expected = expectedReadings(plan, posted);
  if (readBack === undefined) {
    return { same: 0, byOthers: 0, missing: [], different: [], notShown: expected.length };
  }
  const oldestExpectedMs = expected[0]?.utcMs ?? nowMs();
  const back = await readBack.read({ ...options, sinceMs: oldestExpectedMs - EDGE_MS });
  const windowFromMs = nowMs() - readBack.windowMs + EDGE_MS;
  // The service shows no more than so many readings, however many there are.
  const isFull = back.length >= readBack.mostReadings;
  const oldestMs = isFull ? Math.min(...back.map(({ utcMs }) => utcMs)) : 0;
  const { inSlots } = readBack;
  return verifyReadings(expected, back, {
    shownFromMs: Math.max(windowFromMs, oldestMs),
    inSlots: inSlots?.find,
  });
}
