import type { ClockObservation } from '@egvkit/protocol';
import type { PageProblem } from '@egvkit/protocol/receiver';
import type { CallOptions } from './call-options.ts';
import type { CalibrationCandidate, Candidate } from './candidate.ts';

/** A source's clock and the host's at the same moment. */
export interface SourceTime extends ClockObservation {
  /**
   * True if the source's tick is so near to the half second of the host that another session may
   * take the second before or after for the same reading. False if left out.
   */
  readonly isBetweenSeconds?: boolean | undefined;
}

/** A page of records that is not whole. */
export interface SourceDamage {
  readonly recordType: number;
  readonly page: number;
  readonly problem: PageProblem;
}

/** Window to read, and functions that are told of the progress. */
export interface SourceReadOptions extends CallOptions {
  /** This computer's time, Unix ms. */
  readonly nowMs: number;
  /** Age of the oldest record to read, ms. */
  readonly windowMs: number;
  /** True if the sensor's raw counts are wanted with the readings; false if left out. */
  readonly counts?: boolean | undefined;
  /** True if meter values and calibrations are wanted; false if left out. */
  readonly calibrations?: boolean | undefined;
  /** Called for each record. */
  readonly onRecord: () => void;
  readonly onDamage: (damage: SourceDamage) => void;
}

/**
 * Gives what was read as candidates, once the clock is known: those from before the clock lost time
 * are marked.
 */
export interface SourceReadings {
  (clock: ClockObservation): readonly Candidate[];
  /** The same of meter values and calibrations, if they were wanted and the source has any. */
  readonly calibrationsAt?:
    | ((clock: ClockObservation) => readonly CalibrationCandidate[])
    | undefined;
  /**
   * All that was read, where that is more than was wanted: of a record in the window, older ones tell on which
   * side of a loss of time it is.
   */
  readonly atHand?: readonly Candidate[] | undefined;
}

/** A place that readings come from. `receiverSource` makes one of a `Receiver`. */
export interface ReadingSource {
  /** In capitals; undefined if the source does not tell it. */
  serialNumber(options: CallOptions): Promise<string | undefined>;
  clock(options: CallOptions): Promise<SourceTime>;
  /** Reads everything that was stored in the window, in any order, whatever it is. */
  read(options: SourceReadOptions): Promise<SourceReadings>;
}
