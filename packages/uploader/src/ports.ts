import type { ClockObservation } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import type { EgvUpload } from '@egvkit/protocol/share';
import type { DamageReport } from '@egvkit/receiver';
import type { ServiceReading } from './reading.ts';

/** Where readings come from. `receiverSource` makes one of a `Receiver`. */
export interface ReadingSource {
  /** In capitals; undefined if the receiver does not tell it. */
  serialNumber(signal?: AbortSignal): Promise<string | undefined>;
  clock(signal?: AbortSignal): Promise<ClockObservation>;
  /** Everything that was stored since then, in any order, whatever it is. */
  records(options: {
    readonly since: Date;
    readonly signal?: AbortSignal | undefined;
    readonly onDamage: (damage: DamageReport) => void;
  }): AsyncIterable<EgvRecord>;
}

/** What came of a post that the service answered. */
export type PostOutcome =
  | 'posted'
  /** At least one of its readings is there already; about the others it says nothing. */
  | 'duplicate';

/** Where readings go. `shareTarget` makes one of a `ShareClient`. */
export interface UploadTarget {
  /** At most this many readings come back from `read`. */
  readonly shows: number;
  /** At most this far back does `read` see. */
  readonly showsMs: number;
  /** Stands for service and account in a journal; holds no secret. Nothing is sent for it. */
  fingerprint(): Promise<string>;
  /**
   * Makes the account take readings of this receiver. Only when `assign` is true may it put the
   * receiver in the place of the one that is assigned.
   */
  prepare(options: {
    readonly serialNumber: string;
    readonly assign: boolean;
    readonly signal?: AbortSignal | undefined;
  }): Promise<void>;
  /** What the service has of the last `windowMs`, in any order. */
  read(windowMs: number, signal?: AbortSignal): Promise<readonly ServiceReading[]>;
  post(body: EgvUpload, signal?: AbortSignal): Promise<PostOutcome>;
  /** Whether an error of `post` leaves open whether the readings are there. */
  mayHaveArrived(error: unknown): boolean;
}
