import type {
  CalibrationRecord,
  EgvRecord,
  RecordBase,
  SensorRecord,
} from '@egvkit/protocol/receiver';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';
import { bySystemTime } from './record-order.ts';

/** A reading with what it was computed from. */
export interface JoinedEgv {
  readonly egv: EgvRecord;
  /** The raw counts; null if there is no record of the same time. */
  readonly sensor: SensorRecord | null;
  /** The calibration in effect; null if none is that old. */
  readonly calibration: CalibrationRecord | null;
  readonly confidence: Confidence;
}

/** Pairs further apart belong to different readings; true ones are 0 or 1 s apart. */
const SENSOR_SECONDS = 10; // receiver §5.2, §8
/** A display-only value coincides with the calibration that caused it, to the second. */
const COINCIDE_SECONDS = 1; // receiver §5.3
/** The revisions of a G4, the only receiver whose pairs were captured. */
const G4_REVISION_MOST = 3;

/** Readings with their sensor record (nearest within 10 s) and the calibration in effect. */
export function joinEgvs(
  egvs: readonly EgvRecord[],
  sensors: readonly SensorRecord[],
  calibrations: readonly CalibrationRecord[],
): JoinedEgv[] {
  const sensorsInOrder = bySystemTime(sensors);
  const calibrationsInOrder = bySystemTime(calibrations);
  return bySystemTime(egvs).map((egv) => {
    const sensor = nearest(sensorsInOrder, egv.systemSeconds);
    const calibration = inEffect(calibrationsInOrder, egv);
    return { egv, sensor, calibration, confidence: confidenceOf(egv, sensor, calibration) };
  });
}

/** Counts the records that are not later than that. */
function countUntil(ordered: readonly RecordBase[], seconds: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordered[middle]!.systemSeconds <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nearest(ordered: readonly SensorRecord[], seconds: number): SensorRecord | null {
  const next = countUntil(ordered, seconds);
  let best: SensorRecord | null = null;
  let bestApart = SENSOR_SECONDS + 1;
  for (const candidate of [ordered[next - 1], ordered[next]]) {
    if (candidate === undefined) continue;
    const apart = Math.abs(candidate.systemSeconds - seconds);
    if (apart < bestApart) {
      best = candidate;
      bestApart = apart;
    }
  }
  return best;
}

/**
 * The newest calibration that the value can be of. A display-only value is of the final one of
 * its own second; a normal value of that second was stored before it, with its bit still set.
 */
function inEffect(ordered: readonly CalibrationRecord[], egv: EgvRecord): CalibrationRecord | null {
  const { displayOnly } = egv.glucose;
  const until = egv.systemSeconds + (displayOnly ? COINCIDE_SECONDS : 0);
  let newest: CalibrationRecord | null = null;
  for (let i = countUntil(ordered, until) - 1; i >= 0; i--) {
    const candidate = ordered[i]!;
    newest ??= candidate;
    const suits = candidate.finality.provisional === egv.trend.calibrationPending;
    if (suits) return candidate;
    // Only the one of the same reading can be too new.
    if (egv.systemSeconds - candidate.systemSeconds > COINCIDE_SECONDS) break;
  }
  return newest;
}

function confidenceOf(
  egv: EgvRecord,
  sensor: SensorRecord | null,
  calibration: CalibrationRecord | null,
): Confidence {
  if (calibration === null) return doubtful('no calibration is as old as the reading');
  const pending = egv.trend.calibrationPending;
  if (egv.glucose.status !== 'special' && calibration.finality.provisional !== pending) {
    return doubtful('the reading and the calibration disagree about whether it is final');
  }
  if (sensor === null && !egv.glucose.displayOnly) {
    return doubtful('no sensor record lies within 10 s of it');
  }
  return egv.revision <= G4_REVISION_MOST
    ? certain('found by time, as captured pairs lie')
    : likely('found by time, as pairs of another receiver lie');
}
