import type { Receiver } from '@egvkit/receiver';
import type { ReadingSource } from '../../source.ts';
import { calibrationCandidatesOf } from './calibration-candidates.ts';
import { countsAdder } from './counts.ts';
import { type ReceiverSourceOptions, sourceOf } from './readings-source.ts';

/**
 * A receiver as the source of an upload: its EGVs, and the backfilled ones where it has them. Raw
 * counts, meter values and calibrations are read only if they are wanted.
 */
export function receiverSource(
  receiver: Receiver,
  options: ReceiverSourceOptions = {},
): ReadingSource {
  return sourceOf(receiver, options, async (kept, read, { counts, calibrations }) => {
    const sensors = counts ? await kept.read(receiver, 'sensor', read) : [];
    const meters = calibrations ? await kept.read(receiver, 'meter', read) : [];
    const sets = calibrations ? await kept.read(receiver, 'calibration', read) : [];
    return {
      complete: countsAdder(sensors),
      calibrationsIn: (context, egvs) => calibrationCandidatesOf({ meters, sets, egvs }, context),
    };
  });
}
