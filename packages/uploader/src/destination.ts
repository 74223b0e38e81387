import type { Reading } from '@egvkit/protocol';
import type { StoredCalibrations } from './calibrations.ts';
import type { CallOptions } from './call-options.ts';
import type { SlotSearch } from './slots.ts';
import type { CalibrationData, DestinationLimits, PlannedReading } from './uploaded-data.ts';

/** Options of reading back. */
export interface ReadBackOptions extends CallOptions {
  /**
   * Nothing older is asked for: a destination that keeps more than a day need not give it. Unix ms of
   * the service's clock; as far back as it goes if left out.
   */
  readonly sinceMs?: number | undefined;
}

/** Reading back from a destination. */
export interface ReadBack {
  /** At most this far back does `read` see, ms. */
  readonly windowMs: number;
  /** At most this many readings come back, the newest. */
  readonly mostReadings: number;
  /**
   * Finds another publisher's readings of the same measurements, whatever their values; `inSlots` makes it.
   * Only the same value within half a minute is the same, if left out.
   */
  readonly inSlots?: SlotSearch | undefined;
  /** Reads all that it shows, copies by other devices included, in any order. */
  read(options: ReadBackOptions): Promise<readonly Reading[]>;
}

/** A place for meter values and calibrations. */
export interface CalibrationPlace {
  /** Reads all that is there since then, in any order. */
  read(options: ReadBackOptions): Promise<readonly Omit<CalibrationData, 'key'>[]>;
  /** Posts records, oldest first. One that is there already at the same millisecond stays one. */
  post(records: readonly CalibrationData[], options: CallOptions): Promise<void>;
}

/** The part of a journal that meter values and calibrations are noted in. */
export interface CalibrationNotes {
  confirm(records: readonly Pick<CalibrationData, 'key' | 'utcMs'>[]): Promise<void>;
  assertHeld(): Promise<void>;
}

/** Part of a destination that takes meter values and calibrations; `calibrationStore` makes it. */
export interface CalibrationStore extends CalibrationPlace {
  /**
   * Brings those there that the journal does not know, whose time can be, and that are not there yet,
   * oldest first, and notes which are there.
   *
   * @returns those that it has posted
   */
  upload(
    stored: StoredCalibrations & CallOptions & { readonly journal: CalibrationNotes },
  ): Promise<readonly CalibrationData[]>;
}

/** A service's clock beside this computer's. */
export interface ServiceClock {
  /** Service minus computer, ms. */
  readonly offsetMs: number;
  /** `offsetMs` is right to within this many ms. */
  readonly uncertaintyMs: number;
}

/** Outcome of a post that the service answered. */
export type PostOutcome =
  | 'posted'
  /** At least one of its readings is there already; about the others it says nothing. */
  | 'duplicate';

/**
 * A place that readings go to. `shareDestination` makes one of a `SharePublisher`; every other one is a
 * folder of its own that `describeDestination` of `packages/contracts` tests.
 */
export interface Destination {
  readonly limits: DestinationLimits;
  /**
   * Reads back the readings that are there; undefined if the destination cannot be read. Such a
   * destination recognises a repeated reading by its `key`: posting it twice is posting it once, and the
   * outcome is `posted`.
   */
  readonly readBack: ReadBack | undefined;
  /**
   * True if a reading that is posted again at the same time stays one, and the outcome may be `posted`
   * all the same. So it is for every destination that cannot be read back; false if left out.
   */
  readonly repeatsAreOnce?: boolean | undefined;
  /** True if it takes the sensor's raw counts with the readings; false if left out. */
  readonly takesCounts?: boolean | undefined;
  /** Takes meter values and calibrations; it takes none if left out. */
  readonly calibrations?: CalibrationStore | undefined;
  /** Compares the service's clock with this computer's; undefined if the service tells no time. */
  clockOffset(options: CallOptions): Promise<ServiceClock | undefined>;
  /** Stands for service and account in a journal; holds no secret. Nothing is sent for it. */
  fingerprint(): Promise<string>;
  /**
   * Makes the account take readings of this receiver. Only when `assign` is true may it put the
   * receiver in the place of the one that is assigned.
   */
  prepare(
    options: CallOptions & { readonly serialNumber: string; readonly assign: boolean },
  ): Promise<void>;
  /** Posts readings, oldest first; as many as `limits` say, and none that they refuse. */
  post(
    readings: readonly PlannedReading[],
    options: CallOptions & { readonly serialNumber: string },
  ): Promise<PostOutcome>;
  /** True if after this error of `post` the readings may be there all the same. */
  mayHaveArrived(error: unknown): boolean;
}
