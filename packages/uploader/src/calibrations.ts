import { type ClockObservation, isSameReading } from '@egvkit/protocol';
import { candidateUtcMs } from './candidate.ts';
import type { CalibrationData, CalibrationStore, Destination } from './destination.ts';
import { timeProblemOf } from './eligibility.ts';
import type { Journal } from './journal.ts';
import { batches, type Plan } from './plan.ts';
import type { Received } from './received.ts';

export interface CalibrationsOptions {
  readonly destination: Destination;
  readonly journal: Journal;
  readonly received: Received;
  readonly clock: ClockObservation;
  /** Of the readings: these go by the same second, and by the same losses of time. */
  readonly plan: Pick<Plan, 'offsetMs' | 'refused'>;
  readonly nowMs: () => number;
  readonly signal: AbortSignal | undefined;
}

/** Copies by other uploaders are worked out from a clock that is read to a second. */
const SAME_CALIBRATION_WITHIN_MS = 30_000;

/**
 * Brings meter values and calibrations to a destination that takes them, after the readings: those that
 * the journal does not know, are not there, and have a time that can be. One that is posted and not
 * noted, as in a crash, is found there by the next run.
 */
export async function uploadCalibrations(
  options: CalibrationsOptions,
): Promise<readonly CalibrationData[]> {
  const { destination, journal, signal } = options;
  const { calibrations: store, limits } = destination;
  const fresh = freshOf(options);
  const [oldest] = fresh;
  if (store === undefined || oldest === undefined) return [];
  const missing = await missingOf(fresh, store, journal, signal);
  const posted: CalibrationData[] = [];
  for (const batch of batches(missing, limits.batchSize)) {
    await journal.assertHeld();
    try {
      await store.post(batch, { signal });
    } catch (error) {
      if (!destination.mayHaveArrived(error)) throw error;
      // Those that are there are not sent again; a repeat has the same time.
      const left = await missingOf(batch, store, journal, signal);
      if (left.length > 0) await store.post(left, { signal });
    }
    await journal.confirm(batch);
    posted.push(...batch);
  }
  return posted;
}

/** Records that the journal does not know and whose time can be, oldest first. */
function freshOf(options: CalibrationsOptions): readonly CalibrationData[] {
  const { destination, journal, received, clock, plan, nowMs } = options;
  if (destination.calibrations === undefined) return [];
  const context = { clock, nowMs: nowMs(), windowMs: received.windowMs };
  const lost = plan.refused.filter(({ timeProblem }) => timeProblem === 'timeLost');
  const lostUntil = Math.max(...lost.map(({ record }) => record.systemSeconds));
  const candidates = received.candidatesAt.calibrationsAt?.(clock) ?? [];
  return candidates
    .filter(({ key, systemSeconds }) => !journal.has(key) && systemSeconds > lostUntil)
    .map((candidate) => ({
      candidate,
      utcMs: candidateUtcMs(candidate, clock, destination.limits.timeStepMs) + plan.offsetMs,
    }))
    .filter(({ candidate, utcMs }) => timeProblemOf(candidate, utcMs, context) === undefined)
    .map(({ candidate: { systemSeconds: _, beforeTimeLoss: __, ...data }, utcMs }) => ({
      ...data,
      utcMs,
    }))
    .sort((a, b) => a.utcMs - b.utcMs);
}

/** Looks at the store, notes what is there, and gives the rest. */
async function missingOf(
  records: readonly CalibrationData[],
  store: CalibrationStore,
  journal: Journal,
  signal: AbortSignal | undefined,
): Promise<readonly CalibrationData[]> {
  const sinceMs = Math.min(...records.map(({ utcMs }) => utcMs)) - SAME_CALIBRATION_WITHIN_MS;
  const there = await store.read({ signal, sinceMs });
  const isThere = (record: CalibrationData): boolean => there.some((one) => isSame(record, one));
  await journal.confirm(records.filter(isThere));
  return records.filter((record) => !isThere(record));
}

function isSame(a: CalibrationData, b: Omit<CalibrationData, 'key'>): boolean {
  const other = b as CalibrationData;
  if (a.kind === 'meter') return other.kind === 'meter' && isSameReading(a, other);
  const isNear = Math.abs(a.utcMs - other.utcMs) <= SAME_CALIBRATION_WITHIN_MS;
  return other.kind === 'calibration' && isNear && isClose(a.slope, other.slope);
}

/** Equal but for what another program's decimal places lose. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.abs(a) * 1e-3;
}
