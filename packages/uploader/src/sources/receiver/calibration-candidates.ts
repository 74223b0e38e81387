import { systemSeconds } from '@egvkit/protocol';
import type {
  CalibrationRecord,
  EgvRecord,
  MeterRecord,
  RecordBase,
} from '@egvkit/protocol/receiver';
import type { CalibrationCandidate } from '../../candidate.ts';
import { type LossContext, recordsBeforeTimeLoss } from './lost-time.ts';

/** Values that a receiver takes from a person (ours: no source gives the limits). */
const LOWEST_METER_MG_DL = 20;
const HIGHEST_METER_MG_DL = 600;
/** An entry as it was made; the same comes again, confirmed, as another type (spec/receiver §5.9). */
const AS_ENTERED = 1;

/** Records that were read together. */
export interface CalibrationRecords {
  readonly meters: readonly MeterRecord[];
  readonly sets: readonly CalibrationRecord[];
  /** They tell of a clock that ran back. */
  readonly egvs: readonly EgvRecord[];
}

/**
 * Makes candidates of meter values as they were entered and of calibrations that are final; those from
 * before a loss of time are marked.
 */
export function calibrationCandidatesOf(
  { meters, sets, egvs }: CalibrationRecords,
  context: LossContext,
): readonly CalibrationCandidate[] {
  const before = recordsBeforeTimeLoss<RecordBase>([...meters, ...sets, ...egvs], context);
  const keyOf = ({ recordType, index, systemSeconds: seconds }: MeterRecord | CalibrationRecord) =>
    `${recordType}:${index}@${seconds}`;
  return [
    ...meters.filter(isEntered).map((record) => ({
      ...{ kind: 'meter' as const, key: keyOf(record), mgDl: record.meterMgDl },
      systemSeconds: record.meterSystemSeconds,
      beforeTimeLoss: before.has(record),
    })),
    ...sets.filter(isFinal).map((record) => ({
      ...{ kind: 'calibration' as const, key: keyOf(record), beforeTimeLoss: before.has(record) },
      ...{
        slope: record.slope.value,
        intercept: record.intercept.value,
        scale: record.scale.value,
      },
      systemSeconds: systemSeconds(record.systemSeconds),
    })),
  ];
}

function isEntered({ meterMgDl, entryType = AS_ENTERED }: MeterRecord): boolean {
  const isValue = meterMgDl >= LOWEST_METER_MG_DL && meterMgDl <= HIGHEST_METER_MG_DL;
  return entryType === AS_ENTERED && isValue;
}

/** Computed, and not the zeros of a sensor that is not calibrated. */
function isFinal({ finality, slope, intercept, scale }: CalibrationRecord): boolean {
  const areNumbers = [slope, intercept, scale].every(({ value }) => Number.isFinite(value));
  return !finality.provisional && areNumbers && slope.value !== 0;
}
