import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import type { UploadedEgv, UploadRecord } from '@egvkit/protocol/share';

/** A receiver's EGV record as the upload sees it. */
export interface Candidate extends UploadRecord {
  /** The same for the same record for ever: type, running index and system time. */
  readonly key: string;
}

/**
 * The reading of an EGV record. A backfilled record was stored when the transmitter delivered it;
 * the reading is as old as its measurement (spec/receiver §7.4).
 */
export function candidateOf(record: EgvRecord): Candidate {
  const { recordType, index, glucose, trend, transmitter } = record;
  const lateSeconds =
    transmitter !== undefined && (glucose.backfilled || recordType === BACKFILLED_EGV)
      ? record.systemSeconds - transmitter.measuredSystemSeconds
      : 0;
  return {
    key: `${recordType}:${index}@${record.systemSeconds}`,
    systemSeconds: systemSeconds(record.systemSeconds - lateSeconds),
    displaySeconds: displaySeconds(record.displaySeconds - lateSeconds),
    glucose: { value: glucose.value, displayOnly: glucose.displayOnly },
    trend: trend.arrow,
  };
}

const BACKFILLED_EGV = 18;

/** A reading on its way to the service, exactly as it is (and would again be) posted. */
export interface PlannedReading {
  /** Of its record; see {@link Candidate}. */
  readonly key: string;
  /** True UTC in whole seconds, as Unix ms. */
  readonly utcMs: number;
  readonly egv: UploadedEgv;
  /** The `TA` of its post, seconds. */
  readonly ta: number;
}

/** A reading as the service gives it back. */
export interface ServiceReading {
  readonly utcMs: number;
  /** mg/dL, with the sentinels 39 and 401. */
  readonly value: number;
  /** 0 … 9; undefined if the service's spelling is unknown. */
  readonly trend: number | undefined;
}

/**
 * How far apart two times of the same reading may be: the receiver's clock is read to a second,
 * at a different moment each time. Readings are 300 s apart. (spec/share §7.7)
 */
const SAME_READING_MS = 10_000;

/** Finds readings on the service by value and time, each of them once. */
export class ServiceReadings {
  readonly #byTime: readonly ServiceReading[];
  readonly #taken = new Set<ServiceReading>();

  constructor(readings: Iterable<ServiceReading>) {
    this.#byTime = [...readings].sort((a, b) => a.utcMs - b.utcMs);
  }

  get count(): number {
    return this.#byTime.length;
  }

  /** Of the oldest reading the service showed. */
  get oldestUtcMs(): number | undefined {
    return this.#byTime[0]?.utcMs;
  }

  /** The service's copy of this reading; the nearest in time if there are several. */
  take(utcMs: number, value: number): ServiceReading | undefined {
    let best: ServiceReading | undefined;
    for (const reading of this.#byTime) {
      if (reading.utcMs < utcMs - SAME_READING_MS) continue;
      if (reading.utcMs > utcMs + SAME_READING_MS) break;
      if (reading.value !== value || this.#taken.has(reading)) continue;
      if (best === undefined || distance(reading, utcMs) < distance(best, utcMs)) best = reading;
    }
    if (best !== undefined) this.#taken.add(best);
    return best;
  }
}

function distance(reading: ServiceReading, utcMs: number): number {
  return Math.abs(reading.utcMs - utcMs);
}
