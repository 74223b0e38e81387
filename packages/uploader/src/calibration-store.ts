import { isSameReading } from '@egvkit/protocol';
import { freshCalibrations } from './calibrations.ts';
import type { CallOptions } from './call-options.ts';
import type {
  CalibrationNotes,
  CalibrationPlace,
  CalibrationStore,
  Destination,
} from './destination.ts';
import { batches } from './plan.ts';
import type { CalibrationData, DestinationLimits } from './uploaded-data.ts';

/** Copies by other uploaders are worked out from a clock that is read to a second. */
const SAME_CALIBRATION_WITHIN_MS = 30_000;

/** A place for meter values and calibrations, and what its destination says of itself. */
export interface CalibrationStoreOptions
  extends CalibrationPlace,
    Pick<DestinationLimits, 'batchSize'>,
    Pick<Destination, 'mayHaveArrived'> {}

/**
 * Makes the part of a destination that takes meter values and calibrations. Those that are there are not
 * posted; one that was posted and not noted, as in a crash, is found there by the next run.
 */
export function calibrationStore(options: CalibrationStoreOptions): CalibrationStore {
  return {
    read: (asked) => options.read(asked),
    post: (records, call) => options.post(records, call),
    upload: (stored) => uploadMissing(options, freshCalibrations(stored), stored),
  };
}

async function uploadMissing(
  place: CalibrationStoreOptions,
  records: readonly CalibrationData[],
  { journal, signal }: CallOptions & { readonly journal: CalibrationNotes },
): Promise<readonly CalibrationData[]> {
  if (records.length === 0) return [];
  const missing = await missingOf(records, place, journal, signal);
  const posted: CalibrationData[] = [];
  for (const batch of batches(missing, place.batchSize)) {
    await journal.assertHeld();
    try {
      await place.post(batch, { signal });
    } catch (error) {
      if (!place.mayHaveArrived(error)) throw error;
      // Those that are there are not sent again; a repeat has the same time.
      const left = await missingOf(batch, place, journal, signal);
      if (left.length > 0) await place.post(left, { signal });
    }
    await journal.confirm(batch);
    posted.push(...batch);
  }
  return posted;
}

/** Looks at the place, notes what is there, and gives the rest. */
async function missingOf(
  records: readonly CalibrationData[],
  place: CalibrationPlace,
  journal: CalibrationNotes,
  signal: AbortSignal | undefined,
): Promise<readonly CalibrationData[]> {
  const sinceMs = Math.min(...records.map(({ utcMs }) => utcMs)) - SAME_CALIBRATION_WITHIN_MS;
  const there = await place.read({ signal, sinceMs });
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
